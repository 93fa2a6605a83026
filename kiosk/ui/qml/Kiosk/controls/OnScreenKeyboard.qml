pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/**
 * The kiosk's own keyboard: Russian, English, digits and signs, e-mail. Writes into the field that has the focus, and
 * never takes the focus by touch. Fields say what suits them by their property `keyboard` (model.form.Keyboard).
 */
Rectangle {
    id: board

    /** The field that is written into: a TextInput or TextEdit; null closes the keyboard. */
    property Item target: null
    /** "Done" was pressed. */
    signal done

    property string letters: Words.language
    property bool signs: false
    property bool upper: false
    /** What suits the field: ru, en, digits, phone, email, date, plate, code; "" for the language of the interface. */
    property string kind: ""
    readonly property bool _mail: kind === "email"
    /** Codes have digits and capital letters, and nothing else. */
    readonly property bool _code: kind === "code" && letters === "en" && !signs
    readonly property int _columns: kind === "code" && width > Theme.keyboardMax ? Theme.keyColumnsWide : Theme.keyColumns
    /** Four rows and extra large words leave no room in the band of low reach: the digits are behind their key. */
    readonly property bool _short: Theme.lowReach && Theme.textScale >= 2
    readonly property bool _blocks: _code && _columns > Theme.keyColumns
    /** Keys are made when the keyboard opens for the first time: the first frame of a session does not wait for them. */
    property bool _opened: false

    onKindChanged: {
        signs = ["digits", "phone", "date"].includes(kind);
        letters = ["en", "email", "code"].includes(kind) ? "en" : kind === "ru" || kind === "plate" ? "ru" : Words.language;
        upper = false;
    }
    onTargetChanged: {
        upper = kind !== "" && _atStart;
        _opened = _opened || target !== null;
    }
    /** Names and sentences begin with a capital. */
    readonly property bool _atStart: (target as TextInput)?.length === 0 || (target as TextEdit)?.length === 0

    readonly property var _rows: {
        if (signs)
            return ["1234567890-+", "@.,:;!?\"'()", "№%&*=/\\#_"];
        if (_code)
            return _blocks ? ["qwertyuiop 123", "asdfghjkl  456", "zxcvbnm   7890"]
                : _short ? ["qwertyuiop", "asdfghjkl", "zxcvbnm"] : ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
        if (letters === "en")
            return _mail ? ["1234567890-_", "qwertyuiop@.", "asdfghjkl", "zxcvbnm"] : ["qwertyuiop-'", "asdfghjkl,.", "zxcvbnm"];
        return ["йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю-"];
    }

    // Arrows of a keypad go from key to key; above the first row is the field.
    Keys.onLeftPressed: _move(-1, 0)
    Keys.onRightPressed: _move(1, 0)
    Keys.onUpPressed: if (!_move(0, -1)) target?.forceActiveFocus(Qt.BacktabFocusReason)
    Keys.onDownPressed: event => event.accepted = _move(0, 1)
    Keys.onEscapePressed: target?.forceActiveFocus(Qt.BacktabFocusReason)

    function _caps(parent: Item, found: var): var {
        for (const child of parent.children)
            if (child instanceof KeyCap) {
                if (child.visible)
                    found.push(child);
            } else {
                _caps(child, found);
            }
        return found;
    }
    /** The first key takes the focus. */
    function enter(): void {
        const first = _caps(keys, [])[0] as Item;
        first?.forceActiveFocus(Qt.TabFocusReason);
    }
    function _middle(item: Item): point {
        return item.mapToItem(keys, item.width / 2, item.height / 2);
    }
    /** The nearest key in a direction takes the focus; false where there is none. */
    function _move(dx: int, dy: int): bool {
        const caps = _caps(keys, []);
        const now = caps.find(cap => cap.activeFocus);
        if (!now)
            return false;
        const from = _middle(now);
        let best = null;
        let least = Infinity;
        for (const cap of caps) {
            const to = _middle(cap);
            const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
            const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
            if (along > 1 && along + 3 * aside < least && (dy !== 0 || aside < 1)) {
                least = along + 3 * aside;
                best = cap;
            }
        }
        best?.forceActiveFocus(Qt.TabFocusReason);
        return best !== null;
    }

    implicitHeight: keys.height + 2 * Theme.keyTrayPad
    color: Theme.sunken
    Accessible.role: Accessible.Grouping
    Accessible.name: Words.t("controls.keyboard")

    /** Write text at the cursor, as if it had been typed. */
    function write(text: string): void {
        const input = target as TextInput;
        const edit = target as TextEdit;
        if (input && !input.readOnly) {
            input.remove(input.selectionStart, input.selectionEnd);
            if (input.maximumLength < 0 || input.length + text.length <= input.maximumLength) {
                input.insert(input.cursorPosition, text);
                input.textEdited();
            }
        } else if (edit && !edit.readOnly) {
            edit.remove(edit.selectionStart, edit.selectionEnd);
            edit.insert(edit.cursorPosition, text);
        }
        upper = kind === "plate";
    }

    function erase(): void {
        const input = target as TextInput;
        const edit = target as TextEdit;
        if (input && !input.readOnly) {
            if (input.selectedText !== "")
                input.remove(input.selectionStart, input.selectionEnd);
            else if (input.cursorPosition > 0)
                input.remove(input.cursorPosition - 1, input.cursorPosition);
            input.textEdited();
        } else if (edit && !edit.readOnly) {
            if (edit.selectedText !== "")
                edit.remove(edit.selectionStart, edit.selectionEnd);
            else if (edit.cursorPosition > 0)
                edit.remove(edit.cursorPosition - 1, edit.cursorPosition);
        }
    }

    readonly property real _pitch: (Math.min(width, Theme.keyboardMax) - 2 * Theme.keySide + Theme.keyGap) / _columns
    readonly property real _key: _pitch - Theme.keyGap
    function _span(columns: int): real {
        return columns * _pitch - Theme.keyGap;
    }

    Column {
        id: keys
        x: (board.width - board._pitch * board._columns + Theme.keyGap) / 2
        y: Theme.keyTrayPad
        spacing: Theme.keyGap

        Repeater {
            model: board._opened ? board._rows : []

            Row {
                id: line
                required property string modelData
                required property int index
                readonly property bool last: index === board._rows.length - 1
                readonly property int free: Theme.keyColumns - modelData.length - (last ? 2 : 0)
                spacing: Theme.keyGap
                leftPadding: board._code && !board._blocks ? board._pitch * (Theme.keyColumns - modelData.length - (last ? 3 : 0)) / 2 : 0

                KeyCap {
                    // Capital letters: where the row leaves room for it.
                    visible: line.last && line.free >= 2 && !board.signs && !board._code
                    width: board._span(2)
                    wide: true
                    held: board.upper
                    iconName: "shift"
                    spoken: Words.t("controls.key_shift")
                    onClicked: board.upper = !board.upper
                }
                Repeater {
                    model: line.modelData.length

                    Item {
                        id: place
                        required property int index
                        readonly property string letter: line.modelData[index]
                        width: board._key
                        height: cap.height

                        KeyCap {
                            id: cap
                            // A space parts two blocks of keys.
                            visible: place.letter !== " "
                            width: parent.width
                            label: board.upper || board._code ? place.letter.toUpperCase() : place.letter
                            spoken: board._names[place.letter] ? Words.t(board._names[place.letter]) : label
                            onClicked: board.write(label)
                        }
                    }
                }
                KeyCap {
                    visible: line.last && !board._blocks
                    width: board._span(board._code ? 3 : Theme.keyColumns - line.modelData.length - (line.free >= 2 && !board.signs ? 2 : 0))
                    wide: true
                    iconName: "backspace"
                    spoken: Words.t("controls.erase")
                    onClicked: board.erase()
                }
            }
        }
        Row {
            spacing: Theme.keyGap

            KeyCap {
                width: board._span(2)
                wide: true
                label: board.signs ? Words.t(board.letters === "ru" ? "controls.key_abc_ru" : "controls.key_abc_en") : "123"
                spoken: board.signs ? label : Words.t("controls.key_digits")
                onClicked: board.signs = !board.signs
            }
            KeyCap {
                width: board._span(2)
                wide: true
                label: board.letters === "ru" ? "ENG" : "РУС"
                spoken: Words.t(board.letters === "ru" ? "controls.key_to_english" : "controls.key_to_russian")
                onClicked: {
                    board.letters = board.letters === "ru" ? "en" : "ru";
                    board.signs = false;
                }
            }
            KeyCap {
                visible: board.kind !== "" && !board.signs && board.letters === "ru"
                width: board._span(2)
                wide: true
                held: board.upper
                iconName: "shift"
                spoken: Words.t("controls.key_shift")
                onClicked: board.upper = !board.upper
            }
            KeyCap {
                width: board._span(board.kind !== "" && !board.signs && board.letters === "ru" ? 3 : 5)
                wide: true
                label: Words.t("controls.key_space")
                onClicked: board.write(" ")
            }
            KeyCap {
                visible: board._columns > Theme.keyColumns
                width: board._span(2)
                wide: true
                iconName: "backspace"
                spoken: Words.t("controls.erase")
                onClicked: board.erase()
            }
            KeyCap {
                width: board._span(3)
                accent: true
                label: Words.t("controls.key_done")
                onClicked: board.done()
            }
        }
    }

    readonly property var _names: ({
        "-": "controls.sign_dash", ".": "controls.sign_dot", ",": "controls.sign_comma", "@": "controls.sign_at",
        "_": "controls.sign_underscore", "+": "controls.sign_plus", "/": "controls.sign_slash", "№": "controls.sign_number",
        ":": "controls.sign_colon", ";": "controls.sign_semicolon", "!": "controls.sign_exclamation", "?": "controls.sign_question",
        "\"": "controls.sign_quote", "'": "controls.sign_apostrophe", "(": "controls.sign_bracket_open",
        ")": "controls.sign_bracket_close", "%": "controls.sign_percent", "&": "controls.sign_ampersand",
        "*": "controls.sign_asterisk", "=": "controls.sign_equals", "\\": "controls.sign_backslash", "#": "controls.sign_hash"
    })
}
