import QtQuick
import Kiosk
import Kiosk.ViewModels

/** Binds Theme to what this visitor chose. One for each shell. */
Item {
    id: link

    required property AccessibilityModel accessibility
    /** Height of the panel in pixels. */
    property real panel: Theme.panelHeight
    property bool dark: false

    visible: false

    Binding { target: Theme; property: "textScale"; value: link.accessibility.textScale }
    Binding { target: Theme; property: "contrast"; value: link.accessibility.contrast }
    Binding { target: Theme; property: "lowReach"; value: link.accessibility.lowReach }
    Binding { target: Theme; property: "lowReachTop"; value: Math.ceil(link.accessibility.lowReachTop * link.panel) }
    Binding { target: Theme; property: "reducedMotion"; value: link.accessibility.reducedMotion }
    Binding { target: Theme; property: "dark"; value: link.dark }
}
