import QtQuick
import Kiosk

/** A section of the desktop program: icon, name, how many wait there. The one that is open is filled with ink. */
PressBase {
    id: item

    property string iconName: ""
    property int count: 0
    property bool current: false

    readonly property color _words: !enabled ? Theme.inkDisabled : current ? Theme.litWords : Theme.action

    hint: count > 0 ? count : ""
    ringRadius: Theme.radiusSmall * 2
    implicitHeight: Math.max(Theme.navItem, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.navPad
    rightPadding: Theme.navPad
    Accessible.role: Accessible.PageTab
    Accessible.selected: current

    background: Rectangle {
        radius: Theme.radius
        color: item.current ? Theme.lit : item.down || item.hovered ? Theme.navHover : "transparent"
        border.width: item.current ? 0 : Theme.contrast ? Theme.stroke : 0
        border.color: Theme.outline
    }
    contentItem: Item {
        implicitHeight: words.implicitHeight
        implicitWidth: words.implicitWidth

        IconLabel {
            id: words
            anchors.left: parent.left
            anchors.right: badge.visible ? badge.left : parent.right
            anchors.verticalCenter: parent.verticalCenter
            height: implicitHeight
            icon: item.iconName
            label: item.label
            role: item.current ? Theme.label : Theme.labelPlain
            color: item._words
            iconSize: Theme.navIcon
            spacing: Theme.navPad
        }
        Rectangle {
            id: badge
            visible: item.count > 0
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            width: Math.max(height, number.implicitWidth + Theme.space16)
            height: Theme.note.line + Theme.space12
            radius: height / 2
            color: Theme.paper
            border.width: Theme.stroke
            border.color: Theme.outline

            Prose {
                id: number
                role: Theme.noteMedium
                text: item.count
                anchors.centerIn: parent
                Accessible.ignored: true
            }
        }
    }
}
