import QtQuick
import Kiosk

/** Something that happens in a life: an icon and its name. */
PressBase {
    id: tile

    property string iconName: ""

    implicitHeight: Math.max(Theme.eventTileHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space28
    rightPadding: Theme.space16
    topPadding: Theme.space8
    bottomPadding: Theme.space8

    background: TileBack {
        down: tile.down
    }
    contentItem: IconLabel {
        icon: tile.iconName
        label: tile.label
        role: Theme.labelPlain
        color: Theme.action
        spacing: Theme.space24
    }
}
