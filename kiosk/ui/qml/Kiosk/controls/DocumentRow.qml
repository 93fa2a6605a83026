import QtQuick
import Kiosk

/** A paper to bring, and a word about it. A hairline below, but not under the last one. */
Item {
    id: row

    property string name: ""
    property string note: ""
    property string iconName: "file-text"
    property bool last: false

    implicitWidth: Theme.sp(600)
    implicitHeight: texts.height + 2 * Theme.space16 + (last ? 0 : Theme.hairline)

    Icon {
        id: sign
        name: row.iconName
        size: Theme.icon
        color: Theme.ink
        y: texts.y + (Theme.body.line - height) / 2
    }
    Column {
        id: texts
        y: Theme.space16
        anchors.left: sign.right
        anchors.leftMargin: Theme.space20
        anchors.right: parent.right

        Prose {
            text: row.name
            width: parent.width
        }
        Prose {
            role: Theme.note
            text: row.note
            color: Theme.inkQuiet
            width: parent.width
            visible: text !== ""
        }
    }
    Rectangle {
        visible: !row.last
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.line
    }
}
