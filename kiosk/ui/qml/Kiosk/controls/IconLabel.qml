import QtQuick
import Kiosk

/** An icon beside words, as the content of a button: wraps rather than cuts, never speaks (the button does). */
Item {
    id: pair

    property string icon: ""
    property string iconAfter: ""
    property string label: ""
    property TypeRole role: Theme.label
    property color color: Theme.action
    property real iconSize: Theme.icon
    /** Words in the middle of the room; otherwise they begin at the left. */
    property bool centered: false
    /** Icon above the words. */
    property bool stacked: false
    property real spacing: Theme.space16

    readonly property real _extra: stacked ? 0
        : (icon ? iconSize + spacing : 0) + (iconAfter ? iconSize + spacing : 0)
    /** Words in several lines are narrower than their room: the icon stands beside the words, not beside the room. */
    readonly property real _words: centered ? Math.min(words.width, Math.ceil(words.contentWidth)) : words.width
    readonly property real _left: centered ? Math.max(0, (width - _words - _extra) / 2) : 0

    implicitWidth: Math.ceil(words.implicitWidth) + _extra
    implicitHeight: words.height + (stacked && icon ? iconSize : 0)

    Icon {
        name: pair.icon
        size: pair.iconSize
        color: pair.color
        x: pair.stacked ? (pair.width - width) / 2 : pair._left
        y: pair.stacked ? (pair.height - pair.implicitHeight) / 2 : (pair.height - height) / 2
    }
    Prose {
        id: words
        role: pair.role
        text: pair.label
        color: pair.color
        width: Math.min(Math.ceil(implicitWidth), Math.max(0, pair.width - pair._extra))
        horizontalAlignment: pair.centered ? Text.AlignHCenter : Text.AlignLeft
        x: pair.stacked ? (pair.width - width) / 2
            : pair._left + (pair.icon ? pair.iconSize + pair.spacing : 0) - (width - pair._words) / 2
        y: pair.stacked ? (pair.height + pair.implicitHeight) / 2 - height : (pair.height - height) / 2
        Accessible.ignored: true
    }
    Icon {
        name: pair.iconAfter
        size: pair.iconSize
        color: pair.color
        x: words.x + (words.width + pair._words) / 2 + pair.spacing
        y: (pair.height - height) / 2
    }
}
