import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Continue a saved application: a scanner types its code, or the visitor does. */
PageFrame {
    id: page

    required property SessionModel session
    readonly property DraftModel draft: session.draft

    title: Words.t("draft.resume")
    contentSpacing: _typing ? Theme.space24 : Theme.section
    typing: _typing
    footMargin: _typing ? Theme.space8 : Theme.pageFoot

    /** The large keyboard is open: its Done looks for the application. */
    readonly property bool _typing: !Theme.desktop && code.input.activeFocus

    Component.onCompleted: code.takeFocus()
    Component.onDestruction: draft.giveUp()

    Connections {
        target: page.draft
        function onTold(): void {
            page.Accessible.announce(page.draft.problemText, Accessible.Assertive);
        }
    }
    PageTitle {
        text: page.title
        width: Math.min(parent.width, Theme.measure)
    }
    Prose {
        text: Words.t("draft.resume_text")
        width: Math.min(parent.width, Theme.measure)
    }
    TextField {
        id: code
        label: Words.t("draft.field")
        error: page.draft.problemText
        blank: page.session.idle.warning
        keyboard: "en"
        maxLength: 120
        width: Math.min(page.contentWidth, Theme.measure)
        onAccepted: page.draft.resume((code.input as InputBox).text)
    }
    StatusLine {
        width: parent.width
        iconName: "hourglass"
        text: page.draft.busy ? Words.t("draft.looking") : ""
    }

    foot: [
        PrimaryButton {
            visible: !page._typing
            width: Theme.desktop ? Math.max(implicitWidth, Theme.buttonWide) : page.contentWidth
            label: Words.t("draft.find")
            enabled: !page.draft.busy
            onClicked: page.draft.resume((code.input as InputBox).text)
        }
    ]
}
