import QtQuick
import Kiosk

/** Whether something holds, in words and icon, on green; otherwise on the colour of warnings. */
Rectangle {
    id: tag

    property string text: ""
    property bool good: true
    property string iconName: good ? "circle-check" : "alert-triangle"
    readonly property color _words: good ? Theme.success : Theme.warning

    implicitWidth: sign.width + words.implicitWidth + 3 * Theme.space28
    implicitHeight: Math.max(Theme.validityHeight, words.height + 2 * Theme.space16)
    radius: Theme.radius
    color: good ? Theme.successPaper : Theme.warningPaper
    border.width: Theme.contrast ? Theme.hairline : 0
    border.color: Theme.line

    Icon {
        id: sign
        name: tag.iconName
        size: Theme.sp(44)
        color: tag._words
        x: Theme.space28
        anchors.verticalCenter: parent.verticalCenter
    }
    Prose {
        id: words
        role: Theme.bodyMedium
        text: tag.text
        color: tag._words
        anchors.left: sign.right
        anchors.leftMargin: Theme.space20
        anchors.right: parent.right
        anchors.rightMargin: Theme.space28
        anchors.verticalCenter: parent.verticalCenter
    }
}
