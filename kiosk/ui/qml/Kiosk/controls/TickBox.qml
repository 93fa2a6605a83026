import QtQuick
import Kiosk

/** A box to tick, with the words that it stands for: the whole of it is touched. */
PressBase {
    id: tick

    property bool ticked: false
    property bool wrong: false
    property real minHeight: Theme.tickHeight

    implicitHeight: Math.max(minHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space28 + Theme.stroke
    rightPadding: Theme.space28
    topPadding: Theme.space12
    bottomPadding: Theme.space12
    Accessible.role: Accessible.CheckBox
    Accessible.checkable: true
    Accessible.checked: ticked

    background: Rectangle {
        radius: Theme.radius
        color: tick.down ? Theme.pressed : Theme.paper
        border.width: tick.wrong ? Theme.strokeStrong : Theme.stroke
        border.color: !tick.enabled ? Theme.line : tick.wrong ? Theme.error : Theme.outline
    }
    contentItem: Item {
        implicitWidth: box.width + Theme.space28 + words.implicitWidth
        implicitHeight: Math.max(box.height, words.height)

        Rectangle {
            id: box
            width: Theme.tickBox
            height: width
            radius: Theme.radiusSmall + Theme.space4
            anchors.verticalCenter: parent.verticalCenter
            color: tick.ticked ? Theme.lit : Theme.paper
            border.width: tick.ticked ? 0 : Theme.strokeStrong - 1
            border.color: tick.enabled ? tick.wrong ? Theme.error : Theme.outline : Theme.line

            Icon {
                visible: tick.ticked
                name: "check"
                size: parent.width * Theme.tickFill
                color: Theme.litWords
                anchors.centerIn: parent
            }
        }
        Prose {
            id: words
            text: tick.label
            lineHeight: Theme.row.line
            color: tick.enabled ? Theme.action : Theme.inkDisabled
            anchors.left: box.right
            anchors.leftMargin: Theme.space28
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
    }
}
