import QtQuick
import Kiosk

/** Tiles in columns of equal width; the tiles of one row are equally high, however long their names are. */
Grid {
    id: grid

    readonly property real cell: (width - (columns - 1) * columnSpacing) / Math.max(1, columns)

    columnSpacing: Theme.column
    rowSpacing: Theme.rowGap

    /** The height of the row that the tile at `index` of `tiles` stands in. */
    function rowHeight(tiles: Repeater, index: int): real {
        const first = index - index % columns;
        let tallest = 0;
        for (let at = first; at < Math.min(first + columns, tiles.count); ++at)
            tallest = Math.max(tallest, tiles.itemAt(at)?.implicitHeight ?? 0);
        return tallest;
    }
}
