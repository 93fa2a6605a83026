import QtQuick
import Kiosk

/** Day, month or year: the word over its box. */
Item {
    id: part

    property string label: ""
    /** The question it belongs to; spoken before the word. */
    property string question: ""
    property string hint: ""
    property string value: ""
    property bool wrong: false
    property bool blank: false
    property bool recent: false
    property int digits: 2
    property Item following: null
    readonly property InputBox input: box
    /** The word stands above the box: see PageFrame. */
    readonly property real wordsAbove: box.y

    signal edited(string text)
    signal dayAsked(int daysAgo)
    signal accepted

    implicitWidth: box.implicitWidth
    implicitHeight: box.y + box.height

    Prose {
        id: word
        role: Theme.note
        text: part.label
        width: part.width
        Accessible.ignored: true
    }
    InputBox {
        id: box
        width: part.width
        y: word.height + Theme.space8
        value: part.value
        name: part.label + ", " + part.question
        hint: part.hint
        wrong: part.wrong
        blank: part.blank
        keyboard: "date"
        ownKeypad: !Theme.desktop
        keepTyping: false
        dated: part.recent
        following: part.following
        maximumLength: part.digits
        validator: RegularExpressionValidator {
            regularExpression: /[0-9]*/
        }
        onTextEdited: part.edited(text)
        onAccepted: part.accepted()
        onDayAsked: daysAgo => part.dayAsked(daysAgo)
    }
}
