import QtQuick
import Kiosk

/**
 * One icon of resources/icons in one colour. Decoration only: the words beside it carry the meaning.
 */
Image {
    id: icon

    /** File name in resources/icons without `.svg`; empty shows nothing. */
    property string name: ""
    /** Edge of the square, pixels. */
    property real size: Theme.icon
    property color color: Theme.ink

    width: name ? size : 0
    height: width
    sourceSize: Qt.size(size, size)
    fillMode: Image.PreserveAspectFit
    visible: name !== ""
    source: name ? "image://icon/" + name + "/" + color.toString().slice(1) : ""
    Accessible.ignored: true
}
