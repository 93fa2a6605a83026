import QtQuick
import Kiosk

/** What stands around every field: label, hint, error, and the red bar beside all of it while the answer is wrong. */
Column {
    id: frame

    /** JSON Pointer of the answer. */
    property string pointer: ""
    /** What is asked. */
    property string label: ""
    /** The label is already the title of the page: it is spoken with the field, not written again. */
    property bool titled: false
    property string hint: ""
    property string error: ""
    /** Hide the answer: nobody has touched the screen for a while. */
    property bool blank: false
    /** May be left empty. */
    property bool optional: false
    /** All that is shown of its page: the label stands for the title, hint and error give way; `unnamed`: the label too. */
    property bool alone: false
    property bool unnamed: false
    readonly property real room: width - leftPadding
    /** Room that the label takes. */
    readonly property real labelHeight: name.implicitHeight + spacing

    /** The first thing to operate takes the focus. */
    function takeFocus(): void {
    }

    width: parent ? parent.width : implicitWidth
    leftPadding: error && !alone ? Theme.space32 : 0
    spacing: Theme.space8
    Accessible.role: Accessible.Grouping
    Accessible.name: label
    Accessible.description: error || hint

    Prose {
        id: name
        visible: text !== "" && (frame.alone ? !frame.unnamed : !frame.titled)
        role: Theme.bodyMedium
        heading: true
        text: frame.optional ? Words.t("pages.optional", { label: frame.label }) : frame.label
        width: frame.room
        Accessible.ignored: true
    }
    Prose {
        visible: text !== "" && !frame.alone
        role: Theme.note
        heading: true
        text: frame.hint
        color: Theme.inkQuiet
        width: frame.room
        Accessible.ignored: true
    }
    FieldError {
        id: fault
        text: frame.alone ? "" : frame.error
        width: frame.room
        bottomPadding: Theme.space16

        Rectangle {
            // Beside the whole of it, from the label to the last answer.
            x: -frame.leftPadding
            y: -fault.y
            width: Theme.errorBar
            height: frame.height
            radius: width / 2
            color: Theme.error
        }
    }
}
