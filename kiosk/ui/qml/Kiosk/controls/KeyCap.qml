import QtQuick
import Kiosk

/** One key. Takes no focus by touch, so that the field keeps it; arrows and Tab reach it. */
PressBase {
    id: key

    property string iconName: ""
    /** A key that does something rather than writes. */
    property bool wide: false
    /** The key that finishes. */
    property bool accent: false
    property bool held: false
    /** Words instead of a letter. */
    property bool wordy: wide

    readonly property color _words: accent ? Theme.accentWords : held ? Theme.litWords : Theme.action

    focusPolicy: Qt.TabFocus
    ringRadius: Theme.keyRadius
    implicitHeight: Theme.keyHeight
    padding: 0
    autoRepeat: false
    Accessible.checked: held

    background: Rectangle {
        radius: Theme.keyRadius
        color: key.accent ? Theme.accent : Theme.keyLip

        Rectangle {
            width: parent.width
            height: parent.height - (key.down || key.accent ? 0 : Theme.keyLipHeight)
            radius: parent.radius
            color: key.accent ? key.down ? Theme.accentPressed : Theme.accent
                : key.held ? Theme.lit : key.down ? Theme.pressed : key.wide ? Theme.keyWide : Theme.paper
            border.width: Theme.contrast && !key.accent ? Theme.stroke : 0
            border.color: Theme.outline
        }
    }
    contentItem: IconLabel {
        icon: key.iconName
        label: key.label
        role: key.accent ? Theme.keyDone : key.wordy ? Theme.keyWords : Theme.keyLetter
        color: key._words
        iconSize: Theme.keyIcon
        centered: true
    }
}
