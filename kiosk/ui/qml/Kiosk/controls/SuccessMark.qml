import QtQuick
import Kiosk

/** The green round with a tick: it worked. The words beside it say so. */
Rectangle {
    implicitWidth: Theme.successMark
    implicitHeight: implicitWidth
    radius: width / 2
    color: Theme.success
    Accessible.ignored: true

    Icon {
        name: "check"
        size: parent.width * Theme.tickFill
        color: Theme.successWords
        anchors.centerIn: parent
    }
}
