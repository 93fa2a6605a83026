import QtQuick
import Kiosk

/** What the results can be narrowed to: filled with ink and ticked when they are. */
PressBase {
    id: chip

    property bool on: false

    implicitHeight: Math.max(Theme.chipHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space28
    rightPadding: Theme.space28
    Accessible.role: Accessible.CheckBox
    Accessible.checkable: true
    Accessible.checked: on

    background: Rectangle {
        radius: Theme.radius
        color: chip.on ? Theme.lit : chip.down ? Theme.pressed : Theme.canvas
        border.width: Theme.stroke
        border.color: chip.on ? Theme.lit : Theme.outline
    }
    contentItem: IconLabel {
        label: chip.label
        icon: chip.on ? "check" : ""
        role: Theme.labelPlain
        color: chip.on ? Theme.litWords : Theme.action
        centered: true
    }
}
