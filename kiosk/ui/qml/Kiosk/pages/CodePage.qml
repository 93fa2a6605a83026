pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The code of the receipt on the whole screen: white in every theme, as large as fits, the number to type below it. */
FocusScope {
    id: page

    required property SessionModel session
    readonly property ReceiptModel receipt: session.receipt
    readonly property string title: receipt.serviceTitle

    /** What the title, the number and the buttons leave to the code. */
    readonly property real _room: height - head.height - number.height - Theme.pageFoot - paper.height - Theme.section
        - 3 * Theme.space24 - (_facts ? facts.height + tag.height + back.height + 4 * Theme.space24 : Theme.secondaryHeight + Theme.space24)
    /** The facts stand below the code where there is room; in large print on the next screenful. */
    readonly property bool _facts: !Theme.large && height > width

    Rectangle {
        anchors.fill: parent
        anchors.topMargin: Theme.desktop ? -Theme.desktopTop : 0
        color: Theme.paper
    }
    PageFrame {
        id: frame
        title: page.title
        anchors.fill: parent
        focus: true
        controlsInContent: false
        contentSpacing: Theme.space24

        Column {
            id: head
            width: parent.width
            spacing: Theme.space4
            topPadding: Theme.space8

            PageTitle {
                role: page._facts ? Theme.title : Theme.heading
                text: page.title
            }
            Prose {
                visible: page._facts
                text: page.receipt.timeText
                color: Theme.inkQuiet
                width: parent.width
            }
        }
        CodeFrame {
            anchors.horizontalCenter: parent ? parent.horizontalCenter : undefined
            room: Math.max(Theme.codeMin, Math.min(frame.contentWidth, Theme.codeWhole, page._room))
            source: page.receipt.codeSource
            modules: page.receipt.codeModules
            name: Words.t("pages.code_name") + ": " + page.receipt.number
        }
        Prose {
            id: number
            role: Theme.heading
            text: page.receipt.number
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            font.letterSpacing: Theme.space4 / 2
        }
        Rectangle {
            width: parent.width
            height: Theme.hairline
            color: Theme.line
        }
        PassFacts {
            id: facts
            model: [
                { label: Words.t("pages.fact_time"), value: page.receipt.timeText },
                { label: Words.t("pages.fact_state"), value: page.receipt.stateText }
            ]
        }
        ValidityTag {
            id: tag
            width: parent.width
            text: Words.t("pages.genuine")
        }
        foot: [
            PrimaryButton {
                id: paper
                visible: page.receipt.printAvailable
                width: Theme.desktop ? Math.max(implicitWidth, Theme.buttonWide) : frame.contentWidth
                iconBefore: "printer"
                label: Words.t("pages.print")
                enabled: !page.receipt.printing
                onClicked: page.receipt.print()
            },
            SecondaryButton {
                id: back
                visible: page._facts || Theme.desktop
                width: Theme.desktop ? implicitWidth : frame.contentWidth
                iconBefore: "arrow-left"
                label: Words.t("pages.to_receipt")
                onClicked: page.session.goBack()
            }
        ]
    }
}
