import QtQuick
import Kiosk

/** Dims everything below and takes every touch; `touched` tells that somebody is there. */
Rectangle {
    id: scrim

    signal touched

    color: Theme.scrim
    opacity: visible ? 1 : 0
    Accessible.ignored: true

    Behavior on opacity {
        NumberAnimation {
            duration: Theme.motion
        }
    }
    MouseArea {
        anchors.fill: parent
        hoverEnabled: true
        onReleased: scrim.touched()
        onWheel: wheel => wheel.accepted = true
    }
}
