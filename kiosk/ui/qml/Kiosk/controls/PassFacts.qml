pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** The facts of a pass or receipt in a row that breaks where it must: what it is, over the value. */
Flow {
    id: facts

    /** A list of {label, value}. */
    property var model: []

    width: parent ? parent.width : implicitWidth
    spacing: Theme.space56

    Repeater {
        model: facts.model

        Item {
            id: fact
            required property var modelData
            width: Math.max(name.width, worth.width)
            height: name.height + worth.height

            Prose {
                id: name
                role: Theme.note
                text: fact.modelData.label
                color: Theme.inkQuiet
                width: Math.min(implicitWidth, facts.width)
            }
            Prose {
                id: worth
                y: name.height
                role: Theme.heading
                text: fact.modelData.value
                width: Math.min(Math.ceil(implicitWidth), facts.width)
            }
        }
    }
}
