import QtQuick
import Kiosk

/** One application that was sent: number, service and time, and its state in icon and words. */
Rectangle {
    id: card

    property string number: ""
    property string service: ""
    property string time: ""
    property string progress: ""
    property string stateText: ""
    /** Somebody must look at it. */
    property bool attention: false
    readonly property bool _settled: progress === "received" || progress === "registered"
    readonly property color _words: attention ? Theme.warning : _settled ? Theme.success : Theme.ink

    implicitWidth: Theme.sp(900)
    implicitHeight: texts.height + 2 * Theme.space24
    radius: Theme.radius
    color: Theme.paper
    border.width: Theme.hairline
    border.color: Theme.line
    Accessible.role: Accessible.ListItem
    Accessible.name: number + ". " + service + ". " + time + ". " + stateText

    Rectangle {
        // Needs attention: an edge besides icon and words.
        visible: card.attention
        width: Theme.errorBar
        height: parent.height
        radius: width / 2
        color: Theme.error
    }
    Column {
        id: texts
        x: Theme.space28
        y: Theme.space24
        width: parent.width - 2 * x

        Prose {
            role: Theme.bodyStrong
            text: card.number
            width: parent.width
            Accessible.ignored: true
        }
        Prose {
            text: card.service
            width: parent.width
            visible: text !== ""
            Accessible.ignored: true
        }
        Prose {
            role: Theme.note
            text: card.time
            color: Theme.inkQuiet
            width: parent.width
            Accessible.ignored: true
        }
        Item {
            width: parent.width
            height: Math.max(sign.height, word.height) + Theme.space8

            Icon {
                id: sign
                name: card.attention ? "alert-triangle" : card._settled ? "circle-check" : "clock"
                size: Theme.sp(36)
                color: card._words
                y: Theme.space8 + (word.height - height) / 2
            }
            Prose {
                id: word
                role: Theme.noteMedium
                text: card.stateText
                color: card._words
                y: Theme.space8
                anchors.left: sign.right
                anchors.leftMargin: Theme.space12
                anchors.right: parent.right
                Accessible.ignored: true
            }
        }
    }
}
