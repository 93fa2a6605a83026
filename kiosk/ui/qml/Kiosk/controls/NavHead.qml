import QtQuick
import Kiosk

/** The head of the desktop's left rail: the mark, a name, a line below it. */
Item {
    id: head

    property string title: ""
    property string note: ""

    implicitHeight: Math.max(Theme.navHead, words.y + words.height + Theme.gap)

    Rectangle {
        id: mark
        x: Theme.column * 1.5
        y: words.y + Math.max(0, (words.height - height) / 2)
        width: Theme.mark
        height: Theme.mark
        radius: Theme.radius
        color: Theme.accent

        Icon {
            name: "file-check"
            size: Theme.markIcon
            color: Theme.accentWords
            anchors.centerIn: parent
        }
    }
    Column {
        id: words
        x: mark.x + mark.width + Theme.gap
        y: Theme.navTop
        width: parent.width - x - Theme.gap

        Prose {
            role: Theme.brand
            text: head.title
            width: parent.width
        }
        Prose {
            role: Theme.noteTight
            text: head.note
            color: Theme.inkQuiet
            width: parent.width
            visible: text !== ""
        }
    }
}
