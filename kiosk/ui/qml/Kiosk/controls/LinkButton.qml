import QtQuick
import Kiosk

/** Blue words with an icon: a minor way, never the next step. As high as any target. */
PressBase {
    id: link

    property string iconBefore: ""
    property string iconAfter: ""
    property TypeRole role: Theme.label

    implicitHeight: Math.max(Theme.linkHeight, implicitContentHeight + topPadding + bottomPadding)
    ringRadius: Theme.radiusSmall
    Accessible.role: Accessible.Link

    contentItem: IconLabel {
        icon: link.iconBefore
        iconAfter: link.iconAfter
        label: link.label
        role: link.role
        color: !link.enabled ? Theme.inkDisabled : Theme.link
        opacity: link.down ? Theme.dim : 1
        iconSize: Theme.sp(36)
    }
}
