pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** One of hundreds: words are typed, what fits stands below and is touched. */
FieldFrame {
    id: field

    property string value: ""
    /** What fits, a list of {value, label}; empty once something is chosen. */
    property var options: []
    property string keyboard: "ru"

    /** The visitor typed. */
    signal edited(string text)
    /** An entry was touched. */
    signal chosen(string value)
    /** Return was pressed. */
    signal accepted

    function takeFocus(): void {
        line.forceActiveFocus(Qt.TabFocusReason);
    }

    spacing: Theme.gap

    InputBox {
        id: line
        value: field.value
        name: field.label
        hint: field.error || field.hint || Words.t("pages.lookup")
        wrong: field.error !== ""
        blank: field.blank
        keyboard: field.keyboard
        maximumLength: 120
        width: field.room
        onTextEdited: field.edited(text)
        onAccepted: field.accepted()
    }
    Repeater {
        // By number, so that the focus stays while one types.
        model: field.options.length

        RadioRow {
            required property int index
            readonly property var option: field.options[index] ?? ({ value: "", label: "" })
            label: option.label
            hint: field.label
            width: field.room
            implicitHeight: Math.max(Theme.targetMin, implicitContentHeight + topPadding + bottomPadding)
            onClicked: field.chosen(option.value)
        }
    }
}
