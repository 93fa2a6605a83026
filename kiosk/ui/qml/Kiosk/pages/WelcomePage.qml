import QtQuick
import Kiosk
import Kiosk.ViewModels

/**
 * The first screen: the city, a greeting, one large button, and how a visitor wants to see, hear and reach.
 * Everything that is pressed stands low enough for a seated person.
 */
FocusScope {
    id: page

    required property SessionModel session
    readonly property string title: Words.t("controls.welcome_title")
    /** A landscape panel: the greeting at the left, the choices at the right. */
    readonly property bool _wide: width > height
    readonly property bool _tight: Theme.textScale >= 2
    /** The way to a saved application stands below the start: in large print the choices fill their half. */
    readonly property bool _resumeLeft: _wide && Theme.large
    /** In low reach there is no room for another row: it stands beside the start. */
    readonly property bool _resumeBeside: !_wide && Theme.large && Theme.lowReach
    readonly property real _half: _wide ? width / 2 : width
    readonly property int _columns: Theme.large || _half < Theme.panelWidth * Theme.halfShare ? 1 : 2
    readonly property real _inner: _half - 2 * Theme.side
    readonly property real _cell: (_inner - (_columns - 1) * Theme.column) / _columns

    CityDrawing {
        x: (page._half - width) / 2
        y: Theme.cityTop - Theme.pageTop
        width: Math.min(page._half, Theme.cityWidth)
        height: Theme.cityHeight * width / Theme.cityWidth
        visible: y + height < greeting.y + Theme.space8
    }
    Column {
        id: greeting
        x: Theme.side
        width: page._inner
        anchors.bottom: start.top
        anchors.bottomMargin: Theme.large ? Theme.space32 : Theme.welcomeGap
        spacing: Theme.space16

        Prose {
            id: hello
            role: Theme.textScale >= 2 ? Theme.title : Theme.display
            heading: true
            text: page.title
            width: parent.width
        }
        Prose {
            text: Words.t(Theme.textScale >= 2 ? "controls.welcome_text_short" : "controls.welcome_text")
            color: Theme.inkQuiet
            width: Math.min(parent.width, Theme.measureShort)
            // The greeting gives way before a control does.
            visible: page.height - (page._wide ? 0 : panel.height) - start.height - hello.height - implicitHeight > 2 * Theme.space56 + Theme.space16
        }
    }
    SecondaryButton {
        id: resumeLeft
        visible: page._resumeLeft || page._resumeBeside
        x: page._resumeBeside ? start.x + start.width + Theme.column : Theme.side
        width: page._resumeBeside ? Math.min(implicitWidth, page._inner * Theme.wayShare) : page._inner
        height: page._resumeBeside ? start.height : implicitHeight
        anchors.bottom: page._resumeBeside ? start.bottom : parent.bottom
        anchors.bottomMargin: page._resumeBeside ? 0 : Theme.space56
        iconBefore: page._tight || page._resumeBeside ? "" : "qrcode"
        label: Words.t(page._resumeBeside ? "draft.continue_tile" : "draft.continue")
        spoken: Words.t("draft.continue")
        onClicked: page.session.openResume()
    }
    PrimaryButton {
        id: start
        x: Theme.side
        width: page._inner - (page._resumeBeside ? resumeLeft.width + Theme.column : 0)
        anchors.bottom: page._resumeLeft ? resumeLeft.top : page._wide ? parent.bottom : panel.top
        anchors.bottomMargin: Theme.large ? page._wide && !page._resumeLeft ? Theme.space56 : Theme.space32 : Theme.space56
        implicitHeight: Math.max(Theme.startHeight, implicitContentHeight + topPadding + bottomPadding)
        role: Theme.large ? Theme.primary : Theme.start
        label: Words.t(page._tight || page._resumeBeside ? "controls.welcome_start_short" : "controls.welcome_start")
        onClicked: page.session.start()
    }
    Rectangle {
        id: panel
        anchors.bottom: parent.bottom
        anchors.right: parent.right
        width: page._half
        height: page._wide ? parent.height + Theme.pageTop : choices.height + choices.y + (page._tight ? Theme.space24 : Theme.large ? Theme.space40 : Theme.space48)
        color: Theme.paper

        Rectangle {
            width: page._wide ? Theme.hairline : parent.width
            height: page._wide ? parent.height : Theme.hairline
            color: Theme.line
        }
        Column {
            id: choices
            x: Theme.side
            y: page._wide ? page.height + Theme.pageTop - height - (page._tight ? Theme.space24 : Theme.space48) : Theme.large ? Theme.space24 : Theme.space40
            width: page._inner
            spacing: page._tight ? Theme.gap : Theme.column

            Prose {
                role: Theme.heading
                heading: true
                text: Words.t("controls.welcome_choices")
                width: parent.width
                visible: Theme.textScale < 2
            }
            Grid {
                columns: page._columns
                columnSpacing: Theme.column
                rowSpacing: Theme.large ? Theme.gap : Theme.column

                ToggleTile {
                    width: page._cell
                    iconName: "text-size"
                    label: Words.t("controls.large_title")
                    note: Theme.large ? "" : Words.t("controls.large_note")
                    on: page.session.accessibility.textScale > 1
                    onClicked: page.session.accessibility.larger()
                }
                ToggleTile {
                    width: page._cell
                    iconName: "contrast"
                    label: Words.t("controls.contrast")
                    note: Theme.large ? "" : Words.t("controls.contrast_note")
                    on: page.session.accessibility.contrast
                    onClicked: page.session.accessibility.toggleContrast()
                }
                ToggleTile {
                    width: page._cell
                    iconName: "volume"
                    label: Words.t("controls.speech_title")
                    note: Theme.large ? "" : Words.t("controls.speech_note")
                    enabled: page.session.accessibility.speechAvailable
                    on: page.session.accessibility.speech
                    onClicked: page.session.accessibility.toggleSpeech()
                }
                ToggleTile {
                    width: page._cell
                    iconName: "arrow-bar-to-down"
                    label: Words.t("controls.low_title")
                    note: Theme.large ? "" : Words.t("controls.low_note")
                    on: page.session.accessibility.lowReach
                    onClicked: page.session.accessibility.toggleLowReach()
                }
            }
            Item {
                width: parent.width
                height: Theme.large ? Theme.hairline : Theme.welcomeRule
                Rectangle {
                    y: Theme.large ? 0 : Theme.column
                    width: parent.width
                    height: Theme.hairline
                    color: Theme.line
                }
            }
            Row {
                spacing: Theme.column

                LanguageChoice {
                    width: (page._inner - Theme.column) / 2
                    label: "Русский"
                    chosen: page.session.language === "ru"
                    onClicked: page.session.setLanguage("ru")
                }
                LanguageChoice {
                    width: (page._inner - Theme.column) / 2
                    label: "English"
                    chosen: page.session.language === "en"
                    onClicked: page.session.setLanguage("en")
                }
            }
            Grid {
                id: others
                readonly property real cell: (width - (columns - 1) * columnSpacing) / columns
                readonly property real high: Math.max(help.implicitHeight, resume.implicitHeight)
                columns: page._columns
                columnSpacing: Theme.column
                rowSpacing: page._tight ? Theme.gap : Theme.column
                width: parent.width

                SecondaryButton {
                    id: help
                    width: others.cell
                    height: others.columns > 1 ? others.high : implicitHeight
                    iconBefore: "lifebuoy"
                    label: Words.t(page._tight && page._wide ? "controls.help" : "controls.call_staff")
                    onClicked: page.session.openHelp()
                }
                SecondaryButton {
                    id: resume
                    visible: !page._resumeLeft && !page._resumeBeside
                    width: others.cell
                    height: others.columns > 1 ? others.high : implicitHeight
                    iconBefore: page._tight ? "" : "qrcode"
                    label: Words.t("draft.continue")
                    onClicked: page.session.openResume()
                }
            }
        }
    }
}
