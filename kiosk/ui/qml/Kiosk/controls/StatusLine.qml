import QtQuick
import Kiosk

/** A quiet line about the link or the content; red only as an `alarm`: content is stale. Takes no room when empty. */
Item {
    id: line

    property string text: ""
    property bool alarm: false
    property string iconName: alarm ? "alert-triangle" : "wifi-off"

    implicitWidth: sign.width + Theme.space20 + words.implicitWidth
    implicitHeight: visible ? words.height : 0
    visible: text !== ""

    Icon {
        id: sign
        name: line.iconName
        size: Theme.sp(32)
        color: line.alarm ? Theme.error : Theme.inkQuiet
        y: (Theme.note.line - height) / 2
    }
    Prose {
        id: words
        role: Theme.note
        text: line.text
        color: line.alarm ? Theme.error : Theme.inkQuiet
        anchors.left: sign.right
        anchors.leftMargin: Theme.space16
        anchors.right: parent.right
    }
}
