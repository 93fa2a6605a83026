pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** We have the application: its number, its code, what happens next, and paper to take away. */
FocusScope {
    id: page

    required property SessionModel session
    readonly property ReceiptModel receipt: session.receipt
    readonly property string title: receipt.title
    readonly property bool _beside: !Theme.large && frame.contentWidth > Theme.sp(880)
    /** The colour begins right below the menus. */
    readonly property real _above: Theme.desktop ? Theme.desktopTop : 0
    readonly property real _code: Theme.desktop ? Theme.codeFrame * 0.75 : Theme.codeFrame

    function _save(): void {
        files.active = true;
        (files.item as SaveDialog).ask(receipt.pdfOffered());
    }

    Rectangle {
        // The green reaches from edge to edge under the sentence, its number and the code.
        visible: frame.screenful === 0
        y: -page._above
        width: parent.width
        height: page._above + (Theme.large ? Math.min(heroLarge.height, frame.shownTo) : Math.min(hero.height, frame.shownTo))
        color: Theme.successPaper
    }
    PageFrame {
        id: frame
        title: page.title
        anchors.fill: parent
        focus: true
        controlsInContent: false
        contentSpacing: Theme.section
        footSpacing: Theme.column

        Item {
            id: hero
            visible: !Theme.large
            width: parent.width
            height: Math.max(words.y + words.height, page._beside ? code.y + code.height + caption.height + Theme.space12 : 0) + Theme.space56 - Theme.hairline

            SuccessMark {
                id: mark
                y: Theme.section + Theme.title.line * 0.3
            }
            Column {
                id: words
                y: Theme.section
                width: page._beside ? code.x - Theme.space24 : parent.width

                PageTitle {
                    id: heading
                    text: page.title
                    leftPadding: mark.width + Theme.space24
                }
                Item {
                    width: parent.width
                    height: Math.max(Theme.space48, mark.y + mark.height + Theme.space16 - words.y - heading.height)
                }
                NumberPlate {
                    label: Words.t("pages.number")
                    number: page.receipt.number
                }
                Item {
                    width: parent.width
                    height: Theme.space8 - Theme.hairline
                }
                Prose {
                    text: page.receipt.serviceTitle
                    color: Theme.inkQuiet
                    width: parent.width
                }
                Prose {
                    text: page.receipt.timeText
                    color: Theme.inkQuiet
                    width: parent.width
                }
            }
            CodeFrame {
                id: code
                room: page._code
                x: parent.width - width
                y: Theme.section
                visible: page._beside && modules > 0
                source: page.receipt.codeSource
                modules: page.receipt.codeModules
                name: Words.t("pages.code_name")
            }
            Prose {
                id: caption
                role: Theme.note
                visible: code.visible
                text: Words.t("pages.code_note")
                color: Theme.inkQuiet
                x: code.x
                y: code.y + code.height + Theme.space12
                width: code.width
            }
        }
        Column {
            // In large print it may be longer than a screenful, and is turned in pieces.
            id: heroLarge
            visible: Theme.large
            width: parent.width
            spacing: Theme.space16

            Item {
                width: parent.width
                height: Math.max(tick.y + tick.height, first.y + first.height)

                SuccessMark {
                    id: tick
                    y: Theme.space24
                }
                PageTitle {
                    id: first
                    y: Theme.space16
                    text: page.title
                    leftPadding: tick.width + Theme.space24
                }
            }
            NumberPlate {
                label: Words.t("pages.number")
                number: page.receipt.number
            }
            Prose {
                text: page.receipt.serviceTitle
                color: Theme.inkQuiet
                width: parent.width
            }
            Prose {
                text: page.receipt.timeText
                color: Theme.inkQuiet
                width: parent.width
                bottomPadding: Theme.space24 - _air / 2
            }
        }
        NoticeCard {
            width: parent.width
            iconName: page.receipt.noticeIcon
            title: page.receipt.noticeTitle
            text: page.receipt.noticeText
        }
        Column {
            width: parent.width
            spacing: Theme.space20

            SectionHeading {
                text: Words.t("pages.what_next")
                visible: page.receipt.nextSteps.count > 0
            }
            NextSteps {
                model: page.receipt.nextSteps
            }
        }
        foot: [
            ValidityTag {
                visible: text !== ""
                width: frame.contentWidth
                text: page.receipt.printNotice
                good: true
                iconName: page.receipt.printing ? "printer" : "info-circle"
            },
            Flow {
                id: ways
                readonly property bool broken: Theme.large && !Theme.desktop
                /** A wide panel: all in one row. */
                readonly property bool row: !Theme.large && !Theme.desktop && page.width > page.height
                readonly property real half: row ? (width - 2 * spacing) / (paper.visible ? 3 : 2) : broken ? width : (width - spacing) / 2
                width: frame.contentWidth
                spacing: Theme.column

                PrimaryButton {
                    id: paper
                    width: Theme.desktop ? Math.min(frame.contentWidth, Theme.sp(720)) : ways.row ? ways.half : ways.width
                    visible: page.receipt.printAvailable || Theme.desktop
                    role: ways.row ? Theme.bodyStrong : Theme.primary
                    iconBefore: page.receipt.printAvailable ? "printer" : "download"
                    label: page.receipt.printAvailable ? Words.t("pages.print") : Words.t("pages.save")
                    enabled: !page.receipt.printing
                    onClicked: page.receipt.printAvailable ? page.receipt.print() : page._save()
                }
                Item {
                    // The next step has a line of its own on the desktop.
                    visible: Theme.desktop
                    width: Math.max(1, ways.width - paper.width - ways.spacing)
                    height: 1
                }
                SecondaryButton {
                    width: Theme.desktop ? implicitWidth : ways.half
                    implicitHeight: Theme.secondaryHeight
                    visible: page.receipt.codeModules > 0
                    iconBefore: "qrcode"
                    label: Words.t("pages.whole_code")
                    onClicked: page.session.showCode()
                }
                SecondaryButton {
                    visible: Theme.desktop && page.receipt.printAvailable
                    implicitHeight: Theme.secondaryHeight
                    iconBefore: "download"
                    label: Words.t("pages.save")
                    enabled: !page.receipt.printing
                    onClicked: page._save()
                }
                SecondaryButton {
                    // Home in the bar does the same where there is no room.
                    visible: !ways.broken
                    width: Theme.desktop ? implicitWidth : ways.half
                    implicitHeight: Theme.secondaryHeight
                    iconBefore: "search"
                    label: Words.t("pages.another")
                    onClicked: page.session.goHome()
                }
            }
        ]
    }
    Loader {
        // Made when it is asked for: a kiosk has no files.
        id: files
        active: false
        sourceComponent: SaveDialog {
            onChosen: target => page.receipt.savePdfTo(target)
        }
    }
}
