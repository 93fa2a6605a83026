pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** What was sent from here: number, service, when, and how far it is. Numbers and states, never answers. */
FocusScope {
    id: page

    required property SessionModel session
    readonly property ApplicationsModel applications: session.applications
    readonly property string title: applications.title

    PageFrame {
        id: frame
        title: page.title
        anchors.fill: parent
        focus: true
        controlsInContent: false
        contentSpacing: Theme.gap
        footFollows: true
        leadGap: Theme.space24

        lead: [
            PageTitle {
                text: page.title
            },
            StatusLine {
                width: frame.contentWidth
                text: page.session.link.statusText
                iconName: page.session.link.online ? "send" : "wifi-off"
            }
        ]

        NoticeCard {
            visible: page.applications.emptyText !== ""
            width: parent.width
            iconName: "file-text"
            text: page.applications.emptyText
        }
        Repeater {
            model: page.applications.rows

            ApplicationCard {
                required property var model
                width: frame.contentWidth
                number: model.number
                service: model.serviceTitle
                time: model.timeText
                stateText: model.stateText
                progress: model.state
                attention: model.attention
            }
        }
        foot: [
            SecondaryButton {
                width: Theme.desktop ? implicitWidth : frame.contentWidth
                implicitHeight: Theme.secondaryHeight
                iconBefore: "search"
                label: Words.t("pages.find_service")
                onClicked: page.session.goHome()
            }
        ]
    }
}
