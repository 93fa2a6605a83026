import QtQuick
import QtQuick.Templates as T
import Kiosk

/**
 * What every operable control does: fires on release, not when the finger slid off; Return, Enter and Space press it;
 * it takes the focus by key and by touch, is in the accessibility tree with its name, and shows the ring.
 *
 * `label` are the words on it, `hint` a second line that is spoken after them.
 */
T.AbstractButton {
    id: press

    /** The words on the control. */
    property string label: ""
    /** What is said besides: the second line, the effect. */
    property string hint: ""
    /** What is spoken; it begins with the words that are seen. */
    property string spoken: label
    property real ringRadius: Theme.radius

    text: label
    focusPolicy: Qt.StrongFocus
    hoverEnabled: Theme.desktop
    activeFocusOnTab: true
    implicitWidth: Math.max(Theme.targetMin, implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Math.max(Theme.targetMin, implicitContentHeight + topPadding + bottomPadding)

    Accessible.role: checkable ? Accessible.CheckBox : Accessible.Button
    Accessible.name: spoken
    Accessible.description: hint
    Accessible.checkable: checkable
    Accessible.checked: checked
    Accessible.onPressAction: if (enabled) press.click()

    Keys.onReturnPressed: event => { if (!event.isAutoRepeat) press.click(); }
    Keys.onEnterPressed: event => { if (!event.isAutoRepeat) press.click(); }

    FocusRing {
        control: press
        inner: press.ringRadius
        z: 1
    }
}
