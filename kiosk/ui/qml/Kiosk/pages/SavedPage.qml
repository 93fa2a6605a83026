import QtQuick
import Kiosk
import Kiosk.ViewModels

/** An application is saved: the code that only the visitor holds, what is in it, and until when it works. */
PageFrame {
    id: page

    required property SessionModel session
    readonly property DraftModel draft: session.draft

    title: Words.t("draft.saved_title")
    controlsInContent: false
    contentSpacing: Theme.space24
    footFollows: true

    PageTitle {
        text: page.title
        width: Math.min(parent.width, Theme.measure)
    }
    Prose {
        text: Words.t("draft.saved_text")
        width: Math.min(parent.width, Theme.measure)
    }
    CodeFrame {
        source: page.draft.codeSource
        modules: page.draft.codeModules
        room: Theme.codePhone
        name: Words.t("draft.code_name")
    }
    Prose {
        role: Theme.note
        text: page.session.idle.warning ? "" : page.draft.codeText
        width: Math.min(parent.width, Theme.measure)
        wrapMode: Text.WrapAnywhere
    }
    Prose {
        role: Theme.bodyMedium
        text: page.draft.service
        width: Math.min(parent.width, Theme.measure)
    }
    Prose {
        text: page.draft.untilText
        width: Math.min(parent.width, Theme.measure)
    }
    Prose {
        text: Words.t("draft.saved_what")
        color: Theme.inkQuiet
        width: Math.min(parent.width, Theme.measure)
    }

    foot: [
        SecondaryButton {
            width: Theme.desktop ? implicitWidth : page.contentWidth
            iconBefore: "arrow-left"
            label: Words.t("draft.go_on")
            onClicked: page.session.resumeForm()
        }
    ]
}
