pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Kiosk

/** A question answered in words or numbers. `lines` above 1 gives room for a longer answer. */
FieldFrame {
    id: field

    property string value: ""
    property string keyboard: ""
    property bool ownKeypad: false
    property string mark: ""
    property int maxLength: 0
    property bool long: false
    /** A number whose groups are set apart while it is typed. */
    property bool spaced: false
    readonly property Item input: long ? area : line

    /** The visitor typed. */
    signal edited(string text)
    /** Return was pressed. */
    signal accepted

    function takeFocus(): void {
        input.forceActiveFocus(Qt.TabFocusReason);
    }

    InputBox {
        id: line
        visible: !field.long
        value: field.value
        name: field.label
        hint: field.error || field.hint
        wrong: field.error !== ""
        blank: field.blank
        keyboard: field.keyboard
        ownKeypad: field.ownKeypad
        mark: field.mark
        spaced: field.spaced
        maximumLength: field.maxLength > 0 ? field.maxLength : 500
        width: field.maxLength > 0 && field.maxLength <= 12 && !Theme.large ? Math.min(field.room, Theme.sp(520)) : field.room
        onTextEdited: field.edited(text)
        onAccepted: field.accepted()
    }
    T.TextArea {
        id: area

        property string keyboard: field.keyboard
        property bool ownKeypad: false

        visible: field.long
        width: field.room
        height: visible ? Math.max(Theme.areaHeight, contentHeight + topPadding + bottomPadding) : 0
        padding: Theme.space24
        leftPadding: Theme.space32
        wrapMode: TextEdit.Wrap
        font.family: Theme.family
        font.pixelSize: Theme.body.size
        color: field.blank ? "transparent" : Theme.ink
        selectionColor: Theme.focus
        selectedTextColor: Theme.paper
        activeFocusOnTab: true
        Accessible.role: Accessible.EditableText
        Accessible.name: field.label
        Accessible.description: field.error || field.hint
        Accessible.multiLine: true
        Component.onCompleted: text = field.value
        onTextChanged: {
            if (field.maxLength > 0 && length > field.maxLength)
                remove(field.maxLength, length);
            else if (field.long && text !== field.value)
                field.edited(text);
        }
        Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
        Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)

        background: Rectangle {
            radius: Theme.radius
            color: Theme.paper
            border.width: field.error ? Theme.strokeStrong : Theme.stroke
            border.color: field.error ? Theme.error : Theme.outline
        }
        cursorDelegate: Rectangle {
            visible: area.activeFocus
            width: Theme.caret
            color: Theme.focus
        }
        FocusRing {
            control: area
        }
    }
}
