import QtQuick
import Kiosk

/** One fact: what it is, the value large, a word more. */
Item {
    id: cell

    property string label: ""
    property string value: ""
    property string note: ""
    property string iconName: ""

    implicitWidth: Theme.sp(300)
    implicitHeight: texts.height + Theme.space28 + Theme.space24
    Accessible.role: Accessible.Grouping
    Accessible.name: label + ": " + value + (note ? ", " + note : "")

    Column {
        id: texts
        x: Theme.space28
        y: Theme.space28
        width: cell.width - Theme.space28 - Theme.space16

        Item {
            width: parent.width
            height: name.height

            Icon {
                id: sign
                name: cell.iconName
                size: Theme.sp(32)
                color: Theme.inkQuiet
                y: (Theme.note.line - height) / 2
            }
            Prose {
                id: name
                role: Theme.note
                text: cell.label
                color: Theme.inkQuiet
                anchors.left: sign.right
                anchors.leftMargin: sign.visible ? Theme.space12 : 0
                anchors.right: parent.right
            }
        }
        Prose {
            role: Theme.heading
            text: cell.value
            width: parent.width
        }
        Prose {
            role: Theme.note
            text: cell.note
            color: Theme.inkQuiet
            width: parent.width
            visible: text !== ""
        }
    }
}
