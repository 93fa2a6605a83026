import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The question above everything: the scrim, and the card with the countdown. Any touch outside means yes. */
FocusScope {
    id: still

    required property SessionModel session
    focus: true

    Scrim {
        anchors.fill: parent
        onTouched: still.session.idle.stay()
    }
    TimeoutCard {
        session: still.session
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Math.min(Theme.timeoutFoot, Math.max(0, (parent.height - height) / 2))
        width: Math.min(parent.width - 2 * Theme.side, Theme.contentMax)
        focus: true
    }
}
