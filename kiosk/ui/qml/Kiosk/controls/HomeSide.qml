pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The desktop's side column: the form that was begun, and what waits to be sent. */
Column {
    id: side

    required property SessionModel session
    /** Also the way to sign in. */
    property bool signIn: true
    readonly property bool _draft: session.form.title !== ""

    /** The newest applications; all of them have a page of their own. */
    readonly property int shown: 3

    spacing: Theme.gap

    component Card: Rectangle {
        default property alias content: inner.data
        width: side.width
        implicitHeight: inner.height + 2 * Theme.space40
        radius: Theme.radius
        color: Theme.paper
        border.width: Theme.stroke
        border.color: Theme.line

        Column {
            id: inner
            x: Theme.space40
            y: Theme.space40
            width: parent.width - 2 * x
            spacing: Theme.space12
        }
    }

    SectionHeading {
        visible: side._draft
        text: Words.t("controls.draft")
        width: parent.width
    }
    Card {
        visible: side._draft

        Prose {
            role: Theme.bodyMedium
            text: side.session.form.title
            width: parent.width
        }
        Prose {
            role: Theme.note
            text: Words.t("controls.draft_note", { number: side.session.form.stepIndex + 1, total: side.session.form.stepCount })
            color: Theme.inkQuiet
            width: parent.width
        }
        Rectangle {
            width: parent.width
            height: Theme.space12
            radius: height / 2
            color: Theme.line

            Rectangle {
                width: parent.width * (side.session.form.stepIndex + 1) / Math.max(1, side.session.form.stepCount)
                height: parent.height
                radius: parent.radius
                color: Theme.ink
            }
        }
        PrimaryButton {
            width: parent.width
            label: Words.t("controls.draft_continue")
            onClicked: side.session.resumeForm()
        }
    }
    SectionHeading {
        visible: waiting.count > 0
        text: Words.t("controls.nav_applications")
        width: parent.width
    }
    Repeater {
        id: waiting
        model: side.session.applications.rows

        Card {
            id: card
            required property int index
            visible: index < side.shown
            required property string number
            required property string serviceTitle
            required property string stateText
            required property bool attention
            required property var model
            readonly property bool settled: model.state === "received" || model.state === "registered"

            Item {
                width: parent.width
                height: words.height

                Icon {
                    id: sign
                    name: card.attention ? "alert-triangle" : card.settled ? "circle-check" : "clock"
                    color: card.attention ? Theme.warning : card.settled ? Theme.success : Theme.ink
                    size: Theme.sp(48)
                    anchors.verticalCenter: parent.verticalCenter
                }
                Column {
                    id: words
                    x: sign.width + Theme.gap
                    width: parent.width - x

                    Prose {
                        role: Theme.label
                        text: card.number
                        width: parent.width
                    }
                    Prose {
                        role: Theme.note
                        text: [card.serviceTitle, card.stateText].filter(part => part !== "").join(". ")
                        color: Theme.inkQuiet
                        width: parent.width
                    }
                }
            }
        }
    }
    SectionHeading {
        visible: side.signIn
        text: Words.t("controls.signin_title")
        width: parent.width
    }
    Card {
        visible: side.signIn

        Prose {
            text: Words.t("controls.signin_note")
            width: parent.width
        }
        SecondaryButton {
            width: parent.width
            iconBefore: "user"
            label: Words.t("controls.signin_desktop")
            onClicked: side.session.openPhone("signin")
        }
    }
    LinkButton {
        visible: side.signIn
        width: Math.min(implicitWidth, side.width)
        iconBefore: "qrcode"
        label: Words.t("draft.continue")
        onClicked: side.session.openResume()
    }
}
