pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Ways to what the city has besides services: life events, addresses, news, sites. */
Flow {
    id: links

    required property SessionModel session

    spacing: Theme.gap

    Repeater {
        model: [
            { key: "controls.events_short", icon: "calendar", go: () => links.session.openEvents() },
            { key: "city.centres_short", icon: "map-pin", go: () => links.session.openCentres() },
            { key: "phone.news_title", icon: "news", go: () => links.session.openNews() },
            { key: "city.resources_short", icon: "world", go: () => links.session.openResources() }
        ]

        SecondaryButton {
            required property var modelData
            width: Math.min(implicitWidth, links.width)
            implicitHeight: Theme.chipHeight
            role: Theme.labelPlain
            iconBefore: Theme.large ? "" : modelData.icon
            label: Words.t(modelData.key)
            onClicked: modelData.go()
        }
    }
}
