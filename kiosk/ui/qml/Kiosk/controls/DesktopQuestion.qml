pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** One question of a form on the desktop: the question large, its fields, Continue and Back, help and status below. */
QuestionBase {
    id: page

    property string drawing: ""
    property string status: ""
    property bool canGoBack: true
    property bool speech: false
    property bool speechAvailable: false
    holder: fields

    signal back
    signal help
    signal speak

    function toStart(): void {
        frame.toStart();
    }
    function showErrors(): void {
        frame.toStart();
        summary.takeFocus();
    }

    Keys.onPressed: event => {
        if (event.key === Qt.Key_Left && event.modifiers & Qt.AltModifier) {
            page.back();
            event.accepted = true;
        }
    }

    PageFrame {
        id: frame
        title: page.title
        x: Theme.desktopPad - Theme.side
        width: parent.width - 2 * x
        height: footer.y
        focus: true
        footGap: 0
        footMargin: Theme.space24
        contentSpacing: Theme.space64

        Item {
            width: parent.width
            height: Theme.desktopAir
        }
        ErrorSummary {
            id: summary
            model: page.errors
            title: page.errorTitle
            visible: page.errorTitle !== ""
            onChosen: pointer => page.errorChosen(pointer)
        }
        Column {
            width: parent.width - (art.visible ? Theme.themeCorner : 0)
            spacing: Theme.space24

            Prose {
                role: Theme.labelPlain
                text: page.stepText
                color: Theme.inkQuiet
                width: parent.width
            }
            Prose {
                role: Theme.question
                heading: true
                text: page.title
                width: parent.width
            }
            Prose {
                visible: text !== ""
                text: page.hint
                color: Theme.inkQuiet
                width: parent.width
            }
        }
        Column {
            id: fields
            width: Math.min(parent.width, Theme.fieldsMax)
        }
        Flow {
            width: parent.width
            spacing: Theme.gap + Theme.space8

            PrimaryButton {
                implicitHeight: Math.max(Theme.questionButton, implicitContentHeight + topPadding + bottomPadding)
                leftPadding: Theme.sp(80)
                rightPadding: Theme.sp(80)
                label: page.nextText
                onClicked: page.next()
            }
            SecondaryButton {
                implicitHeight: Math.max(Theme.questionButton, implicitContentHeight + topPadding + bottomPadding)
                leftPadding: Theme.sp(48)
                rightPadding: Theme.sp(48)
                iconBefore: "arrow-left"
                role: Theme.bodyMedium
                label: Words.t("pages.back")
                enabled: page.canGoBack
                onClicked: page.back()
            }
        }
        LinkButton {
            iconBefore: "qrcode"
            label: Words.t(Theme.large ? "draft.save_short" : "draft.save")
            onClicked: page.later()
        }
        Prose {
            role: Theme.note
            text: Words.t("pages.keys")
            color: Theme.inkQuiet
            width: parent.width
        }
    }
    ThemeDrawing {
        id: art
        name: page.drawing
        ink: Theme.drawing
        line: 2
        visible: page.drawing !== "" && page.width > 2 * Theme.sp(700) && !summary.visible
        width: Theme.themeCorner
        height: width
        x: page.width - Theme.desktopPad - width * 0.78
        y: Theme.space48
    }
    Item {
        id: footer
        x: Theme.desktopPad
        width: parent.width - 2 * x
        height: ways.height + 2 * Theme.space40
        anchors.bottom: parent.bottom

        Rectangle {
            width: parent.width
            height: Theme.hairline
            color: Theme.line
        }
        Row {
            id: ways
            spacing: Theme.space64
            anchors.verticalCenter: parent.verticalCenter

            LinkButton {
                iconBefore: "lifebuoy"
                label: Words.t("pages.consultant")
                onClicked: page.help()
            }
            LinkButton {
                visible: page.speechAvailable
                iconBefore: "volume"
                label: Words.t("pages.aloud")
                checkable: true
                checked: page.speech
                onClicked: page.speak()
            }
        }
        Prose {
            role: Theme.note
            text: page.status
            color: Theme.inkQuiet
            anchors.left: ways.right
            anchors.leftMargin: Theme.space32
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            horizontalAlignment: Text.AlignRight
        }
    }
}
