import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Every theme of the catalogue. */
PageFrame {
    id: page

    required property SessionModel session

    title: session.themes.title
    lead: [
        PageTitle {
            text: page.title
            width: parent.width
        }
    ]

    CityLinks {
        visible: !Theme.desktop
        width: parent.width
        session: page.session
    }
    ThemeGrid {
        width: parent.width
        themes: page.session.themes.themes
        compact: page.low
        onOpened: themeId => page.session.openTheme(themeId)
    }
    StatusLine {
        visible: page.session.home.empty
        width: parent.width
        iconName: "hourglass"
        text: Words.t("controls.content_coming")
    }
}
