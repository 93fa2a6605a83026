pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The answers once more, the consent, and the button that sends them. */
FocusScope {
    id: page

    required property SessionModel session
    readonly property CheckModel check: session.check
    readonly property string title: check.title
    /** Little room: the consent follows the answers instead of standing below them. */
    readonly property bool _crowded: !Theme.desktop && (Theme.large || frame.low || width > height)
    /** In large print the title goes with the answers. */
    readonly property bool _turned: Theme.large && !Theme.desktop && !frame.low
    /** Where the answers leave room, the consent stands right below them, the button at the foot. */
    readonly property real _rise: Theme.desktop ? 0 : frame.spare
    readonly property bool _fault: check.problemText !== ""

    on_FaultChanged: if (_fault) {
        page.Accessible.announce(check.problemText, Accessible.Assertive);
        frame.toStart();
        (page._crowded ? problemAbove : problem).forceActiveFocus(Qt.OtherFocusReason);
    }

    PageFrame {
        id: frame
        title: page.title
        anchors.fill: parent
        focus: true
        leadSpacing: Theme.space16
        leadGap: Theme.space32
        contentSpacing: Theme.section
        footSpacing: Theme.desktop ? Theme.space16 : Theme.space24

        lead: [
            StepBar {
                title: page.check.serviceTitle
                stepText: page.check.leftText
            },
            PageTitle {
                visible: !page._turned
                text: page.title
            }
        ]
        foot: [
            ProblemCard {
                id: problem
                visible: page._fault && !page._crowded
                width: frame.contentWidth
                transform: Translate {
                    y: -page._rise
                }
                text: page.check.problemText
            },
            ConsentBox {
                visible: !page._crowded
                width: frame.contentWidth
                transform: Translate {
                    y: -page._rise
                }
                label: page.check.consentText
                ticked: page.check.consent
                wrong: page._fault && !page.check.consent
                enabled: !page.check.busy
                onClicked: page.check.setConsent(!page.check.consent)
            },
            StatusLine {
                visible: !page._crowded
                width: frame.contentWidth
                transform: Translate {
                    y: -page._rise
                }
                iconName: "lock"
                text: page.check.sealedText
            },
            Flow {
                width: frame.contentWidth
                spacing: Theme.column
                topPadding: Theme.desktop || page._crowded ? 0 : Theme.section

                PrimaryButton {
                    width: Theme.desktop ? Math.max(implicitWidth, Theme.sp(480)) : parent.width
                    label: page.check.sendText
                    enabled: !page.check.busy
                    onClicked: page.check.submit()
                }
                SecondaryButton {
                    visible: Theme.desktop
                    implicitHeight: Theme.primaryHeight
                    iconBefore: "arrow-left"
                    label: Words.t("pages.back")
                    enabled: !page.check.busy
                    onClicked: page.session.goBack()
                }
            }
        ]

        PageTitle {
            visible: page._turned
            role: Theme.textScale >= 2 ? Theme.heading : Theme.title
            text: page.title
        }
        ProblemCard {
            id: problemAbove
            visible: page._fault && page._crowded
            width: parent.width
            text: page.check.problemText
        }
        Repeater {
            model: page.check.groups

            AnswerGroup {
                required property var model
                title: model.title
                rows: model.rows
                blank: page.session.idle.warning
                width: frame.contentWidth
                onChange: pageId => page.check.change(pageId)
            }
        }
        ConsentBox {
            visible: page._crowded
            width: parent.width
            label: page.check.consentText
            ticked: page.check.consent
            wrong: page._fault && !page.check.consent
            enabled: !page.check.busy
            onClicked: page.check.setConsent(!page.check.consent)
        }
        StatusLine {
            visible: page._crowded
            width: parent.width
            iconName: "lock"
            text: page.check.sealedText
        }
    }
}
