import QtQuick
import Kiosk

/** What is wrong with an answer, at the answer itself: icon and words, the same words as in the summary. */
Item {
    id: fault

    property string text: ""
    /** Air between the words and the field. */
    property real bottomPadding: 0
    /** Never alone at the foot of a screenful (PageFrame). */
    readonly property bool heading: true

    width: parent ? parent.width : implicitWidth
    implicitWidth: sign.width + Theme.space16 + words.implicitWidth
    implicitHeight: Math.max(sign.height, words.height) + bottomPadding
    visible: text !== ""

    Icon {
        id: sign
        name: "alert-circle"
        size: Theme.icon
        color: Theme.error
        y: (words.role.line - height) / 2
    }
    Prose {
        id: words
        role: Theme.bodyStrong
        text: fault.text
        color: Theme.error
        anchors.left: sign.right
        anchors.leftMargin: Theme.space16
        anchors.right: parent.right
    }
}
