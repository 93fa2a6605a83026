import QtQuick
import Kiosk

/** Something went wrong and what to do now: red edge, icon and words. Takes the focus, so that it is read at once. */
Rectangle {
    id: card

    property string text: ""

    implicitWidth: Theme.sp(600)
    implicitHeight: words.height + 2 * Theme.space28
    radius: Theme.radius
    color: Theme.paper
    border.width: Theme.strokeStrong
    border.color: Theme.error
    activeFocusOnTab: true
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text
    Accessible.focusable: true

    Icon {
        id: sign
        name: "alert-circle"
        size: Theme.sp(44)
        color: Theme.error
        x: Theme.space32
        y: words.y + (words.role.line - height) / 2
    }
    Prose {
        id: words
        role: Theme.bodyStrong
        text: card.text
        anchors.left: sign.right
        anchors.leftMargin: Theme.space20
        anchors.right: parent.right
        anchors.rightMargin: Theme.space28
        y: Theme.space28
        Accessible.ignored: true
    }
    FocusRing {
        control: card
    }
}
