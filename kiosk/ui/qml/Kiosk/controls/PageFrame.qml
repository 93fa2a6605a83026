import QtQuick
import Kiosk

/**
 * The frame of a page: a lead (words only), controls that stay above, content that may be longer than the screen, and
 * controls that stay below.
 *
 * In the kiosk longer content is turned like pages, by a button: nothing is cut at an edge, nothing needs a drag (a
 * swipe works too). On the desktop it scrolls. In low reach the lead takes the upper part of the panel and every control
 * stands inside the band. Give `heading: true` to titles: one never stays alone at the foot of a screenful.
 */
FocusScope {
    id: frame

    /** The heading of the page as it is announced. */
    property string title: ""
    property alias lead: leadColumn.data
    property alias head: headColumn.data
    property alias foot: footColumn.data
    default property alias content: inner.data
    property alias contentSpacing: inner.spacing
    property alias leadSpacing: leadColumn.spacing
    property alias headSpacing: headColumn.spacing
    property alias footSpacing: footColumn.spacing
    property real leadGap: Theme.space16
    property real headGap: Theme.section
    property real footGap: Theme.section
    /** Air below the last control; a closing note may take some of it. */
    property real footMargin: low && Theme.textScale >= 2 ? Theme.pageFootNote : Theme.pageFoot
    /** On the desktop what stays below follows short content at once, instead of standing at the foot of the window. */
    property bool footFollows: false
    /** The content holds controls: in low reach it begins inside the band. */
    property bool controlsInContent: true
    /** Words of the button that turns on; a page may say how many are left. */
    property string moreText: Words.t("controls.show_more")
    /** Most that the content may be wide. */
    property real widest: Theme.contentMax
    readonly property real contentWidth: Math.min(width - 2 * Theme.side, widest)
    readonly property real contentX: (width - contentWidth) / 2

    /** First row of the low-reach band inside this page. */
    readonly property real bandTop: Math.ceil((Theme.lowReachTop + Theme.space4) / 8) * 8 - frame.topInShell
    /** Where this page begins in the shell. */
    property real topInShell: Theme.pageTop
    readonly property bool low: Theme.lowReach && !Theme.desktop

    /** Where the page's own content begins in what is turned. */
    readonly property real contentOffset: inner.y
    /** First row of the content. */
    readonly property real contentTop: _contentTop

    /** While somebody types in low reach: words above the first control of a screenful stand above the band, and the
        button that turns is as low as a finger allows, or gives way. */
    property bool typing: false
    property var lifts: [0]
    readonly property bool _lifting: low && typing && headColumn.height === 0
    readonly property real _lift: _lifting ? lifts[screenful] ?? 0 : 0
    readonly property real _liftMost: _lifting ? Math.max(0, bandTop - leadColumn.height - Theme.space20) : 0
    readonly property bool _noPager: (low || width > height && Theme.large) && typing && _room - pager.height - Theme.space24 < Theme.fieldHeight

    /** The content can take lead and head into it; a page whose list turns by itself cannot. */
    property bool flows: true
    /** A landscape panel in large print has no room for what stays: everything is turned together. */
    readonly property bool flowing: flows && width > height && Theme.large && !Theme.desktop && !low

    readonly property real _headTop: flowing ? 0 : low ? Math.max(bandTop - _lift, leadColumn.height > 0 ? leadColumn.height + Theme.space20 : 0) : leadColumn.height > 0 ? leadColumn.height + leadGap : 0
    readonly property real _contentTop: flowing ? 0 : low && !controlsInContent && headColumn.height === 0
        ? (leadColumn.height > 0 ? leadColumn.height + leadGap : 0)
        : _headTop + (headColumn.height > 0 ? headColumn.height + headGap : 0)
    readonly property real _room: height - _contentTop - _lift - footMargin - (footColumn.height > 0 ? footColumn.height + footGap : 0)
    /** The content is longer than its room. */
    readonly property bool overflows: column.height > _room + 1 && column.height > 0
    readonly property bool _turns: overflows && !Theme.desktop
    readonly property real _view: _turns && !_noPager ? _room - pager.height - Theme.space24 : _room

    /** Room that the content leaves free above the foot. */
    readonly property real spare: Math.max(0, _room - column.height)
    /** Where each screenful begins, and which one is shown. */
    property var starts: [0]
    property var ends: [0]
    property int screenful: 0
    readonly property bool more: _turns && screenful < starts.length - 1
    /** First and last shown row of content. */
    readonly property real shownFrom: _turns ? starts[screenful] ?? 0 : 0
    readonly property real shownTo: _turns ? ends[screenful] ?? column.height : column.height

    function turnOn(): void {
        if (screenful < starts.length - 1)
            screenful += 1;
    }
    function turnBack(): void {
        if (screenful > 0)
            screenful -= 1;
    }
    function toStart(): void {
        screenful = 0;
        flick.contentY = 0;
    }

    /** Show the place where `item`, something inside the content, stands. */
    function reveal(item: Item): void {
        const top = item.mapToItem(column, 0, 0).y;
        if (Theme.desktop) {
            if (top < flick.contentY + Theme.space24)
                flick.contentY = Math.max(0, top - Theme.space24);
            else if (top + item.height > flick.contentY + flick.height - Theme.space24)
                flick.contentY = Math.max(0, Math.min(top - Theme.space24, top + item.height + Theme.space24 - flick.height));
            return;
        }
        for (let at = starts.length - 1; at >= 0; --at)
            if (top >= starts[at] - 1) {
                screenful = at;
                return;
            }
    }

    function _revealFocus(): void {
        const item = Window.window?.activeFocusItem ?? null;
        for (let above = item; above && overflows; above = above.parent)
            if (above === column) {
                reveal(item);
                return;
            }
    }

    function _leaves(parent: Item, found: var): var {
        for (const child of parent.children) {
            if (!child.visible || child.height <= 0 || child.width <= 0)
                continue;
            if (child.implicitHeight <= 0 && child.children.length === 0)
                continue;
            if (child.height > _view && child.children.length > 0 && child.spoken === undefined && child.wordsAbove === undefined || child instanceof Column || child instanceof Grid || child instanceof Flow && !(child instanceof MarkedText) || child instanceof Row)
                _leaves(child, found);
            else {
                const top = child.mapToItem(column, 0, 0).y;
                found.push({ top: top, bottom: top + child.height, words: child.wordsAbove ?? 0, heading: child.heading === true && child.role !== Theme.title });
            }
        }
        return found;
    }

    function _paginate(): void {
        if (!_turns) {
            starts = [0];
            ends = [column.height];
            lifts = [0];
            screenful = 0;
            return;
        }
        const leaves = _leaves(column, []).sort((a, b) => a.top - b.top);
        const newStarts = [];
        const newEnds = [];
        const newLifts = [];
        let top = leaves.length > 0 ? leaves[0].top : 0;
        while (newStarts.length < 200) {
            const control = leaves.find(leaf => !leaf.heading && leaf.top >= top - 1);
            const lift = Math.min(_liftMost, control ? control.top + control.words - top : 0);
            const limit = top + _view + lift;
            let end = 0;
            for (const leaf of leaves)
                if (!leaf.heading && leaf.bottom <= limit + 1 && leaf.bottom > top && leaf.bottom > end
                        && !leaves.some(other => other.top < leaf.bottom - 1 && other.bottom > leaf.bottom + 1))
                    end = leaf.bottom;
            if (end <= top)
                // Nothing whole fits below the heading: the heading alone, or what cannot be parted.
                end = leaves.find(leaf => leaf.heading && leaf.top >= top - 1 && leaf.bottom <= limit)?.bottom ?? limit;
            newStarts.push(top);
            newEnds.push(end);
            newLifts.push(lift);
            const rest = leaves.filter(leaf => leaf.bottom > end + 1);
            if (rest.length === 0)
                break;
            top = Math.max(end, Math.min(...rest.map(leaf => leaf.top)));
        }
        starts = newStarts;
        ends = newEnds;
        lifts = newLifts;
        if (screenful >= newStarts.length)
            screenful = newStarts.length - 1;
        _revealFocus();
    }

    on_ViewChanged: later.restart()
    on_TurnsChanged: later.restart()
    on_LiftMostChanged: later.restart()

    Timer {
        id: later
        interval: 0
        onTriggered: frame._paginate()
    }
    CityDrawing {
        // Low reach leaves the upper part of the panel to look at.
        visible: frame.low && frame.controlsInContent && !Theme.large
            && (leadColumn.height > 0 ? leadColumn.y : frame._headTop) >= y + height - Theme.space24
        x: (frame.width - width) / 2
        y: Theme.cityTopLow - frame.topInShell
        width: Math.min(frame.width, Theme.cityWidth)
        height: Theme.cityHeight
    }
    Column {
        id: leadColumn
        parent: frame.flowing ? leadSlot : frame
        x: frame.flowing ? 0 : frame.contentX
        y: frame.low && (frame.controlsInContent || headColumn.height > 0)
            ? Math.max(0, frame._headTop - height - Theme.space20) : 0
        width: frame.contentWidth
        spacing: Theme.space4
    }
    Column {
        id: headColumn
        parent: frame.flowing ? headSlot : frame
        x: frame.flowing ? 0 : frame.contentX
        y: frame._headTop
        width: frame.contentWidth
        spacing: Theme.space16
    }
    Item {
        // Room for lips and rings at the sides of the content.
        id: window
        y: frame._contentTop - Theme.ring - Theme.ringGap
        width: frame.width
        height: flick.height + 2 * (Theme.ring + Theme.ringGap)
        clip: frame.overflows

        Flickable {
            id: flick
            y: Theme.ring + Theme.ringGap
            width: parent.width
            height: Math.max(0, frame._turns ? Math.min(frame.shownTo - frame.shownFrom, frame._view + frame._lift) : frame._room)
            contentWidth: width
            contentHeight: column.height
            contentY: 0
            interactive: Theme.desktop && frame.overflows
            boundsBehavior: Flickable.StopAtBounds

            Binding on contentY {
                when: frame._turns
                value: frame.shownFrom
            }

            Column {
                id: column
                x: frame.contentX
                width: frame.contentWidth
                onHeightChanged: later.restart()

                Item {
                    id: leadSlot
                    readonly property bool heading: true
                    visible: frame.flowing && leadColumn.height > 0
                    width: parent.width
                    implicitHeight: leadColumn.height + frame.leadGap
                }
                Item {
                    id: headSlot
                    visible: frame.flowing && headColumn.height > 0
                    width: parent.width
                    implicitHeight: headColumn.height + frame.headGap
                }
                Column {
                    id: inner
                    width: parent.width
                    spacing: Theme.gap
                }
            }
        }
        DragHandler {
            target: null
            enabled: frame._turns
            xAxis.enabled: false
            onActiveChanged: {
                if (active)
                    return;
                if (activeTranslation.y < -Theme.swipe)
                    frame.turnOn();
                else if (activeTranslation.y > Theme.swipe)
                    frame.turnBack();
            }
        }
    }
    ScrollThumb {
        flickable: flick
        anchors.right: parent.right
        y: window.y
        visible: Theme.desktop && frame.overflows
    }
    Row {
        id: pager
        visible: frame._turns && !frame._noPager
        x: frame.contentX
        y: frame.height - frame.footMargin - (footColumn.height > 0 ? footColumn.height + frame.footGap : 0) - height
        width: frame.contentWidth
        spacing: Theme.column

        SecondaryButton {
            id: backTurn
            visible: frame.screenful > 0
            width: frame.more ? Math.max(implicitWidth, Theme.secondaryHeight) : pager.width
            height: onTurn.implicitHeight
            iconBefore: "arrow-up"
            label: frame.more ? Theme.textScale >= 2 ? "" : Words.t("controls.show_back") : Words.t("controls.to_start")
            spoken: frame.more ? Words.t("controls.show_back_spoken") : Words.t("controls.to_start")
            onClicked: frame.more ? frame.turnBack() : frame.toStart()
        }
        SecondaryButton {
            id: onTurn
            visible: frame.more
            width: pager.width - (backTurn.visible ? backTurn.width + pager.spacing : 0)
            implicitHeight: Math.max(frame.low && frame.typing ? Theme.targetMin : Theme.secondaryHeight, implicitContentHeight + topPadding + bottomPadding)
            iconAfter: "arrow-down"
            label: frame.moreText
            onClicked: frame.turnOn()
        }
    }
    Column {
        id: footColumn
        x: frame.contentX
        y: Theme.desktop && frame.footFollows && !frame.overflows
            ? frame._contentTop + column.height + frame.footGap : frame.height - frame.footMargin - height
        width: frame.contentWidth
        spacing: Theme.column
    }
    Rectangle {
        // Longer content goes on below what stays.
        visible: Theme.desktop && frame.overflows && footColumn.height > 0
        x: frame.contentX
        y: window.y + window.height
        width: frame.contentWidth
        height: Theme.hairline
        color: Theme.line
    }
    Connections {
        target: frame.Window.window
        function onActiveFocusItemChanged(): void {
            frame._revealFocus();
        }
    }
}
