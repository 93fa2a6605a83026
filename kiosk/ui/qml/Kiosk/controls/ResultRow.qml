import QtQuick
import Kiosk

/** One service in a list: its title with the matched words marked, whom it is for, price and term. */
PressBase {
    id: row

    /** The title, escaped, with matched words in `<b>`. */
    property string markedTitle: ""
    property string audience: ""
    property string audienceIcon: "user"
    property string cost: ""
    property string term: ""
    /** An icon before the title; "" for none. */
    property string iconName: ""
    property bool last: false

    readonly property string _facts: [cost, term].filter(part => part !== "").join(", ")

    label: title.plain
    hint: [audience, _facts].filter(part => part !== "").join(". ")
    ringRadius: Theme.radiusSmall
    topPadding: Theme.space20
    bottomPadding: Theme.space20 + Theme.hairline
    rightPadding: Theme.space64
    leftPadding: sign.visible ? Theme.icon + Theme.space20 : 0

    background: Rectangle {
        color: row.down ? Theme.pressed : "transparent"

        Rectangle {
            visible: !row.last
            width: parent.width
            height: Theme.hairline
            anchors.bottom: parent.bottom
            color: Theme.line
        }
        Icon {
            id: sign
            visible: row.iconName !== ""
            name: row.iconName
            size: Theme.icon
            color: Theme.ink
            y: row.topPadding + (Theme.body.line - height) / 2
        }
        Icon {
            name: "chevron-right"
            size: Theme.icon
            color: Theme.actionQuiet
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
        }
    }
    contentItem: Column {
        spacing: Theme.space4

        MarkedText {
            id: title
            text: row.markedTitle
            width: row.availableWidth
        }
        Flow {
            width: row.availableWidth
            spacing: Theme.space28

            AudienceTag {
                iconName: row.audienceIcon
                text: row.audience
                announced: false
                visible: row.audience !== ""
            }
            Prose {
                role: Theme.note
                text: row._facts
                color: Theme.inkQuiet
                width: Math.min(implicitWidth, row.availableWidth)
                visible: text !== ""
                Accessible.ignored: true
            }
        }
    }
}
