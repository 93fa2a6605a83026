pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Ways to get help, the nearest first; one of them works when nobody comes. */
PageFrame {
    id: page

    required property SessionModel session
    readonly property HelpModel help: session.help

    title: help.title
    controlsInContent: false
    contentSpacing: Theme.section

    Column {
        width: parent.width
        spacing: Theme.space12

        PageTitle {
            text: page.title
            width: parent.width
        }
        Prose {
            text: page.help.text
            width: Math.min(parent.width, Theme.measure)
            color: Theme.inkQuiet
        }
    }
    Repeater {
        model: page.help.hints

        NoticeCard {
            required property var model
            width: Math.min(page.contentWidth, Theme.measure)
            iconName: model.icon
            title: model.title
            text: model.text
        }
    }

    foot: [
        SecondaryButton {
            width: Theme.desktop ? Math.min(implicitWidth, page.contentWidth) : page.contentWidth
            iconBefore: Theme.large ? "" : "qrcode"
            label: Words.t("draft.resume")
            onClicked: page.session.openResume()
        }
    ]
}
