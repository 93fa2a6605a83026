pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Window
import Kiosk
import Kiosk.ViewModels

/** The desktop: menus, sections or steps at the left, the same pages. */
Window {
    id: shell

    required property SessionModel session

    width: Theme.desktopWidth
    height: Theme.desktopHeight
    minimumWidth: Theme.desktopMinWidth
    minimumHeight: Theme.desktopMinHeight
    visible: true
    color: Theme.canvas
    title: session.brand

    Component.onCompleted: {
        Theme.desktop = true;
        Words.source = session;
    }

    ThemeLink {
        accessibility: shell.session.accessibility
        panel: shell.height
        dark: Application.styleHints.colorScheme === Qt.ColorScheme.Dark
    }

    ShellFocus {
        id: root
        anchors.fill: parent
        session: shell.session
        book: pages

        MenuBar {
            id: menus
            width: parent.width
            session: shell.session
            field: root.field
            onQuit: shell.close()
            onSearch: root.search()
        }
        Loader {
            id: rail
            y: menus.height
            height: parent.height - y
            // Out of service there is nowhere to go.
            visible: shell.session.page !== "OutOfService"
            width: visible ? (item as Item)?.implicitWidth ?? Theme.navWidth : 0
            sourceComponent: shell.session.page === "Form" ? steps : sections
        }
        PageBook {
            id: pages
            session: shell.session
            x: rail.width
            y: menus.height + Theme.desktopTop
            width: parent.width - x
            height: parent.height - y
            focus: true
        }
    }
    Component {
        id: sections
        SideNav {
            session: shell.session
            onQuit: shell.close()
        }
    }
    Component {
        id: steps
        StepList {
            session: shell.session
        }
    }
}
