import QtQuick
import Kiosk

/** One answer on "Check your answers": what was asked over what was answered, and Change at the right edge. */
Item {
    id: row

    property string label: ""
    /** The words above the answer; the heading of the group may have said them already. */
    property bool labelled: true
    property string value: ""
    /** Worked out from other answers: there is nothing to change. */
    property bool calculated: false
    /** Hide the answer: nobody has touched the screen for a while. */
    property bool blank: false
    /** Ends of the card that its group draws around the rows. */
    property bool first: true
    property bool last: true
    readonly property bool _under: width < Theme.answerBreak
    readonly property Item button: change

    signal clicked

    implicitWidth: Theme.sp(900)
    implicitHeight: card.height
    width: parent ? parent.width : implicitWidth

    Rectangle {
        id: card
        width: parent.width
        height: Math.max(Theme.answerHeight + (row.first ? Theme.stroke : 0) + (row.last ? Theme.stroke : 0),
            row._under && !row.calculated ? change.y + change.height : texts.y + texts.height + Theme.space16)
        color: Theme.line
        topLeftRadius: row.first ? Theme.radius : 0
        topRightRadius: topLeftRadius
        bottomLeftRadius: row.last ? Theme.radius : 0
        bottomRightRadius: bottomLeftRadius

        Rectangle {
            readonly property real inner: Theme.radius - Theme.hairline
            x: Theme.hairline
            y: row.first ? Theme.hairline : 0
            width: parent.width - 2 * x
            height: parent.height - y - (row.last ? Theme.hairline : 0)
            color: Theme.paper
            topLeftRadius: row.first ? inner : 0
            topRightRadius: topLeftRadius
            bottomLeftRadius: row.last ? inner : 0
            bottomRightRadius: bottomLeftRadius
        }
    }
    Column {
        id: texts
        x: Theme.space28 + Theme.hairline
        y: row.labelled || row._under ? Theme.space20 : Math.max(Theme.space20, (Theme.answerHeight - height) / 2)
        width: (row._under || row.calculated ? row.width - x : change.x - x) - Theme.space24

        Prose {
            role: Theme.note
            text: row.label
            visible: row.labelled
            color: Theme.inkQuiet
            width: parent.width
        }
        Prose {
            text: row.value
            color: row.blank ? "transparent" : Theme.ink
            width: parent.width
        }
    }
    LinkButton {
        id: change
        visible: !row.calculated
        x: row._under ? texts.x : row.width - width - Theme.space28 - Theme.hairline
        y: row._under ? texts.y + texts.height : (row.height - height) / 2
        iconBefore: "pencil"
        label: Words.t("pages.change")
        spoken: Words.t("pages.change_spoken", { label: row.label })
        onClicked: row.clicked()
    }
    Rectangle {
        visible: !row.last
        x: texts.x
        width: parent.width - 2 * x
        height: Theme.hairline
        anchors.bottom: parent.bottom
        color: Theme.line
    }
}
