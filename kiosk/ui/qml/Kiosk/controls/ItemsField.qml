pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** Things of one kind, one after the other: each in a card with Change and Remove, and a button that adds one. */
FieldFrame {
    id: field

    /** A list of {value, label, note}: the pointer of an item, its title, what was answered. */
    property var options: []
    /** The name of one. */
    property string item: ""
    property bool canAdd: true

    signal added
    signal changed(string pointer)
    signal removed(string pointer)

    function takeFocus(): void {
        add.forceActiveFocus(Qt.TabFocusReason);
    }

    spacing: Theme.gap

    Repeater {
        model: field.options.length

        Rectangle {
            id: card
            required property int index
            readonly property var option: field.options[index] ?? ({ value: "", label: "", note: "" })

            width: field.room
            implicitHeight: inner.height + 2 * Theme.space24
            radius: Theme.radius
            color: Theme.paper
            border.width: Theme.stroke
            border.color: Theme.line

            Column {
                id: inner
                x: Theme.space28
                y: Theme.space24
                width: parent.width - 2 * x
                spacing: Theme.space8

                Prose {
                    role: Theme.bodyMedium
                    text: card.option.label
                    width: parent.width
                }
                Prose {
                    text: field.blank ? "" : card.option.note
                    color: Theme.inkQuiet
                    width: parent.width
                    visible: text !== ""
                }
                Flow {
                    width: parent.width
                    spacing: Theme.section

                    LinkButton {
                        iconBefore: "pencil"
                        label: Words.t("pages.change")
                        spoken: Words.t("pages.change") + ", " + card.option.label
                        onClicked: field.changed(card.option.value)
                    }
                    LinkButton {
                        iconBefore: "trash"
                        label: Words.t("pages.remove")
                        spoken: Words.t("pages.remove") + ", " + card.option.label
                        onClicked: field.removed(card.option.value)
                    }
                }
            }
        }
    }
    SecondaryButton {
        id: add
        visible: field.canAdd
        width: Theme.desktop ? implicitWidth : field.room
        label: Words.t("pages.add_item", { item: field.item })
        onClicked: field.added()
    }
}
