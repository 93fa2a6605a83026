import QtQuick
import Kiosk

/** An outlined button: it does something, or moves on without deciding. `on` fills it with ink. */
PressBase {
    id: button

    property string iconBefore: ""
    property string iconAfter: ""
    property TypeRole role: Theme.label
    property bool on: false
    /** Lies on canvas without a fill of its own. */
    property bool clear: false

    readonly property color _words: !enabled ? Theme.inkDisabled : on ? Theme.litWords : Theme.action

    implicitHeight: Math.max(Theme.buttonHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space28
    rightPadding: Theme.space28
    topPadding: Theme.space12
    bottomPadding: Theme.space12
    Accessible.checked: on

    background: Rectangle {
        radius: Theme.radius
        color: button.on ? Theme.lit : button.down ? Theme.pressed : button.clear ? Theme.canvas : Theme.paper
        border.width: Theme.stroke
        border.color: !button.enabled ? Theme.line : button.on ? Theme.lit : Theme.outline
    }
    contentItem: IconLabel {
        icon: button.iconBefore
        iconAfter: button.iconAfter
        label: button.label
        role: button.role
        color: button._words
        centered: true
    }
}
