import QtQuick
import Kiosk

/** A question answered by a tick. */
FieldFrame {
    id: field

    property bool ticked: false

    /** The box was touched: it should now be as told. */
    signal edited(bool ticked)

    function takeFocus(): void {
        box.forceActiveFocus(Qt.TabFocusReason);
    }

    titled: true

    TickBox {
        id: box
        width: field.room
        label: field.label
        hint: field.error || field.hint
        ticked: field.ticked
        wrong: field.error !== ""
        onClicked: field.edited(!field.ticked)
    }
}
