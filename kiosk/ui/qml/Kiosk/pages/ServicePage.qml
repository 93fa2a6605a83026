pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The card of one service: what you get, cost, term, place, what to bring, and where to start. */
PageFrame {
    id: page

    required property SessionModel session
    readonly property ServiceModel service: session.service

    title: service.title
    controlsInContent: false
    contentSpacing: 0
    footGap: Theme.space24
    leadGap: 0

    function _save(): void {
        files.active = true;
        (files.item as SaveDialog).ask(service.checklistOffered());
    }

    Loader {
        // Made when it is asked for: a kiosk has no files.
        id: files
        active: false
        visible: false
        sourceComponent: SaveDialog {
            onChosen: target => page.service.saveChecklistTo(target)
        }
    }

    AudienceTag {
        // Low reach in extra large letters leaves room for the title alone.
        visible: !(page.low && Theme.textScale >= 2)
        iconName: page.service.audienceIcon
        text: page.service.audienceLabel
        width: parent.width
    }
    Item {
        width: parent.width
        height: page.low && Theme.textScale >= 2 ? 0 : Theme.space12
    }
    PageTitle {
        role: Theme.textScale >= 2 && page.low ? Theme.heading : Theme.title
        text: page.title
        width: Math.min(parent.width, Theme.measure)
    }
    Item {
        width: parent.width
        height: Theme.space20
    }
    Prose {
        text: [page.service.historicalText, page.service.summary, page.service.kindNote].filter(part => part !== "").join(" ")
        width: Math.min(parent.width, Theme.measure)
        visible: text !== ""
    }
    Item {
        width: parent.width
        height: Theme.space40
    }
    FactStrip {
        model: page.service.facts
        width: parent.width
    }
    Item {
        width: parent.width
        height: Theme.space56
    }
    SectionHeading {
        text: Words.t("controls.bring")
        width: parent.width
    }
    Item {
        width: parent.width
        height: Theme.space16
    }
    Repeater {
        id: documents
        model: page.service.documents

        DocumentRow {
            required property int index
            required property var model
            width: page.contentWidth
            name: model.name
            note: model.note
            last: index === documents.count - 1
        }
    }
    Prose {
        text: page.service.documentsNote
        color: Theme.inkQuiet
        width: parent.width
        visible: text !== ""
    }
    LinkButton {
        visible: page.service.hasGuide
        topPadding: Theme.space16
        width: Math.min(implicitWidth, parent.width)
        label: Words.t(Theme.textScale >= 2 ? "guide.open_short" : "guide.open")
        iconAfter: "arrow-right"
        onClicked: page.session.openGuide()
    }
    Item {
        width: parent.width
        height: Theme.section
        visible: acts.visible
    }
    ServiceActs {
        id: acts
        visible: Theme.large && !page.low
        width: parent.width
        session: page.session
        onSaveAsked: page._save()
    }

    foot: [
        StatusLine {
            width: parent.width
            iconName: Theme.desktop ? "info-circle" : "printer"
            text: page.service.printNotice
        },
        PrimaryButton {
            width: Theme.desktop ? Math.max(implicitWidth, Theme.buttonWide) : parent.width
            label: page.service.primaryText
            iconAfter: Theme.textScale >= 2 ? "" : "arrow-right"
            onClicked: page.session.startForm()
        },
        ServiceActs {
            visible: !Theme.large || page.low
            width: parent.width
            session: page.session
            short: Theme.large
            onSaveAsked: page._save()
        }
    ]
}
