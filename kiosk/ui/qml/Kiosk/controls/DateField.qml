import QtQuick
import Kiosk

/** A date in three boxes: day, month, year, as the locale writes them. */
FieldFrame {
    id: field

    property string day: ""
    property string month: ""
    property string year: ""
    /** The part that is wrong: "day", "month", "year", or "" for all of them. */
    property string wrongPart: ""
    /** Today and yesterday are likely answers: they have a key or a button of their own. */
    property bool recent: false
    readonly property InputBox input: first.input

    /** `part` is "day", "month" or "year". */
    signal edited(string part, string text)
    /** A day counted back from today: 0 today, 1 yesterday. */
    signal dayAsked(int daysAgo)
    signal accepted

    function takeFocus(): void {
        const box = wrongPart === "month" ? second.input : wrongPart === "year" ? third.input : first.input;
        box.forceActiveFocus(Qt.TabFocusReason);
    }
    function _wrong(part: string): bool {
        return error !== "" && (wrongPart === "" || wrongPart === part);
    }

    Flow {
        width: field.room
        spacing: Theme.column

        DatePart {
            id: first
            label: Words.t("pages.day")
            question: field.label
            hint: field.error || field.hint
            value: field.day
            wrong: field._wrong("day")
            recent: field.recent
            blank: field.blank
            width: Theme.datePart
            following: second.input
            onEdited: text => field.edited("day", text)
            onDayAsked: daysAgo => field.dayAsked(daysAgo)
            onAccepted: field.accepted()
        }
        DatePart {
            id: second
            label: Words.t("pages.month")
            question: field.label
            value: field.month
            wrong: field._wrong("month")
            recent: field.recent
            blank: field.blank
            width: Theme.datePart
            following: third.input
            onEdited: text => field.edited("month", text)
            onDayAsked: daysAgo => field.dayAsked(daysAgo)
            onAccepted: field.accepted()
        }
        DatePart {
            id: third
            label: Words.t("pages.year")
            question: field.label
            value: field.year
            wrong: field._wrong("year")
            recent: field.recent
            blank: field.blank
            digits: 4
            width: Theme.yearPart
            onEdited: text => field.edited("year", text)
            onDayAsked: daysAgo => field.dayAsked(daysAgo)
            onAccepted: field.accepted()
        }
        Column {
            visible: Theme.desktop && field.recent
            spacing: Theme.space8

            Item {
                width: today.width
                height: Theme.note.line
            }
            SecondaryButton {
                id: today
                implicitHeight: Theme.fieldHeight
                iconBefore: "calendar"
                label: Words.t("pages.today")
                onClicked: field.dayAsked(0)
            }
        }
    }
}
