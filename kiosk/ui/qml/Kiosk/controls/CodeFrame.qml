import QtQuick
import Kiosk

/**
 * A QR code: black on white in every theme, whole pixels a module, quiet zone of 4 modules (it is in the picture).
 * As large as `room` lets it be. The words beside it say what it is for.
 */
Rectangle {
    id: frame

    /** data: URL of a picture of one pixel a module, quiet zone included. */
    property string source: ""
    /** Side of that picture in modules; 0 while there is no code. */
    property int modules: 0
    /** Edge of the square that it may take, pixels. */
    property real room: Theme.codeFrame
    /** What is spoken. */
    property string name: ""
    /** Whole pixels a module. */
    readonly property int scaling: modules > 0 ? Math.max(1, Math.floor(room / modules)) : 0

    implicitWidth: Math.max(room, scaling * modules)
    implicitHeight: implicitWidth
    visible: modules > 0
    radius: Theme.radius
    color: Theme.codePaper
    Accessible.role: Accessible.Graphic
    Accessible.name: name

    Image {
        id: picture
        // On a whole pixel, so that no module is blurred over two.
        x: Math.floor((frame.width - width) / 2)
        y: Math.floor((frame.height - height) / 2)
        width: frame.scaling * frame.modules
        height: width
        source: frame.source
        smooth: false
        mipmap: false
        cache: false
        fillMode: Image.Stretch
        Accessible.ignored: true
    }
}
