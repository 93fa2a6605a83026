pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/**
 * A list of services that may be long: rows are made as they come into view. In the kiosk the last row that would be cut
 * is not shown, and a link turns on; on the desktop the list scrolls. More is asked for before the end is reached.
 */
FocusScope {
    id: rows

    /** Roles of ServicesList. */
    property ServicesList services: null
    /** More services can be asked for. */
    property bool hasMore: false
    /** How many services there are altogether; 0 while that is not known. */
    property int total: 0
    /** While somebody types, no row rather than half a row. */
    property bool mayHide: false
    onMayHideChanged: later.restart()
    signal opened(string serviceId)
    signal wanted

    readonly property bool _turns: !Theme.desktop && list.contentHeight + Theme.space4 > height
    readonly property real _room: _turns ? height - pager.height - Theme.space4 : height
    property int _first: 0
    property int _shown: 0
    property bool _linkless: false
    /** Where each screenful began: the way back. */
    property var _way: []

    /** How many whole rows there is room for. */
    function _whole(top: real, room: real): int {
        let whole = 0;
        for (let at = _first; at < list.count; ++at) {
            const row = list.itemAtIndex(at);
            if (!row || row.y + row.height - top > room + Theme.space20)
                break;
            whole += 1;
        }
        return whole;
    }
    function _measure(): void {
        if (Theme.desktop)
            return;
        const start = list.itemAtIndex(_first);
        if (!start)
            return;
        let whole = _whole(start.y, _room);
        // Somebody types extra large letters: the first service rather than the link to the others.
        _linkless = mayHide && whole === 0;
        if (_linkless)
            whole = _whole(start.y, height);
        _shown = mayHide ? whole : Math.max(1, whole);
        if (_shown === 0)
            return;
        const last = list.itemAtIndex(_first + _shown - 1);
        view.height = _turns && last ? last.y + last.height - start.y : _room;
    }
    function toStart(): void {
        _way = [];
        _first = 0;
        list.positionViewAtBeginning();
        later.restart();
    }
    function turnOn(): void {
        // No row fits while the keyboard is open: the link has taken the focus, so the keyboard goes.
        if (_shown === 0)
            return;
        _way = _way.concat([_first]);
        _first += _shown;
        if (_first + 2 * _shown > list.count && hasMore)
            wanted();
        list.positionViewAtIndex(_first, ListView.Beginning);
        later.restart();
    }
    function turnBack(): void {
        _first = _way.length > 0 ? _way[_way.length - 1] : 0;
        _way = _way.slice(0, -1);
        list.positionViewAtIndex(_first, ListView.Beginning);
        later.restart();
    }

    on_RoomChanged: later.restart()
    onHeightChanged: later.restart()

    Timer {
        id: later
        interval: 0
        onTriggered: rows._measure()
    }
    Item {
        id: view
        // Room for the ring of a focused row.
        width: rows.width
        height: rows._room
        visible: Theme.desktop || rows._shown > 0

        ListView {
            id: list
            x: -Theme.ring - Theme.ringGap
            width: parent.width - 2 * x
            height: Math.max(view.height, 1)
            leftMargin: -x
            model: rows.services
            clip: true
            cacheBuffer: Theme.rowsAhead
            interactive: Theme.desktop
            boundsBehavior: Flickable.StopAtBounds
            keyNavigationEnabled: false
            onContentHeightChanged: later.restart()
            onCountChanged: if (rows._first >= count) rows._first = 0
            onModelChanged: rows.toStart()
            onAtYEndChanged: if (atYEnd && rows.hasMore && Theme.desktop) rows.wanted()

            delegate: ResultRow {
                required property int index
                required property string serviceId
                required property string titleMarked
                required property string audienceLabel
                required property var model

                width: rows.width
                markedTitle: titleMarked
                audience: audienceLabel
                audienceIcon: model.audienceIcon
                cost: model.costText
                term: model.termText
                last: index === list.count - 1 || !Theme.desktop && index === rows._first + rows._shown - 1
                onClicked: rows.opened(serviceId)
            }
        }
    }
    DragHandler {
        target: null
        enabled: rows._turns
        xAxis.enabled: false
        onActiveChanged: {
            if (active)
                return;
            if (activeTranslation.y < -Theme.swipe && onLink.visible)
                rows.turnOn();
            else if (activeTranslation.y > Theme.swipe && rows._first > 0)
                rows.turnBack();
        }
    }
    Row {
        id: pager
        visible: rows._turns && !(rows._linkless && rows._shown > 0)
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space4
        spacing: Theme.section

        LinkButton {
            id: onLink
            readonly property int remaining: (rows.total || list.count) - rows._first - rows._shown
            visible: remaining > 0
            label: remaining > 0 ? Words.t("results.more", { count: remaining }) : ""
            iconAfter: "chevron-down"
            onClicked: rows.turnOn()
        }
        LinkButton {
            visible: rows._first > 0
            label: Words.t("controls.show_back")
            spoken: Words.t("controls.show_back_spoken")
            iconAfter: "chevron-up"
            onClicked: rows.turnBack()
        }
    }
    ScrollThumb {
        flickable: list
        anchors.right: parent.right
        anchors.rightMargin: -Theme.side
        visible: Theme.desktop && list.contentHeight > list.height
    }
    Connections {
        target: rows.services
        function onModelReset(): void {
            rows.toStart();
        }
    }
}
