import QtQuick
import Kiosk

/** The heading of a section. */
Prose {
    role: Theme.heading
    heading: true
    width: parent ? parent.width : implicitWidth
}
