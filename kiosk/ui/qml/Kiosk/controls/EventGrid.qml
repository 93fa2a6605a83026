pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** Life events as tiles; one column in large print. */
TileGrid {
    id: grid

    /** Rows with roles eventId, title, icon. */
    property var events: null
    signal opened(string eventId)

    columns: Theme.large ? 1 : Math.max(1, Math.floor((width + Theme.column) / (Theme.tileMin + Theme.column)))

    Repeater {
        id: tiles
        model: grid.events

        LifeEventTile {
            required property int index
            required property string eventId
            required property string title
            required property var model

            width: grid.cell
            height: grid.rowHeight(tiles, index)
            label: title
            iconName: model.icon
            onClicked: grid.opened(eventId)
        }
    }
}
