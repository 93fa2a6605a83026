pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/**
 * One question of a form on the kiosk: where the visitor is, what is wrong, the question, its fields, the keypad that
 * suits them, and Continue. Back is in the bar below. While the large keyboard is open, its Done stands for Continue.
 * On a wide panel the keypad stands beside the question.
 */
QuestionBase {
    id: page

    property string service: ""
    property int stepIndex: 0
    property int stepCount: 0
    holder: fields

    /** The box that the keypad writes into. */
    property InputBox target: null
    property bool _typing: false
    readonly property bool _wide: width > height
    readonly property bool _crowded: frame.low || Theme.large || _wide
    /** A landscape panel in large print has no room for what stays below: it follows the last field. */
    readonly property bool _endInside: seekingWide && Theme.large && !frame.low
    /** Extra large letters beside a keypad: only the question and its field stay. */
    readonly property bool _tight: _pad && (Theme.textScale >= 2 || frame.low && Theme.large)
    /** The summary is shown; where a keypad leaves no room for it, the words at the field stay. */
    readonly property bool _faults: errorTitle !== "" && !(_crowded && (target !== null || _typing))
    readonly property bool _turned: Theme.large && !frame.low
    readonly property bool _pad: target !== null
    readonly property bool _seeks: seeking !== ""
    seekingRoom: frame.height - frame.footMargin
    seekingBand: frame.low ? frame.bandTop : 0
    seekingWide: page.Window.width > page.Window.height

    function toStart(): void {
        frame.toStart();
        target = null;
        _typing = false;
        _follow();
    }
    function showErrors(): void {
        if (_crowded) {
            target = null;
            _typing = false;
        }
        frame.toStart();
        summary.takeFocus();
    }

    function _write(text: string): void {
        if (!target)
            return;
        if (target.selectedText !== "")
            target.remove(target.selectionStart, target.selectionEnd);
        else if (target.length >= target.maximumLength && target.following instanceof InputBox) {
            target.following.forceActiveFocus(Qt.TabFocusReason);
            target.selectAll();
            if (target.selectedText !== "")
                target.remove(target.selectionStart, target.selectionEnd);
        }
        if (target.length < target.maximumLength) {
            target.insert(target.cursorPosition, text);
            target.textEdited();
        }
    }
    function _erase(): void {
        if (!target)
            return;
        if (target.selectedText !== "")
            target.remove(target.selectionStart, target.selectionEnd);
        else
            target.remove(Math.max(0, target.cursorPosition - 1), target.cursorPosition);
        target.textEdited();
    }
    function _extra(index: int): void {
        if (!target)
            return;
        if (target.dated && index < 2) {
            target.dayAsked(index);
            return;
        }
        if (target.following) {
            target.following.forceActiveFocus(Qt.TabFocusReason);
            return;
        }
        let after = target.nextItemInFocusChain(true);
        while (after && !(after instanceof InputBox) && (_within(after, fields) || _within(after, pad)))
            after = after.nextItemInFocusChain(true);
        if (after instanceof InputBox && _within(after, fields)) {
            after.forceActiveFocus(Qt.TabFocusReason);
        } else {
            if (_tight)
                target = null;
            (_endInside ? goInside : goBelow).forceActiveFocus(Qt.TabFocusReason);
        }
    }
    function _within(item: Item, above: Item): bool {
        for (let at = item; at; at = at.parent)
            if (at === above)
                return true;
        return false;
    }

    /** Which keypad suits what has the focus now. */
    function _follow(): void {
        const item = page.Window.window?.activeFocusItem ?? null;
        if (!item)
            return;
        if (_within(item, fields)) {
            const box = item as InputBox;
            target = box && box.ownKeypad ? box : null;
            _typing = !target && (item instanceof TextInput || item instanceof TextEdit);
        } else if (_within(item, page)) {
            _typing = false;
        }
        const lookup = _typing && (frame.low || Theme.large || seekingWide) ? _lookupOf(item) : null;
        seeking = lookup?.pointer ?? "";
    }
    function _lookupOf(item: Item): LookupField {
        for (let at = item; at; at = at.parent)
            if (at instanceof LookupField)
                return at as LookupField;
        return null;
    }

    onActiveFocusChanged: _follow()

    Connections {
        target: page.Window.window
        function onActiveFocusItemChanged(): void {
            page._follow();
        }
    }

    component Later: LinkButton {
        iconBefore: "qrcode"
        label: Words.t(Theme.large ? "draft.save_short" : "draft.save")
        onClicked: page.later()
    }
    component Go: PrimaryButton {
        label: page.nextText
        onClicked: page.next()
    }

    PageFrame {
        id: frame
        title: page.title
        width: page._wide && page._pad ? page.width * 0.5 : page.width
        height: page.height
        focus: true
        controlsInContent: !page._seeks
        widest: page._seeks && page.seekingWide ? page.width : Theme.contentMax
        leadGap: page._tight || page._seeks ? 0 : page._faults && !page._turned ? Theme.space32 : page._crowded && page._pad ? Theme.space24 : Theme.leadGap
        leadSpacing: Theme.space16
        headGap: Theme.section
        contentSpacing: page._seeks ? 0 : page._faults || page._crowded && page._pad ? Theme.space32 : Theme.section + Theme.space8
        footMargin: page._typing ? Theme.space8 : page._tight ? 0 : Theme.pageFoot
        footGap: page._tight || frame.low && page._pad ? Theme.space24 : Theme.section
        typing: page._pad || page._typing

        lead: [
            StepBar {
                visible: !page._tight && !page._seeks
                title: page.service
                stepText: page.stepText
                index: page.stepIndex
                count: page.stepCount
            },
            PageTitle {
                visible: frame.low && !page._seeks
                role: page._tight ? Theme.heading : Theme.title
                text: page.title
            },
            Prose {
                visible: frame.low && !page._seeks && text !== "" && !page._tight
                text: page.hint
                color: Theme.inkQuiet
                width: frame.contentWidth
            }
        ]
        head: [
            Column {
                id: headSlot
                visible: page._faults && !page._turned
                width: frame.contentWidth

                ErrorSummary {
                    id: summary
                    parent: page._turned ? topSlot : headSlot
                    width: frame.contentWidth
                    model: page.errors
                    title: page.errorTitle
                    visible: page._faults
                    onChosen: pointer => page.errorChosen(pointer)
                }
            }
        ]
        foot: [
            Item {
                id: slot
                visible: page._pad && !page._wide
                width: frame.contentWidth
                height: pad.implicitHeight
                // The keypad stays near its field; Continue stays at the foot.
                readonly property real lift: Math.max(0, frame._room - content.height - fields.height
                    - frame.contentSpacing - Theme.trayGap + frame.footGap)
            },
            Later {
                visible: !page._endInside && !page._typing && !page._pad && !page._tight
            },
            Row {
                visible: !page._endInside && !page._typing && !page._tight
                width: frame.contentWidth

                Go {
                    id: goBelow
                    width: parent.width
                }
            }
        ]

        Item {
            // A lookup that is alone has its label: the page has its heading all the same.
            visible: page._seeks
            width: 1
            height: 1
            Accessible.role: Accessible.Heading
            Accessible.name: page.title
        }
        Column {
            id: content
            visible: !frame.low && !page._seeks
            width: parent.width
            spacing: Theme.space8

            Column {
                // In large print the summary is turned with the question.
                id: topSlot
                visible: page._turned && page._faults
                width: parent.width
                bottomPadding: Theme.space24
            }
            PageTitle {
                role: page._tight ? Theme.heading : Theme.title
                text: page.title
            }
            Prose {
                visible: text !== "" && !page._tight && !(page._crowded && page._pad && page.errorTitle !== "")
                text: page.hint
                color: Theme.inkQuiet
                width: parent.width
            }
        }
        Column {
            id: fields
            width: parent.width
        }
        Column {
            visible: page._endInside && !page._typing && !page._tight
            width: parent.width
            spacing: Theme.column

            Go {
                id: goInside
                width: parent.width
            }
            Later {
                visible: !page._pad
            }
        }
    }
    Keypad {
        id: pad
        parent: page._wide ? page : slot
        visible: page._pad
        x: page._wide ? frame.width : -frame.contentX
        y: page._wide ? 0 : -slot.lift
        width: page._wide ? page.width - frame.width : page.width
        mark: page.target?.mark ?? ""
        extras: page.target?.dated ? [Words.t("pages.today"), Words.t("pages.yesterday"), Words.t("pages.next")]
            : [Words.t("pages.next")]
        onDigit: text => page._write(text)
        onErase: page._erase()
        onExtra: index => page._extra(index)
    }
}
