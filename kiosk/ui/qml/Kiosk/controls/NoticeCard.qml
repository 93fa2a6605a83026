import QtQuick
import Kiosk

/** Something to know, on white in plain ink: a heavy line and a plain one. */
Rectangle {
    id: card

    property string iconName: "info-circle"
    property string title: ""
    property string text: ""

    implicitHeight: words.height + 2 * Theme.space24
    implicitWidth: words.x + words.implicitWidth + Theme.space28
    radius: Theme.radius
    color: Theme.paper
    border.width: Theme.hairline
    border.color: Theme.line

    Icon {
        id: sign
        name: card.iconName
        size: Theme.sp(44)
        color: Theme.inkQuiet
        x: Theme.space28
        y: words.y + (Theme.body.line - height) / 2
    }
    Column {
        id: words
        x: sign.x + sign.width + Theme.space24
        y: Theme.space24
        width: card.width - x - Theme.space28

        Prose {
            role: Theme.bodyStrong
            text: card.title
            width: parent.width
            visible: text !== ""
        }
        Prose {
            text: card.text
            width: parent.width
            visible: text !== ""
        }
    }
}
