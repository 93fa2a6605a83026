import QtQuick
import Kiosk

/** The city, drawn quietly in two greys with one red tram, door and flag. As wide as its place; decoration only. */
Item {
    id: city

    readonly property int _width: Math.round(Math.min(width, height * Theme.cityWidth / Theme.cityHeight))

    implicitWidth: Theme.cityWidth
    implicitHeight: Theme.cityHeight

    function _hex(colour: color): string {
        return "/" + colour.toString().slice(1);
    }

    Image {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        width: city._width
        height: Math.round(width * Theme.cityHeight / Theme.cityWidth)
        sourceSize: Qt.size(width, height)
        source: width > 0 ? "image://icon/city" + city._hex(Theme.drawing) + city._hex(Theme.drawingFar)
            + city._hex(Theme.accentLine) + city._hex(Theme.canvas) : ""
        Accessible.ignored: true
    }
}
