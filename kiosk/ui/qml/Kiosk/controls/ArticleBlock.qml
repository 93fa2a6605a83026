pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/** One block of an article, by its kind: words, an item with an icon, a numbered step, a row that leads on, a card. */
Loader {
    id: block

    required property string kind
    required property string text
    required property string note
    required property string icon
    required property int number
    required property string target
    required property string audience
    required property string audienceIcon
    required property bool last
    signal followed(string target)

    // Neither a heading nor a step before its services stays alone at the foot of a screenful.
    readonly property bool heading: kind === "heading" || kind === "step" && last
    readonly property TypeRole role: Theme.heading

    sourceComponent: ({ heading: words, prose: words, quiet: words, item: item, step: step, row: row, alert: alert })[kind]

    Component {
        id: words

        Prose {
            topPadding: block.kind === "heading" ? Theme.section : Theme.space8
            bottomPadding: block.kind === "heading" ? Theme.space4 : Theme.space8
            role: block.kind === "heading" ? Theme.heading : block.kind === "quiet" ? Theme.note : Theme.body
            heading: block.kind === "heading"
            text: block.text
            color: block.kind === "quiet" ? Theme.inkQuiet : Theme.ink
        }
    }
    Component {
        id: item

        DocumentRow {
            name: block.text
            note: block.note
            iconName: block.icon
            last: block.last
        }
    }
    Component {
        id: step

        StepRow {
            number: block.number
            title: block.text
            note: block.note
        }
    }
    Component {
        id: row

        ResultRow {
            markedTitle: block.text
            audience: block.audience
            audienceIcon: block.audienceIcon || "user"
            cost: block.note
            iconName: block.icon
            last: block.last
            onClicked: block.followed(block.target)
        }
    }
    Component {
        id: alert

        NoticeCard {
            iconName: block.icon
            title: block.text
            text: block.note
        }
    }
}
