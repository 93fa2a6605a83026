pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/**
 * Everything that is wrong on this page, at its top. Takes the focus when it is told to; each line leads to its field.
 * The words are the same as at the field.
 */
Rectangle {
    id: summary

    /** An ErrorsList: pointer, message. */
    property alias model: links.model
    property string title: ""
    readonly property string _all: {
        const said = [title];
        for (let at = 0; at < links.count; ++at)
            said.push((links.itemAt(at) as LinkLine)?.label ?? "");
        return said.join(". ");
    }

    /** A line was touched: show the field with this pointer. */
    signal chosen(string pointer)

    function takeFocus(): void {
        forceActiveFocus(Qt.OtherFocusReason);
    }

    width: parent ? parent.width : implicitWidth
    implicitWidth: Theme.sp(600)
    implicitHeight: lines.y + lines.height + Theme.space8 - Theme.hairline
    visible: links.count > 0
    radius: Theme.radius
    color: Theme.paper
    border.width: Theme.strokeStrong
    border.color: Theme.error
    activeFocusOnTab: true
    Accessible.role: Accessible.AlertMessage
    Accessible.name: _all
    Accessible.focusable: true
    Keys.onReturnPressed: (links.itemAt(0) as LinkLine)?.clicked()
    Keys.onEnterPressed: (links.itemAt(0) as LinkLine)?.clicked()

    Icon {
        id: sign
        name: "alert-circle"
        size: Theme.sp(44)
        color: Theme.error
        x: Theme.space32
        y: head.y + (head.role.line - height) / 2
    }
    Prose {
        id: head
        role: Theme.bodyStrong
        text: summary.title
        heading: true
        anchors.left: sign.right
        anchors.leftMargin: Theme.space20
        anchors.right: parent.right
        anchors.rightMargin: Theme.space28
        y: Theme.space28
    }
    Column {
        id: lines
        anchors.left: head.left
        anchors.right: head.right
        y: head.y + head.height

        Repeater {
            id: links

            LinkLine {
                required property string pointer
                required property string message
                label: message
                width: Math.min(implicitWidth, lines.width)
                onClicked: summary.chosen(pointer)
            }
        }
    }
    FocusRing {
        control: summary
    }
}
