pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Results as a visitor types: how many, why a word matched, "did you mean", and what to try when nothing was found. */
PageFrame {
    id: page

    required property SessionModel session
    flows: false
    readonly property SearchModel search: session.search

    title: Words.t("controls.results_title")
    leadGap: 0
    headSpacing: Theme.space20
    headGap: Theme.space12
    footMargin: _typing ? Theme.space8 : Theme.pageFoot
    typing: _typing
    /** There is something to narrow the results to, and no keyboard in its place. */
    readonly property bool _narrows: facets.count > 0 && !_typing && !(low && Theme.large)
    /** In large print the choices are opened and closed again. */
    property bool _choosing: false
    readonly property bool _typing: !Theme.desktop && field.input.activeFocus

    Timer {
        // After the book has given the page the focus.
        running: true
        interval: 0
        onTriggered: field.takeFocus()
    }

    component Summary: Prose {
        property bool shown: true
        role: Theme.note
        heading: true
        text: page.search.summary || (page.search.popular.length > 0 ? Words.t("controls.popular") : page.title)
        color: Theme.inkQuiet
        width: parent ? parent.width : implicitWidth
        visible: shown && text !== ""
    }

    lead: [
        Summary {
            // In low reach words stand above the band: inside it there is room for a service.
            shown: page.low
        }
    ]
    head: [
        SearchField {
            id: field
            width: parent.width
            placeholder: Words.t(Theme.large ? "controls.search_hint_short" : "controls.search_hint")
            name: Words.t("controls.search_name")
            text: page.search.query
            onEdited: text => page.search.setQuery(text)
        },
        Summary {
            // Extra large letters leave room for this or for a service.
            shown: !page.low && !(page._typing && Theme.textScale >= 2 && page.search.results.count > 0)
        },
        LinkButton {
            visible: label !== ""
            label: page.search.didYouMeanText
            iconBefore: "search"
            onClicked: page.search.useDidYouMean()
        },
        LinkButton {
            // Large letters leave room for services or for the choices.
            visible: page._narrows && Theme.large
            label: page.search.narrowText
            iconAfter: page._choosing ? "chevron-up" : "chevron-down"
            onClicked: page._choosing = !page._choosing
        },
        Flow {
            visible: page._narrows && (!Theme.large || page._choosing)
            width: parent.width
            spacing: Theme.gap

            Repeater {
                id: facets
                model: page.search.facets

                FacetChip {
                    required property var model
                    width: Math.min(implicitWidth, parent.width)
                    label: model.label
                    on: model.on
                    onClicked: {
                        page._choosing = false;
                        page.search.toggle(model.facet);
                    }
                }
            }
        }
    ]

    Column {
        // Turned in pieces where the keyboard leaves little room.
        visible: page.search.results.count === 0 && !(page._typing && page.low && Theme.large)
        width: parent.width
        spacing: Theme.space20

        Prose {
            text: page.search.nothingHint
            width: parent.width
            visible: text !== "" && !(page._typing && (page.low || Theme.textScale >= 2))
        }
        ChipRow {
            width: parent.width
            queries: page.search.popular
            onChosen: query => page.search.setQuery(query)
        }
        SecondaryButton {
            visible: page.search.nothing
            width: Theme.desktop ? implicitWidth : parent.width
            iconBefore: "layout-grid"
            label: page.session.home.themeCountText
            onClicked: page.session.openThemes()
        }
    }
    ServiceRows {
        parent: page
        visible: page.search.results.count > 0 && height > Theme.linkHeight + Theme.space4
        x: page.contentX
        y: page.contentTop
        width: page.contentWidth
        height: page.height - y
        services: page.search.results
        mayHide: field.input.activeFocus
        total: page.search.total
        hasMore: page.search.moreText !== ""
        onOpened: serviceId => page.session.openService(serviceId)
        onWanted: page.search.more()
    }
}
