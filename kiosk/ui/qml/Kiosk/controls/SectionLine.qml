import QtQuick
import Kiosk

/** A section heading with, at the right, a link to all of it or a quiet count. */
Item {
    id: line

    property string text: ""
    property string link: ""
    property string note: ""
    /** Stands first on its page: no air above. */
    property bool first: false
    readonly property bool heading: true
    signal followed

    implicitHeight: link.visible && !Theme.desktop ? link.y + link.height + Theme.space12 : words.y + words.height + (link.visible ? Theme.column : Theme.gap)

    Prose {
        id: words
        role: Theme.heading
        heading: true
        text: line.text
        y: link.visible && !Theme.desktop ? link.y + (link.height - height) / 2 : line.first ? 0 : Theme.sectionAir
        width: parent.width - (link.visible ? link.width : note.width) - Theme.gap
    }
    LinkButton {
        id: link
        visible: line.link !== ""
        anchors.right: parent.right
        y: Theme.desktop ? words.y + (words.height - height) / 2 : line.first ? 0 : Theme.space24
        width: Math.min(implicitWidth, parent.width * Theme.linkShare)
        label: line.link
        iconAfter: "arrow-right"
        onClicked: line.followed()
    }
    Prose {
        id: note
        visible: line.note !== ""
        role: Theme.note
        text: line.note
        color: Theme.inkQuiet
        anchors.right: parent.right
        anchors.verticalCenter: words.verticalCenter
    }
}
