import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The machine cannot be used: why, what to do instead, whom to call, and a line for staff. Only the view changes. */
PageFrame {
    id: page

    required property SessionModel session

    title: page.session.outOfServiceTitle
    controlsInContent: false
    contentSpacing: Theme.space24

    CityDrawing {
        width: Math.min(parent.width, Theme.cityWidth)
        height: Math.min(Theme.cityHeight, page.height * Theme.outCity)
        visible: !Theme.large
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
        text: page.session.outOfServicePhone
        width: Math.min(parent.width, Theme.measure)
        visible: text !== ""
    }
    Prose {
        role: Theme.note
        text: page.session.outOfServiceStaff
        color: Theme.inkQuiet
        width: Math.min(parent.width, Theme.measure)
        visible: text !== ""
    }
    Prose {
        role: Theme.note
        text: page.session.centreName
        color: Theme.inkQuiet
        width: parent.width
        visible: text !== ""
    }
}
