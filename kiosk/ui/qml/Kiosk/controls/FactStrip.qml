pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** Facts side by side in equal cells, as high as the highest; in large print below each other. */
Rectangle {
    id: strip

    /** A FactsList: label, value, note, icon. */
    property alias model: cells.model
    readonly property bool _stacked: width / Math.max(1, cells.count) < Theme.sp(280)
    readonly property real _cell: _stacked ? width : width / Math.max(1, cells.count)

    implicitWidth: Theme.sp(900)
    implicitHeight: _stacked ? flow.height : Math.max(flow.height, Theme.factHeight)
    radius: Theme.radius
    color: Theme.paper
    border.width: Theme.hairline
    border.color: Theme.line

    Grid {
        id: flow
        columns: strip._stacked ? 1 : Math.max(1, cells.count)
        width: parent.width

        Repeater {
            id: cells

            FactCell {
                id: fact
                required property int index
                required property var model
                label: model.label
                value: model.value
                note: model.note
                iconName: model.icon
                width: strip._cell

                Rectangle {
                    visible: fact.index > 0
                    width: strip._stacked ? parent.width : Theme.hairline
                    height: strip._stacked ? Theme.hairline : strip.height
                    color: Theme.line
                }
            }
        }
    }
}
