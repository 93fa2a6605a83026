import QtQuick
import Kiosk
import Kiosk.ViewModels

/**
 * The bar within everybody's reach, on every page but Welcome. Row 1 moves: Back, Home, Help, End; out of service it is
 * not there. Row 2 changes the view: Larger, Contrast, Read aloud, Language.
 */
Rectangle {
    id: bar

    required property SessionModel session
    /** Out of service there is nowhere to go; the view changes all the same. */
    readonly property bool _moves: session.page !== "OutOfService"
    readonly property real _room: width - 2 * Theme.barSide
    readonly property int _columns: {
        for (const columns of [8, 4, 2])
            if ((_room - (columns - 1) * Theme.barGap) / columns >= Theme.barCellMin)
                return columns;
        return 1;
    }
    readonly property real _cell: (_room - (_columns - 1) * Theme.barGap) / _columns

    implicitHeight: cells.height + 2 * Theme.barPad + Theme.hairline - Theme.hairline
    color: Theme.paper
    Accessible.role: Accessible.ToolBar
    Accessible.name: Words.t("controls.bar")

    Rectangle {
        width: parent.width
        height: Theme.hairline
        color: Theme.line
    }
    Grid {
        id: cells
        x: Theme.barSide
        y: Theme.barPad
        columns: bar._columns
        spacing: Theme.barGap

        ReachButton {
            width: bar._cell
            visible: bar._moves
            label: Words.t("controls.back")
            iconName: "arrow-left"
            enabled: bar.session.canGoBack
            onClicked: bar.session.goBack()
        }
        ReachButton {
            width: bar._cell
            visible: bar._moves
            label: Words.t("controls.home")
            iconName: "home"
            onClicked: bar.session.goHome()
        }
        ReachButton {
            width: bar._cell
            visible: bar._moves
            label: Words.t("controls.help")
            iconName: "lifebuoy"
            onClicked: bar.session.openHelp()
        }
        ReachButton {
            width: bar._cell
            visible: bar._moves
            label: Words.t("controls.end")
            spoken: Words.t("controls.end_spoken")
            iconName: "logout"
            onClicked: bar.session.end()
        }
        ReachButton {
            width: bar._cell
            label: Words.t("controls.larger")
            iconName: "text-size"
            switching: true
            on: bar.session.accessibility.textScale > 1
            hint: Words.t("controls.larger_hint")
            onClicked: bar.session.accessibility.larger()
        }
        ReachButton {
            width: bar._cell
            label: Words.t("controls.contrast")
            iconName: "contrast"
            switching: true
            on: bar.session.accessibility.contrast
            onClicked: bar.session.accessibility.toggleContrast()
        }
        ReachButton {
            width: bar._cell
            label: Words.t("controls.speech")
            spoken: Words.t("controls.speech_spoken")
            iconName: "volume"
            switching: true
            enabled: bar.session.accessibility.speechAvailable
            on: bar.session.accessibility.speech
            onClicked: bar.session.accessibility.toggleSpeech()
        }
        ReachButton {
            width: bar._cell
            label: Words.t("controls.language")
            spoken: Words.t("controls.language_spoken")
            iconName: "world"
            onClicked: bar.session.setLanguage(bar.session.otherLanguage)
        }
    }
}
