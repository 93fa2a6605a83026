pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** Answers that belong together, in one card. */
Column {
    id: group

    property string title: ""
    /** A list of {label, value, pointer, page, calculated}. */
    property var rows: []
    property bool blank: false

    /** Change was pressed on an answer that this page asks for. */
    signal change(string page, string pointer)

    width: parent ? parent.width : implicitWidth

    SectionHeading {
        text: group.title
        visible: text !== ""
        bottomPadding: Theme.space12 - _air / 2
    }
    Repeater {
        id: list
        model: group.rows.length

        AnswerRow {
            required property int index
            readonly property var row: group.rows[index] ?? ({ label: "", value: "", page: "", pointer: "", calculated: false })
            label: row.label
            labelled: list.count > 1 || row.label !== group.title
            value: row.value
            calculated: row.calculated ?? false
            blank: group.blank
            first: index === 0
            last: index === list.count - 1
            onClicked: group.change(row.page, row.pointer)
        }
    }
}
