import QtQuick
import Kiosk

/** One answer of several, of which one is chosen; with `many`, any number. The whole row is touched. */
PressBase {
    id: row

    property bool chosen: false
    /** Any number may be chosen: a square with a tick instead of a ring with a dot. */
    property bool many: false
    property bool wrong: false
    /** Without its ring, where there is no room for one. */
    property bool ringless: false

    implicitHeight: Math.max(Theme.choiceHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space28
    rightPadding: Theme.space28
    topPadding: Theme.space16
    bottomPadding: Theme.space16
    Accessible.role: many ? Accessible.CheckBox : Accessible.RadioButton
    Accessible.checkable: true
    Accessible.checked: chosen

    background: Rectangle {
        radius: Theme.radius
        color: row.down ? Theme.pressed : Theme.paper
        border.width: row.chosen || row.wrong ? Theme.strokeStrong : Theme.stroke
        border.color: !row.enabled ? Theme.line : row.chosen ? Theme.lit : row.wrong ? Theme.error : Theme.outline
    }
    contentItem: Item {
        implicitWidth: mark.width + Theme.space24 + words.implicitWidth
        implicitHeight: Math.max(mark.height, words.height)

        Rectangle {
            id: mark
            visible: !row.ringless
            width: visible ? Theme.radioRing : 0
            height: width
            radius: row.many ? Theme.radiusSmall : width / 2
            anchors.verticalCenter: parent.verticalCenter
            color: row.many && row.chosen ? Theme.lit : "transparent"
            border.width: row.chosen ? Theme.strokeStrong : Theme.stroke + 1
            border.color: !row.enabled ? Theme.inkDisabled : row.chosen ? Theme.lit : Theme.outline

            Rectangle {
                visible: row.chosen && !row.many
                width: parent.width / 2
                height: width
                radius: width / 2
                anchors.centerIn: parent
                color: Theme.lit
            }
            Icon {
                visible: row.chosen && row.many
                name: "check"
                size: parent.width * Theme.tickFill
                color: Theme.litWords
                anchors.centerIn: parent
            }
        }
        Prose {
            id: words
            role: row.chosen ? Theme.bodyMedium : Theme.body
            text: row.label
            color: row.enabled ? Theme.action : Theme.inkDisabled
            anchors.left: mark.right
            anchors.leftMargin: mark.visible ? Theme.space24 : 0
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
    }
}
