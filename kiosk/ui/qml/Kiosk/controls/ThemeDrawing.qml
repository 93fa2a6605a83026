import QtQuick
import Kiosk

/** The drawing of a theme: one line style, one part in the accent. Decoration: the name beside it carries the meaning. */
Image {
    id: art

    /** `drawing` of the theme: a file name in resources/icons/themes without `.svg`. */
    property string name: ""
    property color ink: Theme.ink
    property color accent: Theme.accentLine
    /** Width of the lines in pixels; 0 as they are drawn: 3 on a grid of 96. */
    property real line: 0

    readonly property int _edge: Math.round(Math.min(width, height))

    width: Theme.themeDrawing
    height: width
    sourceSize: Qt.size(_edge, _edge)
    fillMode: Image.PreserveAspectFit
    visible: name !== ""
    source: name && _edge > 0 ? "image://icon/themes/" + name + "/" + art.ink.toString().slice(1) + "/"
        + art.accent.toString().slice(1) + (line > 0 ? "?line=" + (line * 96 / _edge).toFixed(2) : "") : ""
    Accessible.ignored: true
}
