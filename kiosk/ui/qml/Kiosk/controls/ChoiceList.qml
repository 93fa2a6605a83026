pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** A question with ready answers, one under the other. `many`: any number of them. */
FieldFrame {
    id: field

    /** A list of {value, label, chosen}. */
    property var options: []
    property bool many: false
    /** Its answers say nothing without the question: "Yes" is spoken "Yes, I have insurance". */
    property bool bare: false

    /** An answer was touched. */
    signal chosen(string value)

    function takeFocus(): void {
        const first = rows.itemAt(Math.max(0, options.findIndex(option => option.chosen)));
        if (first)
            first.forceActiveFocus(Qt.TabFocusReason);
    }

    spacing: Theme.gap

    Repeater {
        id: rows
        // By number, so that a changed answer keeps its row and the focus on it.
        model: field.options.length

        RadioRow {
            required property int index
            readonly property var option: field.options[index] ?? ({ value: "", label: "", chosen: false })
            label: option.label
            spoken: field.bare ? Words.t("pages.answer_spoken", { answer: option.label, question: field.label }) : option.label
            hint: field.bare ? "" : field.label
            chosen: option.chosen && !field.blank
            many: field.many
            wrong: field.error !== ""
            width: field.room
            onClicked: field.chosen(option.value)
        }
    }
}
