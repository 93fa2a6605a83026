import QtQuick
import Kiosk

/** One of a few acts beside the main one: outlined, its icon above its words. */
PressBase {
    id: tile

    property string iconName: ""

    implicitHeight: Math.max(Theme.actionHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space8
    rightPadding: Theme.space8
    topPadding: Theme.space16
    bottomPadding: Theme.space16

    background: Rectangle {
        radius: Theme.radius
        color: tile.down ? Theme.pressed : Theme.paper
        border.width: Theme.stroke
        border.color: tile.enabled ? Theme.outline : Theme.line
    }
    contentItem: IconLabel {
        icon: tile.iconName
        label: tile.label
        color: tile.enabled ? Theme.action : Theme.inkDisabled
        iconSize: Theme.sp(44)
        centered: true
        stacked: true
    }
}
