pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The services of one theme or one life event, narrowed by audience where there are several. */
PageFrame {
    id: page

    required property SessionModel session
    flows: false
    readonly property ThemeModel theme: session.theme

    title: theme.title
    headGap: Theme.space16
    lead: [
        PageTitle {
            text: page.title
            width: parent.width
        },
        Prose {
            role: Theme.note
            text: page.theme.emptyText || page.theme.countText
            color: Theme.inkQuiet
            width: parent.width
        }
    ]
    head: [
        Flow {
            width: parent.width
            spacing: Theme.gap
            visible: page.theme.audiences.length > 1 && !(Theme.large && page.width > page.height)

            Repeater {
                model: [""].concat(page.theme.audiences)

                SecondaryButton {
                    required property string modelData
                    label: Words.language ? page.theme.audienceText(modelData) : ""
                    on: page.theme.audience === modelData
                    implicitHeight: Theme.chipHeight
                    role: Theme.labelPlain
                    Accessible.role: Accessible.RadioButton
                    Accessible.checkable: true
                    onClicked: page.theme.setAudience(modelData)
                }
            }
        }
    ]

    ServiceRows {
        parent: page
        x: page.contentX
        y: page.contentTop
        width: page.contentWidth
        height: page.height - y - (Theme.desktop ? 0 : Theme.space8)
        services: page.theme.services
        total: page.theme.total
        hasMore: page.theme.moreText !== ""
        onOpened: serviceId => page.session.openService(serviceId)
        onWanted: page.theme.more()
    }
}
