import QtQuick
import Kiosk

/** A number that the visitor takes away: what it is, and the number itself, as large as anything gets. */
Item {
    id: plate

    property string label: ""
    property string number: ""

    width: parent ? parent.width : implicitWidth
    implicitWidth: worth.implicitWidth
    implicitHeight: worth.y + worth.height

    Prose {
        id: name
        text: plate.label
        width: parent.width
        visible: text !== ""
    }
    Prose {
        id: worth
        y: name.visible ? name.height : 0
        role: Theme.display
        text: plate.number
        width: parent.width
        // Never broken in the middle of a digit group: smaller rather than in two lines.
        wrapMode: Text.NoWrap
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.heading.size
    }
}
