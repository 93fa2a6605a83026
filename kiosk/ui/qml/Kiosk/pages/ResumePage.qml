import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Continue a saved application: a scanner types its code, or the visitor does. */
PageFrame {
    id: page

    required property SessionModel session
    readonly property DraftModel draft: session.draft

    title: Words.t("draft.resume")
    // Above a keyboard that fills the band the field in use stands over it.
    controlsInContent: !(_bare && _typing && _wide)
    contentSpacing: _typing ? Theme.space24 : Theme.section
    typing: _typing
    footMargin: _typing ? Theme.space8 : Theme.pageFoot

    /** The large keyboard is open. */
    readonly property bool _typing: !Theme.desktop && code.input.activeFocus
    readonly property bool _wide: Window.width > Window.height && !Theme.desktop
    readonly property bool _wrong: draft.problemText !== ""
    /** Little room: above a keyboard only the field stays, after a mistake only what was wrong. */
    readonly property bool _tight: Theme.textScale >= 2 || _wide && Theme.large
    readonly property bool _bare: _tight && (_wrong || _typing && (_wide || low))
    /** What is wrong stands above the band of low reach, the field inside it. */
    readonly property bool _faultAbove: _bare && low && _wrong

    readonly property string _how: Words.t(Theme.desktop ? "draft.resume_text_desktop" : "draft.resume_text")

    Component.onCompleted: {
        if (draft.busy)
            return;
        if (draft.problemText)
            _tell();
        else
            code.takeFocus();
    }
    Component.onDestruction: draft.giveUp()

    function _tell(): void {
        page.Accessible.announce(page.draft.problemText, Accessible.Assertive);
        if (Theme.desktop)
            return;
        // The keyboard closes: what is wrong is read first.
        code.input.focus = false;
        page.forceActiveFocus(Qt.OtherFocusReason);
    }

    Connections {
        target: page.draft
        function onTold(): void {
            page._tell();
        }
        function onScanned(): void {
            (code.input as InputBox).text = "";
        }
    }
    // In low reach the words stand above the band, the field inside it.
    lead: [
        PageTitle {
            visible: page.low && !page._bare
            role: Theme.textScale >= 2 ? Theme.heading : Theme.title
            text: page.title
            width: page.contentWidth
        },
        Prose {
            visible: page.low && !((page._typing || page._wrong) && Theme.large)
            text: page._how
            width: page.contentWidth
        },
        StatusLine {
            visible: page._faultAbove && !page._typing
            alarm: true
            iconName: "alert-triangle"
            text: page.draft.problemText
            width: page.contentWidth
        }
    ]

    Item {
        // Where nothing but the field fits, the page has its heading all the same.
        visible: page._bare
        width: 1
        height: 1
        Accessible.role: Accessible.Heading
        Accessible.name: page.title
    }
    PageTitle {
        visible: !page.low && !page._bare
        role: Theme.textScale >= 2 ? Theme.heading : Theme.title
        text: page.title
        width: Math.min(parent.width, Theme.measure)
    }
    Prose {
        visible: !page.low && !(page._tight && (page._typing || page._wrong))
        text: page._how
        width: Math.min(parent.width, Theme.measure)
    }
    TextField {
        id: code
        label: Words.t("draft.field")
        titled: page._bare
        error: page._tight && page._typing || page._faultAbove ? "" : page.draft.problemText
        blank: page.session.idle.warning
        keyboard: "code"
        maxLength: 120
        width: Math.min(page.contentWidth, Theme.measure)
        onEdited: page.draft.giveUp()
        onAccepted: page.draft.resume((code.input as InputBox).text)
    }
    StatusLine {
        width: parent.width
        iconName: "hourglass"
        text: page.draft.busy ? Words.t("draft.looking") : ""
    }

    foot: [
        PrimaryButton {
            visible: !page._typing && !(page._bare && page._wrong)
            width: Theme.desktop ? Math.max(implicitWidth, Theme.buttonWide) : page.contentWidth
            label: Words.t("draft.find")
            enabled: !page.draft.busy
            onClicked: page.draft.resume((code.input as InputBox).text)
        }
    ]
}
