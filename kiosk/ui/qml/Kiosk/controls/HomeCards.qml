import QtQuick
import Kiosk
import Kiosk.ViewModels

/**
 * What a visitor comes back for: to sign in with the phone, and to continue an application that was saved. Side by side
 * on the kiosk, below each other in large print and on the desktop. `brief` leaves the second lines out.
 */
Grid {
    id: cards

    required property SessionModel session
    property bool brief: false
    readonly property bool _beside: !Theme.large && !Theme.desktop
    readonly property real _cell: _beside ? (width - columnSpacing) / 2 : width
    readonly property real _height: Math.max(phone.implicitHeight, saved.implicitHeight)

    columns: _beside ? 2 : 1
    columnSpacing: Theme.column
    rowSpacing: Theme.rowGap
    width: parent ? parent.width : implicitWidth

    PhoneSignInCard {
        id: phone
        width: cards._cell
        height: cards._beside ? cards._height : implicitHeight
        chevron: !cards._beside
        label: Words.t(Theme.desktop ? "controls.signin_desktop" : cards._beside ? "controls.signin_tile" : "controls.signin")
        note: cards.brief ? "" : Words.t(cards._beside ? "controls.signin_tile_note" : "controls.signin_note")
        onClicked: cards.session.openPhone("signin")
    }
    LinearRow {
        id: saved
        width: cards._cell
        height: cards._beside ? cards._height : implicitHeight
        implicitHeight: Math.max(note ? Theme.cardHeight : Theme.cardLow, implicitContentHeight + topPadding + bottomPadding)
        leftPadding: Theme.space28
        rightPadding: Theme.space24
        iconName: "qrcode"
        iconSize: phone.iconSize
        chevron: !cards._beside
        label: Words.t(cards.brief ? "draft.continue" : "draft.continue_tile")
        note: cards.brief ? "" : Words.t("draft.continue_note")
        onClicked: cards.session.openResume()
    }
}
