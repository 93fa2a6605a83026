import QtQuick
import Kiosk

/** One cell of the reach bar. `on` fills it; not available, it stays in its place with grey words. */
PressBase {
    id: cell

    property string iconName: ""
    property bool on: false
    /** It is a switch: its state is spoken. */
    property bool switching: false

    readonly property color _words: !enabled ? Theme.inkDisabled : on ? Theme.litWords : Theme.action

    implicitHeight: Theme.barCell
    leftPadding: Theme.space4
    rightPadding: Theme.space4
    topPadding: 0
    bottomPadding: 0
    Accessible.role: switching ? Accessible.CheckBox : Accessible.Button
    Accessible.checkable: switching
    Accessible.checked: on

    background: Rectangle {
        radius: Theme.radius
        color: cell.on ? Theme.lit : cell.down ? Theme.pressed : Theme.paper
        border.width: Theme.stroke
        border.color: !cell.enabled ? Theme.line : cell.on ? Theme.lit : Theme.outline
    }
    contentItem: IconLabel {
        icon: cell.iconName
        label: cell.label
        role: Theme.noteMedium
        color: cell._words
        iconSize: Theme.barIcon
        spacing: Theme.space12
        centered: true
        stacked: Theme.barStacked
    }
}
