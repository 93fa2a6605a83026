pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/**
 * An application is saved: the code that only the visitor holds, to photograph, to print and to type. The code is on the
 * first screenful in every view; on a landscape panel title and Print stand beside it.
 */
PageFrame {
    id: page

    required property SessionModel session
    readonly property DraftModel draft: session.draft
    /** A landscape panel has no room below the code: title and Print stand beside it. */
    readonly property bool _wide: width > height && !Theme.desktop
    /** In low reach Print stays at the foot, inside the band; extra large, it would leave no room for the code. */
    readonly property bool _printBeside: _wide && (!low || Theme.textScale >= 2)
    /** Words stand beside the code; where they are large, only those that matter at once. */
    readonly property bool _beside: _wide || contentWidth >= Theme.sp(900)
    readonly property bool _toldBeside: _beside && !(_wide && (Theme.large || low))
    readonly property bool _hidden: session.idle.warning
    readonly property real _codeRoom: Theme.textScale >= 2 || _wide && low && Theme.large ? Theme.codeSmall
        : Theme.large || _wide ? Theme.codeFrame : Theme.codePhone

    title: Words.t("draft.saved_title")
    controlsInContent: _printBeside && !low
    contentSpacing: Theme.textScale >= 2 ? Theme.space8 : Theme.space24
    footFollows: true

    component Notice: ValidityTag {
        visible: text !== ""
        text: page.draft.printNotice
        good: !page.draft.printFailed
        iconName: page.draft.printing ? "printer" : good ? "circle-check" : "alert-triangle"
    }
    component Print: PrimaryButton {
        visible: page.draft.printAvailable
        iconBefore: "printer"
        label: Words.t("draft.print")
        enabled: !page.draft.printing
        onClicked: page.draft.print()
    }
    component Heading: PageTitle {
        role: Theme.textScale >= 2 ? Theme.heading : Theme.title
        text: page.title
    }
    component Told: Column {
        spacing: Theme.space24

        Prose {
            text: Words.t(page.draft.printAvailable ? "draft.saved_text_print" : "draft.saved_text")
            width: parent.width
        }
        Prose {
            role: Theme.bodyMedium
            text: page.draft.service
            width: parent.width
        }
        Prose {
            text: page.draft.untilText
            width: parent.width
        }
    }

    Heading {
        visible: !page._wide
        width: Math.min(parent.width, Theme.measure)
    }
    Grid {
        columns: page._beside ? 2 : 1
        columnSpacing: Theme.section
        rowSpacing: Theme.space24
        width: parent.width

        CodeFrame {
            id: code
            source: page.draft.codeSource
            modules: page.draft.codeModules
            room: page._codeRoom
            name: Words.t("draft.code_name")
            opacity: page._hidden ? 0 : 1
        }
        Column {
            id: side
            visible: page._wide || page._toldBeside
            width: Math.min(page.contentWidth - code.width - Theme.section, Theme.measure)
            spacing: page.contentSpacing

            Heading {
                // Gives way to what became of printing.
                visible: page._wide && !(Theme.textScale >= 2 && page.draft.printNotice !== "")
                width: side.width
            }
            Print {
                visible: page._printBeside && page.draft.printAvailable
                width: side.width
            }
            Notice {
                visible: page._wide && text !== ""
                width: side.width
            }
            Told {
                visible: page._toldBeside
                width: side.width
            }
        }
    }
    Told {
        visible: !page._toldBeside
        width: Math.min(parent.width, Theme.measure)
    }
    Column {
        width: Math.min(parent.width, Theme.measure)

        Prose {
            role: Theme.note
            heading: true
            text: Words.t("draft.spelled")
            color: Theme.inkQuiet
            width: parent.width
        }
        Prose {
            role: Theme.bodyStrong
            text: page.draft.codeText
            color: page._hidden ? "transparent" : Theme.ink
            width: parent.width
            // Groups stay whole.
            wrapMode: Text.WordWrap
        }
    }
    Prose {
        text: Words.t("draft.saved_what")
        color: Theme.inkQuiet
        width: Math.min(parent.width, Theme.measure)
    }

    foot: [
        Notice {
            visible: !page._wide && text !== ""
            width: page.contentWidth
        },
        Flow {
            // Back in the bar goes on as well, where there is no room to say so.
            visible: !page._printBeside
            width: page.contentWidth
            spacing: Theme.column

            Print {
                id: paper
                width: Theme.desktop ? implicitWidth : parent.width
            }
            SecondaryButton {
                visible: !paper.visible || !Theme.large && !page._wide || Theme.desktop
                width: Theme.desktop ? implicitWidth : parent.width
                implicitHeight: Theme.secondaryHeight
                iconBefore: "arrow-left"
                label: Words.t("draft.go_on")
                onClicked: page.session.resumeForm()
            }
        }
    ]
}
