import QtQuick
import Kiosk

/** The one next step of a page, filled with the accent. Its words say what it does. */
PressBase {
    id: button


    property string iconBefore: ""
    /** Icon after the words: an arrow where the step leads on. */
    property string iconAfter: ""
    property TypeRole role: Theme.primary

    readonly property color _words: enabled ? Theme.accentWords : Theme.inkDisabled

    implicitHeight: Math.max(Theme.primaryHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.large && !Theme.desktop ? Theme.space24 : Theme.space40
    rightPadding: leftPadding
    topPadding: Theme.space16
    bottomPadding: Theme.space16

    background: Rectangle {
        radius: Theme.radius
        color: !button.enabled ? Theme.paper : button.down ? Theme.accentPressed : Theme.accent
        border.width: button.enabled ? 0 : Theme.stroke
        border.color: Theme.line
    }
    contentItem: IconLabel {
        icon: button.iconBefore
        iconAfter: button.iconAfter
        label: button.label
        role: button.role
        color: button._words
        iconSize: Theme.sp(44)
        centered: true
    }
}
