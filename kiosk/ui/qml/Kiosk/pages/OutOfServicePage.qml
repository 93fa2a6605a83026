import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The machine cannot be used: why, and what to do instead. Nothing can be pressed. */
PageFrame {
    id: page

    required property SessionModel session

    title: Words.t("controls.out_title")
    controlsInContent: false
    contentSpacing: Theme.space24

    CityDrawing {
        width: Math.min(parent.width, Theme.cityWidth)
        height: Math.min(Theme.cityHeight, page.height * Theme.outCity)
    }
    PageTitle {
        text: page.title
        width: parent.width
    }
    Prose {
        text: page.session.outOfServiceText || Words.t("controls.out_text")
        width: Math.min(parent.width, Theme.measure)
    }
    Prose {
        role: Theme.note
        text: page.session.centreName
        color: Theme.inkQuiet
        width: parent.width
        visible: text !== ""
    }
}
