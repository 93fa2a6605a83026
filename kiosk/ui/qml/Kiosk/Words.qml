pragma Singleton

import QtQuick
import Kiosk.ViewModels

/**
 * The words of the interface: `Words.t("home.title")`, `Words.t("home.services", {count: 3})`.
 *
 * `t` is a property that holds a function, made anew when the language changes: every binding that calls it is
 * evaluated again. The shell sets `source`.
 */
QtObject {
    /** The session; null only before a shell is up. */
    property SessionModel source: null
    readonly property string language: source ? source.language : "ru"
    readonly property var t: _made(source, language)

    function _made(source: SessionModel, language: string): var {
        return (key, args) => source ? source.text(key, args ?? {}) : "";
    }
}
