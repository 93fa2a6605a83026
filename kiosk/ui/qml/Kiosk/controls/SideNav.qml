pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The sections of the desktop program, the link, and the way out. */
Rectangle {
    id: nav

    required property SessionModel session
    signal quit

    readonly property var _sections: [
        { page: "Home", icon: "home", key: "controls.nav_home", go: () => nav.session.goHome() },
        { page: "Themes", icon: "layout-grid", key: "controls.nav_services", go: () => nav.session.openThemes() },
        { page: "Applications", icon: "file-text", key: "controls.nav_applications", go: () => nav.session.openApplications() },
        { page: "Phone/passes", icon: "qrcode", key: "controls.nav_passes", go: () => nav.session.openPhone("passes") },
        { page: "Phone/appointments", icon: "calendar", key: "controls.nav_bookings", go: () => nav.session.openPhone("appointments") },
        { page: "Phone/bills", icon: "wallet", key: "controls.nav_bills", go: () => nav.session.openPhone("bills") },
        { page: "Phone/records", icon: "folder-heart", key: "controls.nav_records", go: () => nav.session.openPhone("records") },
        { page: "Centres", icon: "map-pin", key: "controls.nav_centres", go: () => nav.session.openCentres() },
        { page: "News", icon: "news", key: "controls.nav_news", go: () => nav.session.openNews() },
        { page: "Resources", icon: "world", key: "city.resources_short", go: () => nav.session.openResources() }
    ]
    /** The section that a page belongs to. */
    readonly property var _homes: ({
        Theme: "Themes", Event: "Themes", Events: "Themes", Results: "Themes", Service: "Themes", Guide: "Themes",
        Places: "Centres", Resource: "Resources", Check: "Applications", Receipt: "Applications", Code: "Applications"
    })
    readonly property string _topic: session.phone.topic.startsWith("service") ? "Themes" : "Phone/" + session.phone.topic
    readonly property string _here: session.page === "Phone" ? _topic : _homes[session.page] ?? session.page

    implicitWidth: Theme.navWidth
    color: Theme.sunken
    Accessible.role: Accessible.Pane
    Accessible.name: Words.t("controls.nav")

    NavHead {
        id: head
        title: nav.session.brand
        note: nav.session.centreName
        width: parent.width
    }
    Flickable {
        id: flick
        anchors.top: head.bottom
        anchors.bottom: foot.top
        anchors.bottomMargin: Theme.gap
        width: parent.width
        contentHeight: list.height
        contentWidth: width
        clip: contentHeight > height
        interactive: clip
        boundsBehavior: Flickable.StopAtBounds

        function reveal(item: Item): void {
            const air = Theme.ring + Theme.ringGap;
            if (clip)
                contentY = Math.max(Math.min(contentY, item.y - air), item.y + item.height + air - height);
        }

        Column {
            id: list
            x: Theme.gap
            width: parent.width - 2 * x
            spacing: Theme.navGap

            Repeater {
                model: nav._sections

                NavItem {
                    required property var modelData
                    width: list.width
                    iconName: modelData.icon
                    label: Words.t(modelData.key)
                    current: nav._here === modelData.page
                    count: modelData.page === "Applications" ? nav.session.link.waiting : 0
                    onClicked: modelData.go()
                    onActiveFocusChanged: if (activeFocus) flick.reveal(this)
                }
            }
        }
    }
    ScrollThumb {
        flickable: flick
        anchors.right: parent.right
        anchors.rightMargin: Theme.stroke
        y: flick.y
        visible: flick.clip
    }
    Column {
        id: foot
        x: Theme.gap
        width: parent.width - 2 * x
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space32
        spacing: Theme.gap

        StatusLine {
            x: Theme.gap
            width: parent.width - 2 * x
            text: nav.session.link.statusText
            iconName: nav.session.link.online ? "send" : "wifi-off"
        }
        SecondaryButton {
            width: parent.width
            implicitHeight: Theme.navItem
            iconBefore: "logout"
            label: Words.t("controls.quit")
            onClicked: nav.quit()
        }
    }
    Rectangle {
        anchors.right: parent.right
        width: Theme.hairline
        height: parent.height
        color: Theme.line
    }
}
