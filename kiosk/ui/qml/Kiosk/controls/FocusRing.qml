import QtQuick
import Kiosk

/** The ring around whatever has the focus: a gap of canvas, then the ring, outside the control. */
Rectangle {
    id: ring

    /** The control that the ring belongs to. */
    required property Item control
    /** Corner radius of the control itself. */
    property real inner: Theme.radius

    anchors.fill: parent
    anchors.margins: -(Theme.ring + Theme.ringGap)
    radius: inner + Theme.ring + Theme.ringGap
    color: "transparent"
    border.width: Theme.ring
    border.color: Theme.focus
    visible: control.activeFocus
}
