pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Window
import Kiosk
import Kiosk.ViewModels

/**
 * The kiosk: top bar, page, on-screen keyboard, reach bar, and the question "Are you still there?" above all of it.
 * The bar never leaves, except on Welcome, where it is opened out into the choices.
 */
Window {
    id: shell

    required property SessionModel session

    width: Theme.panelWidth
    height: Theme.panelHeight
    visible: true
    flags: Qt.Window | Qt.FramelessWindowHint
    // A code is shown on white, bar and all.
    color: session.page === "Code" ? Theme.paper : Theme.canvas
    title: session.brand

    Component.onCompleted: {
        Theme.desktop = false;
        Words.source = session;
    }

    ThemeLink {
        accessibility: shell.session.accessibility
        panel: shell.height
    }

    ShellFocus {
        id: root
        anchors.fill: parent
        session: shell.session
        book: pages
        board: keyboard

        TopBar {
            id: top
            width: parent.width
            // A landscape panel has no room for it above the keyboard.
            visible: !(keyboard.visible && shell.width > shell.height)
            brand: shell.session.brand
            centre: shell.session.centreName
            clock: shell.session.clock
        }
        PageBook {
            id: pages
            session: shell.session
            y: top.visible ? Theme.pageTop : Theme.topBarTop
            width: parent.width
            height: (keyboard.visible ? keyboard.y : bar.visible ? bar.y : parent.height) - y
            focus: true
        }
        OnScreenKeyboard {
            id: keyboard
            width: parent.width
            y: (bar.visible ? bar.y : parent.height) - height
            kind: root.keyboard
            target: root.field
            visible: target !== null
            onDone: root.closeField()
        }
        Loader {
            id: bar
            width: parent.width
            height: item ? (item as ReachBar).implicitHeight : 0
            y: parent.height - height
            visible: shell.session.page !== "Welcome"
            // Made with the first page that has it, and kept.
            active: visible || item !== null
            sourceComponent: ReachBar {
                session: shell.session
            }
        }
        Loader {
            anchors.fill: parent
            active: shell.session.idle.warning
            focus: active
            sourceComponent: StillHere {
                session: shell.session
            }
        }
    }
}
