pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Home: search, themes, life events, sign in. Large print has rows instead of tiles; low reach begins at the band. */
PageFrame {
    id: page

    required property SessionModel session
    readonly property HomeModel home: session.home

    title: Words.t("controls.home_title")
    leadGap: Theme.desktop ? Theme.space40 - Theme.hairline * 2 : Theme.large ? Theme.homeLeadLarge : Theme.homeLead
    headGap: Theme.desktop ? Theme.space32 : low ? Theme.column : Theme.large ? Theme.section : Theme.gap
    footMargin: low && Theme.textScale >= 2 ? Theme.pageFootNote : low || Theme.large ? Theme.pageFoot : Theme.pageFootNote
    contentSpacing: 0

    Timer {
        // After the book has given the page the focus.
        running: Theme.desktop
        interval: 0
        onTriggered: search.takeFocus()
    }
    Component.onCompleted: {
        if (Theme.large && !Theme.desktop)
            home.show(99, 8);
        else
            home.show(Theme.desktop ? 9 : 6, Theme.desktop ? 6 : 4);
    }
    Connections {
        target: Theme
        function onTextScaleChanged(): void {
            page.home.show(Theme.desktop ? 9 : Theme.large ? 99 : 6, Theme.desktop ? 6 : Theme.large ? 8 : 4);
        }
    }

    lead: [
        PageTitle {
            text: page.title
            width: parent.width
        },
        StatusLine {
            text: page.session.link.statusText
            width: parent.width
            visible: page.low && text !== ""
        },
        StatusLine {
            text: page.session.link.contentText
            alarm: page.session.link.contentAlarm
            iconName: alarm ? "alert-triangle" : "clock"
            width: page.desktopMain
            visible: text !== "" && (alarm || page.low || Theme.desktop)
        }
    ]
    head: [
        SearchField {
            id: search
            width: page.desktopMain
            placeholder: Words.t(Theme.large ? "controls.search_hint_short" : "controls.search_hint")
            name: Words.t("controls.search_name")
            shortcut: Theme.desktop ? "Ctrl K" : ""
            opener: !Theme.desktop
            onOpened: page.session.openSearch("")
            onEdited: text => page.session.openSearch(text)
            onAccepted: page.session.openSearch(text)
        }
    ]

    readonly property bool sideBySide: Theme.desktop && !Theme.large && contentWidth >= Theme.sideColumn * 2.9
    readonly property real desktopMain: sideBySide ? contentWidth - Theme.sideColumn - Theme.side : contentWidth

    Column {
        id: main
        width: page.desktopMain

        HomeSuggest {
            visible: !page.low && !Theme.large && page.home.popular.length > 0
            width: parent.width
            queries: page.home.popular.slice(0, 3)
            onChosen: query => page.session.openSearch(query)
        }
        Loader {
            // Without a side column: what was begun and what was sent stand before the themes.
            active: Theme.desktop && !page.sideBySide
            visible: active
            width: parent.width
            sourceComponent: Column {
                topPadding: Theme.space32

                HomeSide {
                    session: page.session
                    signIn: false
                    width: parent.width
                }
            }
        }
        SectionLine {
            visible: !page.low
            width: parent.width
            first: Theme.large
            text: page.session.themes.title
            note: Theme.large && !Theme.desktop ? page.rangeText : ""
            link: Theme.large && !Theme.desktop ? "" : page.home.themeCountText
            onFollowed: page.session.openThemes()
        }
        ThemeGrid {
            id: themes
            width: parent.width
            themes: page.home.themes
            compact: page.low
            onOpened: themeId => page.session.openTheme(themeId)
        }
        StatusLine {
            visible: page.home.empty
            width: parent.width
            iconName: "hourglass"
            text: Words.t("controls.content_coming")
        }
        Column {
            // Low reach: the lists that moved a page away.
            visible: page.low
            width: parent.width
            topPadding: Theme.column
            spacing: Theme.column

            Flow {
                width: parent.width
                spacing: Theme.gap

                Repeater {
                    id: lists
                    model: [
                        { text: page.home.themeCountText, go: () => page.session.openThemes() },
                        { text: Words.t("controls.events_short"), go: () => page.session.openEvents() },
                        { text: Words.t("controls.popular"), go: () => page.session.openSearch("") }
                    ]

                    SecondaryButton {
                        required property var modelData
                        visible: label !== ""
                        label: modelData.text
                        width: Math.floor(Math.min(main.width, implicitWidth + main.spare))
                        onClicked: modelData.go()
                    }
                }
            }
            HomeCards {
                session: page.session
                brief: true
            }
            LinkButton {
                topPadding: Theme.space16
                iconBefore: "arrow-bar-to-up"
                label: Words.t("controls.normal_view")
                onClicked: page.session.accessibility.toggleLowReach()
            }
        }
        readonly property real spare: {
            let sum = -Theme.gap;
            for (let at = 0; at < lists.count; ++at)
                sum += (lists.itemAt(at)?.implicitWidth ?? 0) + Theme.gap;
            return sum <= width ? (width - sum) / lists.count : 0;
        }

        SectionLine {
            visible: !page.low
            width: parent.width
            text: page.session.themes.eventsTitle
            link: Theme.large || Theme.desktop ? Words.t("city.events_all") : ""
            onFollowed: page.session.openEvents()
        }
        EventGrid {
            visible: !page.low
            width: parent.width
            events: page.home.events
            onOpened: eventId => page.session.openEvent(eventId)
        }
        HomeSuggest {
            visible: !page.low && Theme.large && page.home.popular.length > 0
            width: parent.width
            queries: page.home.popular.slice(0, 3)
            onChosen: query => page.session.openSearch(query)
        }
        Column {
            visible: !page.low && !page.sideBySide
            width: parent.width
            topPadding: Theme.space32
            spacing: Theme.space32

            HomeCards {
                session: page.session
            }
            CityLinks {
                // Elsewhere these stand on the page of themes, or at the side.
                visible: Theme.large && !Theme.desktop
                width: parent.width
                session: page.session
            }
            StatusLine {
                text: page.session.link.statusText
                width: parent.width
                visible: text !== "" && !Theme.desktop
            }
            StatusLine {
                text: page.session.link.contentText
                iconName: "clock"
                width: parent.width
                visible: text !== "" && !Theme.desktop && !page.session.link.contentAlarm
            }
        }
    }
    readonly property string rangeText: {
        let first = 0;
        let last = 0;
        const offset = themes.y + contentOffset;
        for (let at = 0; at < themes.count; ++at) {
            const tile = themes.tile(at);
            if (tile && tile.y + offset >= shownFrom - 1 && tile.y + tile.height + offset <= shownTo + 1) {
                first = first || at + 1;
                last = at + 1;
            }
        }
        return first > 0 ? Words.t("controls.range", { from: first, to: last, total: themes.count }) : "";
    }

    Loader {
        parent: page
        active: page.sideBySide
        sourceComponent: HomeSide {
            session: page.session
        }
        width: Theme.sideColumn
        y: Theme.space8
        x: page.contentX + page.contentWidth - width
    }
}
