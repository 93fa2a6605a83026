import QtQuick

/** What the two layouts of a form page, kiosk and desktop, have in common. Draws nothing itself. */
FocusScope {
    /** The question. */
    property string title: ""
    property string hint: ""
    property string stepText: ""
    /** Words over the error summary; "" while nothing is wrong. */
    property string errorTitle: ""
    /** An ErrorsList. */
    property var errors: null
    property string nextText: ""
    /** The lookup that is typed into where there is little room: only it and what it finds are shown. "" otherwise. */
    property string seeking: ""
    /** The room it has then, the first row of the low-reach band in it, and whether the panel is wider than high. */
    property real seekingRoom: 0
    property real seekingBand: 0
    property bool seekingWide: false
    /** Where the fields are put. */
    property Item holder: null

    signal next
    /** Keep the answers for later. */
    signal later
    /** A line of the error summary was touched. */
    signal errorChosen(string pointer)

    /** Show the beginning of the page. */
    function toStart(): void {
    }
    /** Show the error summary and give it the focus. */
    function showErrors(): void {
    }
}
