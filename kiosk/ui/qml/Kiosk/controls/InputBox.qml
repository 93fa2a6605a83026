pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Kiosk

/** The box that is typed into, one line. Its text follows `value` unless somebody is typing something else. */
T.TextField {
    id: box

    /** The answer as text. */
    property string value: ""
    /** What is asked, as it is spoken. */
    property string name: ""
    property string hint: ""
    property bool wrong: false
    /** Hide what is typed: somebody else may be looking. */
    property bool blank: false
    /** Which keyboard suits it: model.form.Keyboard. */
    property string keyboard: ""
    /** The page shows a keypad of its own for it. */
    property bool ownKeypad: false
    /** The sign beside the zero of that keypad: "," or "+". */
    property string mark: ""
    /** Part of a date near today: the keypad offers today and yesterday. */
    property bool dated: false
    /** Where it begins below words of its own: see PageFrame. */
    readonly property real wordsAbove: 0
    /** The box after it in the same answer. */
    property Item following: null
    /** Typed text that differs from `value` only in how it is written stays as it is while the box has the focus. */
    property bool keepTyping: true
    /** `value` is the typed text with its groups apart: it is written so while one types at its end. */
    property bool spaced: false

    /** A day counted back from today was asked for on the keypad. */
    signal dayAsked(int daysAgo)

    implicitWidth: Theme.sp(480)
    implicitHeight: Theme.fieldHeight
    leftPadding: Theme.space32
    rightPadding: Theme.space16
    topPadding: 0
    bottomPadding: 0
    verticalAlignment: TextInput.AlignVCenter
    font.family: Theme.family
    font.pixelSize: Theme.entry.size
    color: blank ? "transparent" : enabled ? Theme.ink : Theme.inkDisabled
    selectionColor: Theme.focus
    selectedTextColor: Theme.paper
    selectByMouse: true
    activeFocusOnTab: true
    inputMethodHints: Qt.ImhNoPredictiveText | (ownKeypad ? Qt.ImhDigitsOnly : 0)
    Accessible.role: Accessible.EditableText
    Accessible.name: name
    Accessible.description: hint

    onValueChanged: if (text !== value && (!(keepTyping && activeFocus) || (spaced && cursorPosition === text.length))) text = value
    onActiveFocusChanged: if (!activeFocus && text !== value) text = value
    Component.onCompleted: text = value

    background: Rectangle {
        radius: Theme.radius
        color: box.enabled ? Theme.paper : Theme.canvas
        border.width: box.wrong ? Theme.strokeStrong : Theme.stroke
        border.color: !box.enabled ? Theme.line : box.wrong ? Theme.error : Theme.outline
    }
    cursorDelegate: Rectangle {
        visible: box.activeFocus
        width: Theme.caret
        color: Theme.focus
    }
    FocusRing {
        control: box
    }
}
