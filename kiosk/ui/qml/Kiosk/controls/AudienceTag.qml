import QtQuick
import Kiosk

/** Whom a service is for: an icon and words, in quiet ink. */
Item {
    id: tag

    property string iconName: "user"
    property string text: ""
    property bool announced: true

    implicitWidth: sign.width + Theme.space12 + words.implicitWidth
    implicitHeight: words.height

    Icon {
        id: sign
        name: tag.iconName
        size: Theme.sp(32)
        color: Theme.inkQuiet
        y: (Theme.note.line - height) / 2
    }
    Prose {
        id: words
        role: Theme.note
        text: tag.text
        color: Theme.inkQuiet
        anchors.left: sign.right
        anchors.leftMargin: Theme.space8
        width: Math.min(Math.ceil(implicitWidth), tag.parent ? tag.parent.width - sign.width : implicitWidth)
        Accessible.ignored: !tag.announced
    }
}
