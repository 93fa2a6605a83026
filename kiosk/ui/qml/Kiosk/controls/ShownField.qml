import QtQuick
import Kiosk

/** What the program works out from other answers: shown, not asked. */
FieldFrame {
    id: field

    property string value: ""

    Prose {
        role: Theme.heading
        text: field.blank ? "" : field.value || "–"
        width: field.room
    }
}
