pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/**
 * Digits for dates and numbers, four by four: Erase, and up to three words of the page's own on the right.
 * Writes into whatever `target` is, or tells the page by signals.
 */
Rectangle {
    id: pad

    /** Words on the right, up to three; the last one stands in the last row. */
    property var extras: []
    /** The left key of the last row, for example "," or "+"; empty leaves the place free. */
    property string mark: ""

    signal digit(string text)
    signal erase
    /** The extra with this index was pressed. */
    signal extra(int index)

    readonly property real _width: Math.min(width - 2 * Theme.side, Theme.keypadMax)
    readonly property real _key: (_width - 3 * Theme.keypadGap) * Theme.keypadShare
    readonly property real _wide: _width - 3 * (_key + Theme.keypadGap)

    implicitHeight: keys.height + 2 * Theme.keyTrayPad
    color: Theme.sunken

    Column {
        id: keys
        x: (pad.width - pad._width) / 2
        y: Theme.keyTrayPad
        spacing: Theme.keypadGap

        Repeater {
            model: [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], [pad.mark, "0", ""]]

            Row {
                id: line
                required property var modelData
                required property int index
                spacing: Theme.keypadGap

                Repeater {
                    model: line.modelData

                    Item {
                        id: place
                        required property string modelData
                        width: pad._key
                        height: Theme.keyHeight

                        KeyCap {
                            anchors.fill: parent
                            visible: place.modelData !== ""
                            label: place.modelData
                            onClicked: pad.digit(place.modelData)
                        }
                    }
                }
                KeyCap {
                    readonly property int at: line.index - 4 + pad.extras.length
                    width: pad._wide
                    visible: line.index === 0 || at >= 0
                    wordy: true
                    iconName: line.index === 0 ? "backspace" : ""
                    label: line.index === 0 ? Words.t("controls.erase") : pad.extras[at] ?? ""
                    onClicked: line.index === 0 ? pad.erase() : pad.extra(at)
                }
            }
        }
    }
}
