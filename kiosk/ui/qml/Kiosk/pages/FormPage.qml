pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** A form, one question at a time. The session decides which; a new question begins at its top. */
FocusScope {
    id: page

    required property SessionModel session
    readonly property FormModel form: session.form
    readonly property string title: form.pageTitle

    function _begin(): void {
        // The question whether somebody is there keeps the focus.
        if (session.idle.warning)
            return;
        (layout.item as QuestionBase)?.toStart();
        if (form.errors.count > 0)
            (layout.item as QuestionBase)?.showErrors();
        else if (!questions.focusTyped())
            layout.forceActiveFocus(Qt.OtherFocusReason);
    }

    function _mend(pointer: string): void {
        if (!questions.focusField(pointer))
            form.openError(pointer);
    }

    Component.onCompleted: start.start()

    Timer {
        // Once the fields of the new question are there.
        id: start
        interval: 1
        onTriggered: page._begin()
    }

    Connections {
        target: page.form
        function onPageIdChanged(): void {
            if (!page.form.pageId)
                return;
            page.Accessible.announce(page.title);
            start.restart();
        }
        function onRefused(): void {
            (layout.item as QuestionBase)?.showErrors();
            page.Accessible.announce(page.form.errorTitle, Accessible.Assertive);
        }
    }
    Loader {
        id: layout
        anchors.fill: parent
        focus: true
        sourceComponent: Theme.desktop ? desktop : kiosk
    }
    Component {
        id: kiosk

        QuestionPage {
            title: page.title
            hint: page.form.pageHint
            service: page.form.title
            stepText: page.form.stepText
            stepIndex: page.form.stepIndex
            stepCount: page.form.stepCount
            errors: page.form.errors
            errorTitle: page.form.errorTitle
            nextText: page.form.nextText
            onNext: page.form.next()
            onLater: page.session.saveForm()
            onErrorChosen: pointer => page._mend(pointer)
        }
    }
    Component {
        id: desktop

        DesktopQuestion {
            title: page.title
            hint: page.form.pageHint
            stepText: page.form.stepText
            errors: page.form.errors
            errorTitle: page.form.errorTitle
            nextText: page.form.nextText
            drawing: page.session.service.drawing
            status: page.session.link.statusText
            canGoBack: page.session.canGoBack
            speech: page.session.accessibility.speech
            speechAvailable: page.session.accessibility.speechAvailable
            onNext: page.form.next()
            onLater: page.session.saveForm()
            onBack: page.session.goBack()
            onHelp: page.session.openHelp()
            onSpeak: page.session.accessibility.toggleSpeech()
            onErrorChosen: pointer => page._mend(pointer)
        }
    }
    FieldList {
        id: questions
        form: page.form
        blank: page.session.idle.warning
        seeking: (layout.item as QuestionBase)?.seeking ?? ""
        seekingRoom: (layout.item as QuestionBase)?.seekingRoom ?? 0
        seekingBand: (layout.item as QuestionBase)?.seekingBand ?? 0
        seekingWide: (layout.item as QuestionBase)?.seekingWide ?? false
        parent: (layout.item as QuestionBase)?.holder ?? page
        onAccepted: page.form.next()
    }
}
