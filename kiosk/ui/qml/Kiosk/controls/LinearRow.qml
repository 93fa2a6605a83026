import QtQuick
import Kiosk

/** A tile across the whole page: a drawing or an icon, a name, a line about it, a chevron. Large print uses it for tiles. */
PressBase {
    id: row

    property string drawing: ""
    property string iconName: ""
    property string note: ""
    property real iconSize: Theme.sp(56)
    /** Half of a page has no room for it. */
    property bool chevron: true

    hint: note
    implicitHeight: Math.max(Theme.rowHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.tilePad
    rightPadding: Theme.space32
    topPadding: Theme.space12
    bottomPadding: Theme.space12

    background: TileBack {
        down: row.down
    }
    contentItem: Item {
        implicitWidth: texts.x + name.implicitWidth + (row.chevron ? Theme.space40 + Theme.icon : 0)
        implicitHeight: texts.height

        ThemeDrawing {
            id: art
            name: row.drawing
            visible: row.drawing !== ""
            width: visible ? Theme.themeDrawing : 0
            height: width
            anchors.verticalCenter: parent.verticalCenter
        }
        Icon {
            id: sign
            name: row.iconName
            size: row.iconSize
            color: Theme.action
            anchors.verticalCenter: parent.verticalCenter
        }
        Column {
            id: texts
            x: Math.max(art.width, sign.visible ? sign.width : 0) + Theme.tileGap
            width: parent.width - x - (row.chevron ? Theme.icon + Theme.space16 : 0)
            anchors.verticalCenter: parent.verticalCenter

            Prose {
                id: name
                role: Theme.label
                text: row.label
                color: Theme.action
                width: parent.width
                Accessible.ignored: true
            }
            Prose {
                role: Theme.note
                text: row.note
                color: Theme.actionQuiet
                width: parent.width
                visible: text !== ""
                Accessible.ignored: true
            }
        }
        Icon {
            visible: row.chevron
            name: "chevron-right"
            size: Theme.icon
            color: Theme.action
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
        }
    }
}
