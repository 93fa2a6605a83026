pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** What happens next, numbered in rings. */
Column {
    id: steps

    /** A NextStepsList: number, title, note. */
    property alias model: list.model

    width: parent ? parent.width : implicitWidth
    spacing: Theme.space28 - Theme.hairline

    Repeater {
        id: list

        Item {
            id: step
            required property int number
            required property string title
            required property string note

            width: steps.width
            height: Math.max(ring.height, texts.height)
            Accessible.role: Accessible.ListItem
            Accessible.name: step.number + ". " + step.title + (step.note ? ". " + step.note : "")

            Rectangle {
                id: ring
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
                y: Math.max(0, (ring.height - Theme.body.line) / 2)

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
    }
}
