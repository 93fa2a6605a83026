pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/**
 * One of hundreds: words are typed, what fits stands below and is touched. Alone on its page (large print, low reach, a
 * landscape panel) it shows as much as there is room for above the keyboard; on a landscape panel beside the field.
 */
FieldFrame {
    id: field

    property string value: ""
    /** What fits, a list of {value, label}; empty once something is chosen. */
    property var options: []
    property string keyboard: "ru"
    /** Room that it has while it is alone, and the first row of the low-reach band in it (0: reach does not matter). */
    property real space: 0
    property real band: 0
    /** The panel is wider than high: what is found stands beside the field. */
    property bool wide: false

    /** The visitor typed. */
    signal edited(string text)
    /** An entry was touched. */
    signal chosen(string value)
    /** Return was pressed. */
    signal accepted

    readonly property bool _beside: alone && wide
    /** What is found begins inside the band, or as low as two of them fit. */
    readonly property real _from: alone && band > 0 ? Math.max(0, Math.min(band, space - 2 * _row - Theme.gap)) : 0
    readonly property real _rowsTop: _beside ? 0 : line.height + parts.rowSpacing
    /** Height of an entry; a name in two lines needs more. */
    property real _row: Theme.choiceHeight
    /** How many of the entries there is room for. */
    property int _fits: 99

    function takeFocus(): void {
        line.forceActiveFocus(Qt.TabFocusReason);
    }
    function _fit(): void {
        let count = 0;
        _row = Math.max(rows.itemAt(0)?.implicitHeight ?? Theme.choiceHeight, rows.itemAt(1)?.implicitHeight ?? 0);
        const two = _rowsTop + 2 * _row + Theme.gap;
        // Once it gave way it stays away: nothing moves with every letter.
        if (alone && labelHeight + Math.max(two, line.height) > space)
            unnamed = true;
        let bottom = parts.y + _rowsTop + found.topPadding;
        for (let at = 0; at < rows.count; ++at) {
            bottom += (at > 0 ? found.spacing : 0) + (rows.itemAt(at)?.implicitHeight ?? 0);
            if (field.alone && at > 0 && bottom > field.space)
                break;
            count = at + 1;
        }
        field._fits = count;
    }

    spacing: Theme.gap
    onSpaceChanged: Qt.callLater(_fit)
    onAloneChanged: {
        unnamed = false;
        Qt.callLater(_fit);
    }
    onOptionsChanged: Qt.callLater(_fit)
    on_RowsTopChanged: Qt.callLater(_fit)
    on_FromChanged: Qt.callLater(_fit)

    Grid {
        id: parts
        columns: field._beside ? 2 : 1
        columnSpacing: Theme.column
        rowSpacing: Theme.gap
        width: field.room
        onYChanged: Qt.callLater(field._fit)

        InputBox {
            id: line
            value: field.value
            name: field.label
            hint: field.error || field.hint || Words.t("pages.lookup")
            wrong: field.error !== ""
            blank: field.blank
            keyboard: field.keyboard
            maximumLength: 120
            width: field._beside ? field.room * Theme.lookupShare : field.room
            onTextEdited: field.edited(text)
            onAccepted: field.accepted()
        }
        Column {
            id: found
            visible: field.options.length > 0
            spacing: Theme.gap
            topPadding: Math.max(0, field._from - parts.y - field._rowsTop)

            Repeater {
                id: rows
                // By number, so that the focus stays while one types.
                model: field.options.length

                RadioRow {
                    required property int index
                    readonly property var option: field.options[index] ?? ({ value: "", label: "" })
                    visible: index < field._fits
                    label: option.label
                    hint: field.label
                    width: field._beside ? field.room - line.width - parts.columnSpacing : field.room
                    ringless: field._beside && Theme.textScale >= 2
                    implicitHeight: Math.max(Theme.targetMin, implicitContentHeight + topPadding + bottomPadding)
                    // A touch leaves the focus where it is: the page must not move under the finger.
                    focusPolicy: field.alone ? Qt.TabFocus : Qt.StrongFocus
                    onImplicitHeightChanged: Qt.callLater(field._fit)
                    onClicked: {
                        line.focus = false;
                        field.chosen(option.value);
                    }
                }
            }
        }
    }
}
