import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Shows the page that the session is on. A new page fades in, takes the focus, and its heading is announced. */
FocusScope {
    id: book

    required property SessionModel session
    readonly property Item page: loader.item as Item
    /** Pages whose name is not the name of their file. */
    readonly property var _files: ({
        Guide: "Article", Event: "Article", Events: "Article", Resources: "Article", Resource: "Article",
        News: "Article", Centres: "Article", Places: "Article"
    })

    function _titleOf(page: var): string {
        return page?.title ?? "";
    }
    function _load(): void {
        const name = session.page;
        const url = Qt.resolvedUrl("../pages/" + (_files[name] ?? name) + "Page.qml");
        loader.setSource(url, { session: session });
        if (book.Window.window?.activeFocusItem !== null)
            loader.forceActiveFocus(Qt.OtherFocusReason);
        const title = _titleOf(loader.item);
        if (title !== "")
            book.Accessible.announce(title);
        // The first page is there at once: a start is timed to its first frame.
        if (Theme.motion > 0 && _shown)
            fade.restart();
        _shown = true;
    }

    property bool _shown: false
    Component.onCompleted: _load()

    Connections {
        target: book.session
        function onPageChanged(): void {
            book._load();
        }
        function onAnnounced(words: string): void {
            book.Accessible.announce(words, Accessible.Assertive);
        }
    }
    Loader {
        id: loader
        anchors.fill: parent
        focus: true
    }
    NumberAnimation {
        id: fade
        target: loader
        property: "opacity"
        from: 0
        to: 1
        duration: Theme.motion
    }
}
