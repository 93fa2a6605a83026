pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** A page that is read, block after block: the guide of a service, a life event, news, places. */
PageFrame {
    id: page

    required property SessionModel session
    readonly property ArticleModel article: session.article

    title: article.title
    contentSpacing: 0
    leadSpacing: Theme.space8
    lead: [
        AudienceTag {
            visible: page.article.label !== "" && !(page.low && Theme.textScale >= 2)
            iconName: page.article.labelIcon
            text: page.article.label
            width: parent.width
        },
        PageTitle {
            role: page.article.label !== "" || Theme.textScale >= 2 ? Theme.heading : Theme.title
            text: page.title
            width: Math.min(parent.width, Theme.measure)
        },
        Prose {
            text: page.article.lead
            color: Theme.inkQuiet
            width: Math.min(parent.width, Theme.measure)
            visible: text !== ""
        }
    ]

    Repeater {
        model: page.article.blocks

        ArticleBlock {
            width: page.contentWidth
            onFollowed: target => page.session.follow(target)
        }
    }
    StatusLine {
        width: parent.width
        iconName: "info-circle"
        text: page.article.emptyText
    }
}
