import QtQuick
import QtQuick.Templates as T
import Kiosk

/** Shows where a desktop page stands; it can be dragged, the wheel and the keys do the same. */
T.ScrollBar {
    id: bar

    required property Flickable flickable

    orientation: Qt.Vertical
    height: flickable.height
    width: Theme.scrollWidth
    size: flickable.visibleArea.heightRatio
    position: flickable.visibleArea.yPosition
    active: true
    padding: Theme.hairline
    onPositionChanged: if (pressed) flickable.contentY = position * flickable.contentHeight
    Accessible.ignored: true
    contentItem: Rectangle {
        radius: width / 2
        color: bar.pressed ? Theme.ink : Theme.outline
    }
}
