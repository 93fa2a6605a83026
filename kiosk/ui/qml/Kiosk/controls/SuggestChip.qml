import QtQuick
import Kiosk

/** A query that people often start with. */
PressBase {
    id: chip

    implicitHeight: Math.max(Theme.chipHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space28
    rightPadding: Theme.space28

    background: Rectangle {
        radius: Theme.radius
        color: chip.down ? Theme.pressed : Theme.canvas
        border.width: Theme.stroke
        border.color: Theme.outline
    }
    contentItem: IconLabel {
        label: chip.label
        role: Theme.labelPlain
        color: Theme.action
        centered: true
    }
}
