import QtQuick
import Kiosk

/** One language, written in itself. Chosen: a thick outline of ink, a tick, and heavier words. */
PressBase {
    id: choice

    property bool chosen: false

    implicitHeight: Math.max(Theme.languageHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space8
    rightPadding: Theme.space8
    Accessible.role: Accessible.RadioButton
    Accessible.checkable: true
    Accessible.checked: chosen

    background: Rectangle {
        radius: Theme.radius
        color: choice.down ? Theme.pressed : Theme.paper
        border.width: choice.chosen ? Theme.strokeStrong : Theme.stroke
        border.color: choice.chosen ? Theme.lit : Theme.outline
    }
    contentItem: IconLabel {
        icon: choice.chosen ? "check" : ""
        label: choice.label
        role: choice.chosen ? Theme.bodyStrong : Theme.label
        color: Theme.action
        spacing: Theme.large ? Theme.space8 : Theme.space20
        centered: true
    }
}
