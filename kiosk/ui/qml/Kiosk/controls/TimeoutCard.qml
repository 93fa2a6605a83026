import QtQuick
import Kiosk
import Kiosk.ViewModels

/** "Are you still there?": the seconds left, what will be lost, and the ways on. The focus waits on Yes. */
FocusScope {
    id: card

    required property SessionModel session

    implicitWidth: Theme.sp(900)
    implicitHeight: all.height + 2 * Theme.timeoutPad
    Accessible.role: Accessible.Dialog
    Accessible.name: session.idle.title + " " + session.idle.text

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.paper
        border.width: Theme.contrast ? Theme.stroke : 0
        border.color: Theme.line
    }
    MouseArea {
        // A touch on the card beside the buttons means yes as well.
        anchors.fill: parent
        onClicked: card.session.idle.stay()
    }
    Column {
        id: all
        x: Theme.timeoutPad
        y: Theme.timeoutPad
        width: parent.width - 2 * x
        spacing: Theme.column

        Item {
            width: parent.width
            height: Math.max(ring.height, question.height) + Theme.space16

            CountdownRing {
                id: ring
                width: implicitWidth
                height: width
                seconds: card.session.idle.secondsLeft
                total: card.session.idle.total
                unitText: card.session.idle.secondsText
            }
            Prose {
                id: question
                role: Theme.large ? Theme.title : Theme.display
                heading: true
                text: card.session.idle.title
                anchors.left: ring.right
                anchors.leftMargin: Theme.space40
                anchors.right: parent.right
                anchors.verticalCenter: ring.verticalCenter
            }
        }
        Prose {
            text: card.session.idle.text
            width: parent.width
        }
        Item {
            width: parent.width
            height: Theme.space24
            visible: !Theme.large
        }
        PrimaryButton {
            id: yes
            width: parent.width
            implicitHeight: Math.max(Theme.stayHeight, implicitContentHeight + topPadding + bottomPadding)
            label: Words.t("pages.stay")
            hint: card.session.idle.text
            focus: true
            onClicked: card.session.idle.stay()
        }
        SecondaryButton {
            width: parent.width
            implicitHeight: Math.max(Theme.secondaryHeight, implicitContentHeight + topPadding + bottomPadding)
            iconBefore: "logout"
            label: Words.t("pages.end")
            onClicked: card.session.idle.end()
        }
    }
}
