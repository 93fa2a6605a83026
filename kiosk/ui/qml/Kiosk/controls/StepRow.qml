import QtQuick
import Kiosk

/** A step to take: its number in a ring, what to do, a word about it. */
Item {
    id: step

    property int number: 0
    property string title: ""
    property string note: ""

    implicitWidth: Theme.sp(600)
    implicitHeight: Math.max(ring.height, texts.y + texts.height) + 2 * Theme.space16
    Accessible.role: Accessible.ListItem
    Accessible.name: step.number + ". " + step.title + (step.note ? ". " + step.note : "")

    Rectangle {
        id: ring
        y: Theme.space16
        width: Theme.stepNumber
        height: width
        radius: width / 2
        color: "transparent"
        border.width: Theme.contrast ? Theme.stroke : Theme.strokeStrong - 1
        border.color: Theme.ink

        Prose {
            role: Theme.noteStrong
            text: step.number
            anchors.centerIn: parent
            Accessible.ignored: true
        }
    }
    Column {
        id: texts
        anchors.left: ring.right
        anchors.leftMargin: Theme.space24
        anchors.right: parent.right
        y: Theme.space16 + Math.max(0, (ring.height - Theme.body.line) / 2)

        Prose {
            role: Theme.bodyMedium
            text: step.title
            width: parent.width
            Accessible.ignored: true
        }
        Prose {
            role: Theme.note
            text: step.note
            color: Theme.inkQuiet
            width: parent.width
            visible: text !== ""
            Accessible.ignored: true
        }
    }
}
