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
            { key: "controls.events_short", go: () => links.session.openEvents() },
            { key: "city.centres_short", go: () => links.session.openCentres() },
            { key: "phone.news_title", go: () => links.session.openNews() },
            { key: "city.resources_short", go: () => links.session.openResources() }
        ]

        SecondaryButton {
            required property var modelData
            width: Math.min(implicitWidth, links.width)
            implicitHeight: Theme.chipHeight
            role: Theme.labelPlain
            label: Words.t(modelData.key)
            onClicked: modelData.go()
        }
    }
}
