import QtQuick
import Kiosk

/** The back of a tile: paper, a line around, a solid lip below; pressed, the lip is gone and the paper lies lower. */
Item {
    id: tile

    property bool down: false
    /** Chosen: filled with ink. */
    property bool on: false
    property color border: Theme.tileLine
    property int sink: down ? Theme.hairline : 0

    Rectangle {
        width: parent.width
        y: tile.sink
        height: parent.height + (tile.down || tile.on ? 0 : Theme.lip) - tile.sink
        radius: Theme.radius
        color: tile.on ? Theme.lit : tile.border
    }
    Rectangle {
        x: Theme.stroke
        y: Theme.stroke + tile.sink
        width: parent.width - 2 * x
        height: parent.height - 2 * Theme.stroke - tile.sink
        radius: Theme.radius - Theme.stroke
        color: tile.on ? Theme.lit : tile.down ? Theme.pressed : Theme.paper
    }
}
