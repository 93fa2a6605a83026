pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** Where the visitor is in a form: the service, "Question 3 of 8", and a bar in segments. Words only. */
Item {
    id: bar

    property string title: ""
    property string stepText: ""
    /** From 0. */
    property int index: 0
    /** 0 shows the words without the bar. */
    property int count: 0

    readonly property bool _broken: name.implicitWidth + step.implicitWidth + Theme.space40 > width
    readonly property bool _segments: count <= Theme.stepSegments
    readonly property real _segment: (width - (count - 1) * Theme.space8) / Math.max(1, count)

    width: parent ? parent.width : implicitWidth
    implicitWidth: name.implicitWidth + Theme.space40 + step.implicitWidth
    implicitHeight: step.y + step.height + (count > 0 ? Theme.space8 + Theme.stepSegment : 0)

    Prose {
        id: name
        role: Theme.note
        text: bar.title
        width: bar._broken ? bar.width : implicitWidth
    }
    Prose {
        id: step
        role: Theme.noteMedium
        text: bar.stepText
        x: bar._broken ? 0 : bar.width - width
        y: bar._broken ? name.height : 0
        width: Math.min(Math.ceil(implicitWidth), bar.width)
    }
    Rectangle {
        visible: bar.count > 0 && !bar._segments
        width: parent.width
        height: Theme.stepSegment
        anchors.bottom: parent.bottom
        radius: height / 2
        color: Theme.line

        Rectangle {
            width: parent.width * (bar.index + 1) / Math.max(1, bar.count)
            height: parent.height
            radius: height / 2
            color: Theme.accentBar
        }
    }
    Row {
        visible: bar.count > 0 && bar._segments
        anchors.bottom: parent.bottom
        spacing: Theme.space8

        Repeater {
            model: bar._segments ? bar.count : 0

            Rectangle {
                required property int index
                readonly property bool reached: index <= bar.index
                width: bar._segment
                height: Theme.stepSegment
                radius: height / 2
                color: reached ? Theme.accentBar : Theme.contrast ? Theme.canvas : Theme.line
                border.width: Theme.contrast ? Theme.hairline : 0
                border.color: Theme.line
            }
        }
    }
}
