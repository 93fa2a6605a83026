import QtQuick
import QtQuick.Templates as T
import Kiosk

/**
 * Words of one type role. The line height is spread above and below the letters, as print does it.
 *
 * Give `heading` to a title or a section heading: it is announced as one.
 */
T.Label {
    id: prose

    /** A type role of Theme. */
    property TypeRole role: Theme.body
    /** Announced as a heading. */
    property bool heading: false
    readonly property real _air: role.line - role.size * Theme.leading

    font.family: Theme.family
    font.pixelSize: role.size
    font.weight: role.weight
    font.letterSpacing: role.spacing
    lineHeightMode: Text.FixedHeight
    lineHeight: role.line
    topPadding: _air / 2
    // A last line lower than its letters would keep their height.
    bottomPadding: Math.min(0, role.line - Math.ceil(role.size * Theme.leading)) - topPadding
    color: Theme.ink
    linkColor: Theme.link
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignTop
    Accessible.role: heading ? Accessible.Heading : Accessible.StaticText
    Accessible.name: text
    Accessible.focusable: false
    Accessible.ignored: text === ""
}
