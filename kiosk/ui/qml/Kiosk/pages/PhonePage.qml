import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Something that is done on the visitor's own phone: what it is, the code to point a camera at, the address to type. */
PageFrame {
    id: page

    required property SessionModel session
    readonly property PhoneModel phone: session.phone

    title: phone.title
    controlsInContent: false
    contentSpacing: Theme.space24
    footFollows: true

    PageTitle {
        text: page.title
        width: Math.min(parent.width, Theme.measure)
    }
    Prose {
        text: page.phone.text
        width: Math.min(parent.width, Theme.measure)
        visible: text !== ""
    }
    Prose {
        text: page.phone.howText
        width: Math.min(parent.width, Theme.measure)
        visible: text !== ""
    }
    CodeFrame {
        source: page.phone.codeSource
        modules: page.phone.codeModules
        room: Theme.codePhone
        name: Words.t("controls.code_name", { address: page.phone.linkText })
    }
    Prose {
        role: Theme.heading
        text: page.phone.linkText
        width: parent.width
    }
    StatusLine {
        text: page.session.link.statusText
        width: parent.width
    }

    foot: [
        StatusLine {
            width: parent.width
            iconName: "info-circle"
            text: page.phone.browserNotice
        },
        PrimaryButton {
            visible: page.phone.canOpenInBrowser
            width: Math.max(implicitWidth, Theme.buttonWide)
            label: Words.t("controls.open_browser")
            iconAfter: "external-link"
            onClicked: page.phone.openInBrowser()
        }
    ]
}
