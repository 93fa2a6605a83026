import QtQuick
import Kiosk
import Kiosk.ViewModels

/**
 * Keys of a whole shell: Up and Down go through everything in reading order, Escape and Back go back, F1 and Help
 * ask for help. Remembers the text field that the on-screen keyboard writes into.
 */
FocusScope {
    id: root

    required property SessionModel session
    required property PageBook book
    /** The keyboard on the screen; the desktop has none. */
    property OnScreenKeyboard board: null
    /** The text field in use; stays while the focus is on the keyboard's own keys. */
    property Item field: null
    /** The keyboard that suits it, by its own property `keyboard`; one with `ownKeypad` brings its own keys. */
    property string keyboard: ""
    focus: true

    /** Typing is done: the field lets go, so that a touch opens the keyboard again. */
    function closeField(): void {
        const was = field;
        field = null;
        if (was)
            was.focus = false;
        book.forceActiveFocus(Qt.OtherFocusReason);
    }
    function search(): void {
        session.openSearch("");
    }
    function _hint(item: var, name: string): var {
        return item[name];
    }
    function _step(forward: bool): void {
        const from = Window.window.activeFocusItem ?? root;
        const next = from.nextItemInFocusChain(forward);
        if (next)
            next.forceActiveFocus(forward ? Qt.TabFocusReason : Qt.BacktabFocusReason);
    }
    function _onKeyboard(item: Item): bool {
        for (let above = item; above; above = above.parent)
            if (above instanceof OnScreenKeyboard)
                return true;
        return false;
    }

    /** Menus act on the field that was in use before they opened. */
    function _inMenus(item: Item): bool {
        for (let above = item; above; above = above.parent) {
            if (above === root)
                return false;
            if (above instanceof MenuBar)
                return true;
        }
        return Theme.desktop;
    }

    Keys.onDownPressed: {
        if (board && field && field.activeFocus)
            board.enter();
        else
            _step(true);
    }
    Keys.onUpPressed: _step(false)
    Keys.onEscapePressed: session.goBack()
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Back) {
            session.goBack();
            event.accepted = true;
        } else if (event.key === Qt.Key_Help || event.key === Qt.Key_F1) {
            session.openHelp();
            event.accepted = true;
        } else if (event.key === Qt.Key_HomePage) {
            session.goHome();
            event.accepted = true;
        }
    }
    Connections {
        target: root.Window.window
        function onActiveFocusItemChanged(): void {
            const item = root.Window.window.activeFocusItem;
            if (!item || root._onKeyboard(item) || root._inMenus(item))
                return;
            const writable = (item as TextInput)?.readOnly === false || (item as TextEdit)?.readOnly === false;
            root.field = writable && root._hint(item, "ownKeypad") !== true ? item : null;
            root.keyboard = root.field ? root._hint(item, "keyboard") ?? "" : "";
        }
    }
}
