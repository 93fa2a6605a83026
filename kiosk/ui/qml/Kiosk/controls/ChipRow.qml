pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** Suggestions side by side: widths follow the words, the room that is left is shared out; they wrap where there is none. */
Flow {
    id: row

    property var queries: []
    signal chosen(string query)

    readonly property real _spare: {
        let sum = -spacing;
        for (let at = 0; at < chips.count; ++at)
            sum += (chips.itemAt(at)?.implicitWidth ?? 0) + spacing;
        return chips.count > 0 && sum <= width ? (width - sum) / chips.count : 0;
    }

    spacing: Theme.gap

    Repeater {
        id: chips
        model: row.queries

        SuggestChip {
            required property string modelData
            label: modelData
            width: Math.floor(Math.min(row.width, implicitWidth + row._spare))
            onClicked: row.chosen(modelData)
        }
    }
}
