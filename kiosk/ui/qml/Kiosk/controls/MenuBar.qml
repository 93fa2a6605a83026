pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Kiosk
import Kiosk.ViewModels

/** The desktop's menus, each entry with its key. Nothing is only here. */
T.MenuBar {
    id: bar

    required property SessionModel session
    /** Out of service nothing but the view can be changed. */
    readonly property bool _open: session.page !== "OutOfService"
    signal quit
    signal search

    /** The text field that Edit acts on. */
    property Item field: null

    implicitHeight: Theme.menuHeight
    leftPadding: Theme.menuPad / 2

    /** A menu's entry; `keys` are shown beside it, also where the field in use hears them itself. */
    component Act: T.Action {
        property string keys: shortcut ?? ""
    }
    component Title: T.MenuBarItem {
        id: head
        implicitHeight: Theme.menuHeight - Theme.hairline
        implicitWidth: words.implicitWidth + Theme.menuPad * 2
        Accessible.name: text
        readonly property bool _open: menu?.visible ?? false
        background: Rectangle {
            color: head._open ? Theme.lit : head.highlighted ? Theme.navHover : Theme.paper
        }
        contentItem: Item {
            Prose {
                id: words
                role: Theme.labelPlain
                text: head.text
                color: head._open ? Theme.litWords : Theme.action
                anchors.centerIn: parent
                Accessible.ignored: true
            }
        }
    }
    component Entry: T.MenuItem {
        id: entry
        implicitHeight: Theme.navItem
        implicitWidth: words.x + words.implicitWidth + (keys.text ? Theme.menuPad * 2 + keys.implicitWidth : 0) + Theme.menuPad
        Accessible.name: text
        background: Rectangle {
            color: entry.highlighted ? Theme.lit : Theme.paper
        }
        contentItem: Item {
            Icon {
                visible: entry.checked
                name: "check"
                size: Theme.navIcon
                color: entry.highlighted ? Theme.litWords : Theme.action
                x: Theme.space16
                anchors.verticalCenter: parent.verticalCenter
            }
            Prose {
                id: words
                role: Theme.labelPlain
                text: entry.text
                color: !entry.enabled ? Theme.inkDisabled : entry.highlighted ? Theme.litWords : Theme.action
                x: Theme.menuPad * 3
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
            Prose {
                id: keys
                role: Theme.note
                text: (entry.action as Act)?.keys ?? ""
                color: entry.highlighted ? Theme.litWords : Theme.inkQuiet
                anchors.right: parent.right
                anchors.rightMargin: Theme.menuPad
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
        }
    }
    component Pulldown: T.Menu {
        id: menu
        /** As wide as its longest entry. */
        function _widest(): real {
            let width = Theme.menuWidth;
            for (let at = 0; at < count; ++at)
                width = Math.max(width, itemAt(at)?.implicitWidth ?? 0);
            return width + 2 * Theme.stroke;
        }
        implicitWidth: _widest()
        onAboutToShow: implicitWidth = _widest()
        implicitHeight: contentItem.implicitHeight + 2 * Theme.stroke
        padding: Theme.stroke
        delegate: Entry {}
        contentItem: ListView {
            implicitHeight: contentHeight
            implicitWidth: Theme.menuWidth
            model: menu.contentModel
            interactive: false
            currentIndex: menu.currentIndex
        }
        background: Rectangle {
            color: Theme.paper
            border.width: Theme.stroke
            border.color: Theme.outline
        }
    }

    background: Rectangle {
        color: Theme.paper
        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.hairline
            color: Theme.line
        }
    }
    contentItem: Row {
        Repeater {
            model: bar.contentModel
        }
    }
    delegate: Title {}

    Pulldown {
        title: Words.t("controls.menu_file")
        Act { text: Words.t("controls.menu_home"); enabled: bar._open; shortcut: "Alt+Home"; onTriggered: bar.session.goHome() }
        Act { text: Words.t("controls.menu_back"); shortcut: "Alt+Left"; enabled: bar.session.canGoBack; onTriggered: bar.session.goBack() }
        Act { text: Words.t("controls.menu_quit"); shortcut: "Ctrl+Q"; onTriggered: bar.quit() }
    }
    Pulldown {
        title: Words.t("controls.menu_edit")
        Act { text: Words.t("controls.menu_cut"); keys: "Ctrl+X"; enabled: bar._input !== null; onTriggered: bar._input.cut() }
        Act { text: Words.t("controls.menu_copy"); keys: "Ctrl+C"; enabled: bar._input !== null; onTriggered: bar._input.copy() }
        Act { text: Words.t("controls.menu_paste"); keys: "Ctrl+V"; enabled: bar._input !== null; onTriggered: bar._input.paste() }
        Act { text: Words.t("controls.menu_select_all"); keys: "Ctrl+A"; enabled: bar._input !== null; onTriggered: bar._input.selectAll() }
    }
    Pulldown {
        title: Words.t("controls.menu_view")
        Act {
            text: Words.t("controls.menu_larger")
            keys: "Ctrl++"
            enabled: bar.session.accessibility.textScale < 2
            onTriggered: bar._grow(1)
        }
        Act {
            text: Words.t("controls.menu_smaller")
            shortcut: "Ctrl+-"
            enabled: bar.session.accessibility.textScale > 1
            onTriggered: bar._grow(-1)
        }
        Act {
            text: Words.t("controls.menu_scale_1")
            shortcut: "Ctrl+0"
            checkable: true
            checked: bar.session.accessibility.textScale === 1
            onTriggered: bar.session.accessibility.setTextScale(1)
        }
        Act {
            text: Words.t("controls.menu_scale_15")
            checkable: true
            checked: bar.session.accessibility.textScale === 1.5
            onTriggered: bar.session.accessibility.setTextScale(1.5)
        }
        Act {
            text: Words.t("controls.menu_scale_2")
            checkable: true
            checked: bar.session.accessibility.textScale === 2
            onTriggered: bar.session.accessibility.setTextScale(2)
        }
        Act {
            text: Words.t("controls.menu_contrast")
            shortcut: "Ctrl+Shift+C"
            checkable: true
            checked: bar.session.accessibility.contrast
            onTriggered: bar.session.accessibility.toggleContrast()
        }
        Act {
            text: Words.t("controls.menu_russian")
            checkable: true
            checked: bar.session.language === "ru"
            onTriggered: bar.session.setLanguage("ru")
        }
        Act {
            text: Words.t("controls.menu_english")
            checkable: true
            checked: bar.session.language === "en"
            onTriggered: bar.session.setLanguage("en")
        }
    }
    Pulldown {
        title: Words.t("controls.menu_services")
        Act { text: Words.t("controls.menu_search"); enabled: bar._open; shortcut: "Ctrl+K"; onTriggered: bar.search() }
        Act { text: Words.t("controls.menu_themes"); enabled: bar._open; shortcut: "Ctrl+T"; onTriggered: bar.session.openThemes() }
        Act { text: Words.t("controls.menu_events"); enabled: bar._open; shortcut: "Ctrl+E"; onTriggered: bar.session.openEvents() }
    }
    Pulldown {
        title: Words.t("controls.menu_mine")
        Act { text: Words.t("controls.menu_applications"); enabled: bar._open; shortcut: "Ctrl+D"; onTriggered: bar.session.openApplications() }
        Act { text: Words.t("controls.nav_passes"); enabled: bar._open; onTriggered: bar.session.openPhone("passes") }
        Act { text: Words.t("controls.nav_bookings"); enabled: bar._open; onTriggered: bar.session.openPhone("appointments") }
        Act { text: Words.t("controls.nav_bills"); enabled: bar._open; onTriggered: bar.session.openPhone("bills") }
    }
    Pulldown {
        title: Words.t("controls.menu_help")
        Act { text: Words.t("controls.menu_how"); enabled: bar._open; shortcut: "F1"; onTriggered: bar.session.openHelp() }
    }
    readonly property var _input: field

    /** One step larger or smaller: x1, x1.5, x2. */
    function _grow(steps: int): void {
        const access = session.accessibility;
        access.setTextScale(Math.max(1, Math.min(2, access.textScale + steps * 0.5)));
    }
    /** The first menu, by F10; Left and Right go on from there. */
    function openFirst(): void {
        (itemAt(0) as Title).click();
        menuAt(0).currentIndex = 0;
    }

    Shortcut {
        // With and without Shift, on the digit row and on the keypad.
        sequences: ["Ctrl++", "Ctrl+="]
        enabled: bar.session.accessibility.textScale < 2
        onActivated: bar._grow(1)
    }
    Shortcut {
        sequence: "F10"
        onActivated: bar.openFirst()
    }
}
