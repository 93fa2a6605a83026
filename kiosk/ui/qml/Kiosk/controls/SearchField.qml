pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Kiosk

/** Where a visitor writes what is needed. Focused: a thick blue edge. Has its own clear button once there are words. */
Item {
    id: field

    property alias text: input.text
    property string placeholder: ""
    property string name: placeholder
    /** Shown at the right end on the desktop, for example "Ctrl K". */
    property string shortcut: ""
    /** Only opens the search: a touch or Return asks for it, nothing is typed here. */
    property bool opener: false
    readonly property Item input: input

    /** The words were changed by the visitor. */
    signal edited(string text)
    signal accepted
    /** `opener` was pressed. */
    signal opened

    implicitHeight: Theme.searchHeight
    implicitWidth: Theme.searchHeight

    function takeFocus(): void {
        input.forceActiveFocus(Qt.OtherFocusReason);
    }

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.paper
        border.width: input.activeFocus && !Theme.desktop ? Theme.strokeStrong : Theme.stroke
        border.color: input.activeFocus && !Theme.desktop ? Theme.focus : Theme.outline
    }
    FocusRing {
        control: input
        visible: input.activeFocus && Theme.desktop
    }
    Icon {
        id: glass
        name: "search"
        size: Theme.sp(48)
        color: Theme.action
        x: Theme.searchPad
        anchors.verticalCenter: parent.verticalCenter
    }
    T.TextField {
        id: input

        /** Which keyboard suits it. */
        property string keyboard: ""
        anchors.left: glass.right
        anchors.leftMargin: Theme.space24
        anchors.right: clear.visible ? clear.left : keys.visible ? keys.left : parent.right
        anchors.rightMargin: Theme.space16
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        verticalAlignment: TextInput.AlignVCenter
        font.family: Theme.family
        font.pixelSize: text ? Theme.input.size : Theme.body.size
        color: Theme.ink
        selectionColor: Theme.focus
        selectedTextColor: Theme.paper
        maximumLength: 200
        readOnly: field.opener
        inputMethodHints: Qt.ImhNoPredictiveText
        activeFocusOnTab: true
        Accessible.role: Accessible.EditableText
        Accessible.name: field.name
        Accessible.searchEdit: true
        onTextEdited: field.edited(text)
        onAccepted: field.opener ? field.opened() : field.accepted()
        onPressed: if (field.opener) field.opened()
        Keys.onReturnPressed: event => {
            if (field.opener)
                field.opened();
            else
                event.accepted = false;
        }
        cursorDelegate: Rectangle {
            visible: input.activeFocus && !field.opener
            width: Theme.caret
            color: Theme.focus
        }

        Prose {
            text: field.placeholder
            color: Theme.inkQuiet
            visible: input.text === "" && input.preeditText === ""
            wrapMode: Text.NoWrap
            elide: Text.ElideNone
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.note.size
            Accessible.ignored: true
        }
    }
    PressBase {
        id: clear
        visible: input.text !== "" && !field.opener
        spoken: Words.t("controls.clear")
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.rightMargin: Theme.space16
        implicitWidth: Theme.linkHeight
        ringRadius: Theme.radiusSmall
        onClicked: {
            input.clear();
            field.edited("");
            input.forceActiveFocus(Qt.OtherFocusReason);
        }
        contentItem: Item {
            Icon {
                name: "x"
                size: Theme.sp(48)
                color: Theme.action
                anchors.centerIn: parent
            }
        }
    }
    Rectangle {
        id: keys
        visible: field.shortcut !== "" && !clear.visible
        anchors.right: parent.right
        anchors.rightMargin: Theme.space32
        anchors.verticalCenter: parent.verticalCenter
        width: hint.implicitWidth + 2 * Theme.space16
        height: hint.height + Theme.space8
        radius: Theme.radiusSmall
        color: Theme.paper
        border.width: Theme.stroke
        border.color: Theme.outline

        Prose {
            id: hint
            role: Theme.note
            text: field.shortcut
            anchors.centerIn: parent
            Accessible.ignored: true
        }
    }
}
