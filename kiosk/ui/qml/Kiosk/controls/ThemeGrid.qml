pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** Themes as tiles, or as rows across the page in large print. */
TileGrid {
    id: grid

    /** Rows with roles themeId, title, countText, drawing. */
    property var themes: null
    property bool compact: false
    readonly property alias count: tiles.count
    signal opened(string themeId)

    /** The tile at `index`, for whoever asks what is on the screen. */
    function tile(index: int): Item {
        return tiles.itemAt(index);
    }

    columns: Theme.large ? 1 : Math.max(1, Math.floor((width + Theme.column) / (Theme.tileMin + Theme.column)))

    Repeater {
        id: tiles
        model: grid.themes

        Loader {
            id: place
            required property int index
            required property string themeId
            required property string title
            required property string countText
            required property string drawing

            width: grid.cell
            height: grid.rowHeight(tiles, index)
            sourceComponent: Theme.large ? row : tile

            Component {
                id: tile
                ThemeTile {
                    label: place.title
                    note: place.countText
                    drawing: place.drawing
                    compact: grid.compact
                    onClicked: grid.opened(place.themeId)
                }
            }
            Component {
                id: row
                LinearRow {
                    label: place.title
                    note: grid.compact ? "" : place.countText
                    drawing: place.drawing
                    onClicked: grid.opened(place.themeId)
                }
            }
        }
    }
}
