pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** A paper that belongs to an application: as files where there are files, or brought to the centre. */
FieldFrame {
    id: field

    /** The files that were added, a list of {value, label}: id and name. */
    property var options: []
    property bool canAdd: true
    /** Files can be chosen here. */
    property bool canAttach: false
    property bool bring: false
    property bool busy: false

    signal asked
    signal removed(string id)
    signal brought(bool bring)

    function takeFocus(): void {
        later.forceActiveFocus(Qt.TabFocusReason);
    }

    spacing: Theme.gap

    Repeater {
        model: field.options.length

        Rectangle {
            id: card
            required property int index
            readonly property var option: field.options[index] ?? ({ value: "", label: "" })

            width: field.room
            implicitHeight: Math.max(name.height, away.height) + 2 * Theme.space16
            radius: Theme.radius
            color: Theme.paper
            border.width: Theme.stroke
            border.color: Theme.line

            Icon {
                id: sign
                name: "file-check"
                size: Theme.icon
                color: Theme.success
                x: Theme.space28
                anchors.verticalCenter: parent.verticalCenter
            }
            Prose {
                id: name
                text: field.blank ? "" : card.option.label
                anchors.left: sign.right
                anchors.leftMargin: Theme.space20
                anchors.right: away.left
                anchors.rightMargin: Theme.space16
                anchors.verticalCenter: parent.verticalCenter
                elide: Text.ElideMiddle
            }
            LinkButton {
                id: away
                anchors.right: parent.right
                anchors.rightMargin: Theme.space28
                anchors.verticalCenter: parent.verticalCenter
                iconBefore: "trash"
                label: Words.t("pages.remove")
                spoken: Words.t("pages.remove") + ", " + card.option.label
                onClicked: field.removed(card.option.value)
            }
        }
    }
    StatusLine {
        width: field.room
        iconName: "hourglass"
        text: field.busy ? Words.t("pages.file_reading") : ""
    }
    SecondaryButton {
        visible: field.canAttach && field.canAdd && !field.bring
        enabled: !field.busy
        iconBefore: "file-text"
        label: Words.t("pages.file_choose")
        onClicked: field.asked()
    }
    RadioRow {
        id: later
        visible: field.options.length === 0
        many: true
        label: Words.t("pages.bring")
        hint: field.label
        spoken: Words.t("pages.answer_spoken", { answer: label, question: field.label })
        chosen: field.bring && !field.blank
        wrong: field.error !== ""
        width: field.room
        onClicked: field.brought(!field.bring)
    }
}
