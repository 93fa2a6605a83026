import QtQuick
import Kiosk

/** The one title of a page. */
Prose {
    role: Theme.title
    heading: true
    width: parent ? parent.width : implicitWidth
}
