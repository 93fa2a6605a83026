import QtQuick
import Kiosk

/** A theme of the catalogue: its drawing, its name, how many services. Grows with its name, never shrinks it. */
PressBase {
    id: tile

    property string drawing: ""
    property string note: ""
    /** In low reach: smaller, without the count. */
    property bool compact: false

    hint: note
    implicitHeight: Math.max(compact ? Theme.themeTileLow : Theme.themeTileHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.tilePad
    rightPadding: Theme.space16
    topPadding: Theme.space8
    bottomPadding: Theme.space8

    background: TileBack {
        down: tile.down
    }
    contentItem: Item {
        implicitWidth: art.width + texts.anchors.leftMargin + name.implicitWidth
        implicitHeight: texts.height

        ThemeDrawing {
            id: art
            name: tile.drawing
            width: tile.compact ? Theme.themeDrawingLow : Theme.themeDrawing
            height: width
            anchors.verticalCenter: parent.verticalCenter
        }
        Column {
            id: texts
            anchors.left: art.right
            anchors.leftMargin: tile.compact ? Theme.space16 : Theme.tileGap
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter

            Prose {
                id: name
                role: Theme.label
                text: tile.label
                color: Theme.action
                width: parent.width
                Accessible.ignored: true
            }
            Prose {
                role: Theme.note
                text: tile.note
                color: Theme.actionQuiet
                width: parent.width
                visible: !tile.compact && text !== ""
                Accessible.ignored: true
            }
        }
    }
}
