import QtQuick
import Kiosk

/** A link as a line of words, underlined, as high as any target. */
PressBase {
    id: link

    implicitHeight: Math.max(Theme.linkHeight, implicitContentHeight + topPadding + bottomPadding)
    ringRadius: Theme.radiusSmall
    Accessible.role: Accessible.Link

    contentItem: Item {
        implicitWidth: Math.ceil(words.implicitWidth)
        implicitHeight: words.height

        Prose {
            id: words
            role: Theme.bodyMedium
            text: link.label
            color: link.enabled ? Theme.link : Theme.inkDisabled
            opacity: link.down ? Theme.dim : 1
            font.underline: true
            width: parent.width
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
    }
}
