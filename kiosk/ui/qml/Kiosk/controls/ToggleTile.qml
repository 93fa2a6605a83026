import QtQuick
import Kiosk

/** A switch as a tile: icon, what it is, what it does. On: filled with ink, and its state is spoken. */
PressBase {
    id: tile

    property string iconName: ""
    property string note: ""
    property bool on: false

    checkable: false
    implicitHeight: Math.max(Theme.toggleHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space28
    rightPadding: Theme.space16
    topPadding: Theme.space12
    bottomPadding: Theme.space12
    hint: note
    Accessible.role: Accessible.CheckBox
    Accessible.checkable: true
    Accessible.checked: on

    readonly property color _words: !enabled ? Theme.inkDisabled : on ? Theme.litWords : Theme.action

    background: TileBack {
        down: tile.down
        on: tile.on
        border: tile.enabled ? Theme.tileLine : Theme.line
    }
    contentItem: Item {
        implicitWidth: sign.width + Theme.space24 + Math.max(name.implicitWidth, about.implicitWidth)
        implicitHeight: texts.height

        Icon {
            id: sign
            name: tile.on ? "check" : tile.iconName
            size: Theme.sp(48)
            color: tile._words
            anchors.verticalCenter: parent.verticalCenter
        }
        Column {
            id: texts
            anchors.left: sign.right
            anchors.leftMargin: Theme.space24
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter

            Prose {
                id: name
                role: Theme.label
                text: tile.label
                color: tile._words
                width: parent.width
                Accessible.ignored: true
            }
            Prose {
                id: about
                role: Theme.note
                text: tile.note
                color: tile.on ? Theme.litWords : tile.enabled ? Theme.actionQuiet : Theme.inkDisabled
                width: parent.width
                visible: text !== ""
                Accessible.ignored: true
            }
        }
    }
}
