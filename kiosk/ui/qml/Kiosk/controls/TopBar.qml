import QtQuick
import Kiosk

/** The mark, whose place this is, and the time. Words only: nothing here is pressed. */
Item {
    id: bar

    property string brand: ""
    property string centre: ""
    property string clock: ""

    implicitHeight: Theme.pageTop

    Rectangle {
        id: mark
        x: Theme.side
        y: Theme.large ? Theme.markTopLarge : Theme.markTop
        width: Theme.mark
        height: Theme.mark
        radius: Theme.px(12)
        color: Theme.accent

        Icon {
            name: "file-check"
            size: Theme.markIcon
            color: Theme.accentWords
            anchors.centerIn: parent
        }
    }
    Column {
        anchors.left: mark.right
        anchors.leftMargin: Theme.large ? Theme.space24 : Theme.space20
        anchors.verticalCenter: mark.verticalCenter
        anchors.verticalCenterOffset: Theme.large ? 0 : -Theme.hairline

        Prose {
            role: Theme.brand
            text: bar.brand
        }
        Prose {
            role: Theme.noteTight
            text: bar.centre
            color: Theme.inkQuiet
            visible: !Theme.large && text !== ""
        }
    }
    Prose {
        role: Theme.clock
        text: bar.clock
        anchors.right: parent.right
        anchors.rightMargin: Theme.side
        anchors.verticalCenter: mark.verticalCenter
        Accessible.ignored: true
    }
}
