import QtQuick
import Kiosk

/** What people often look for: a quiet line and the chips. The desktop shows the chips alone. */
Column {
    id: suggest

    property var queries: []
    signal chosen(string query)

    spacing: Theme.space8
    topPadding: Theme.large ? Theme.sectionAir : 0

    Prose {
        role: Theme.note
        text: Words.t("controls.popular")
        color: Theme.inkQuiet
        visible: !Theme.desktop
        width: parent.width
    }
    ChipRow {
        width: parent.width
        queries: suggest.queries
        onChosen: query => suggest.chosen(query)
    }
}
