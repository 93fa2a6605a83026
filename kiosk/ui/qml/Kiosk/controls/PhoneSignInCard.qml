import QtQuick
import Kiosk

/** Sign in with the phone, and what that gives. Says that it will need the network. */
LinearRow {
    iconSize: note && chevron ? Theme.sp(56) : Theme.sp(48)
    iconName: "device-mobile"
    implicitHeight: Math.max(note ? Theme.cardHeight : Theme.cardLow, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.space28
    rightPadding: Theme.space24
}
