import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Every life event. */
PageFrame {
    id: page

    required property SessionModel session

    title: session.themes.eventsTitle
    lead: [
        PageTitle {
            text: page.title
            width: parent.width
        }
    ]

    EventGrid {
        width: parent.width
        events: page.session.themes.events
        onOpened: eventId => page.session.openEvent(eventId)
    }
    StatusLine {
        visible: page.session.home.empty
        width: parent.width
        iconName: "hourglass"
        text: Words.t("controls.content_coming")
    }
}
