pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

/**
 * A title whose matched words are marked: a warm ground, heavier letters and a line below (never colour alone).
 *
 * `text` is escaped text with the matched parts in `<b>`. Laid out word by word, so that a mark keeps its line.
 */
Flow {
    id: marked

    property string text: ""
    property TypeRole role: Theme.row
    readonly property string plain: text.replace(/<\/?b>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">")
        .replace(/&quot;/g, "\"").replace(/&#x27;|&#39;/g, "'").replace(/&amp;/g, "&")

    /** Words as lists of [text, is marked]: a word may be marked in part, "паспорт|ный". */
    readonly property var words: {
        const words = [[]];
        let mark = false;
        for (const piece of text.split(/(<\/?b>|\s+)/)) {
            if (piece === "<b>" || piece === "</b>")
                mark = piece === "<b>";
            else if (/^[ \n\t]+$/.test(piece))
                words.push([]);
            else if (piece !== "")
                words[words.length - 1].push([piece.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, "\"")
                    .replace(/&#x27;|&#39;/g, "'").replace(/&amp;/g, "&"), mark]);
        }
        return words.filter(word => word.length > 0);
    }

    Accessible.ignored: true

    Repeater {
        model: marked.words

        Row {
            id: word
            required property var modelData
            rightPadding: Math.round(marked.role.size * Theme.wordSpace)

            Repeater {
                model: word.modelData

                Rectangle {
                    id: part
                    required property var modelData
                    readonly property bool hit: modelData[1]

                    width: letters.implicitWidth
                    height: marked.role.line
                    color: "transparent"

                    Rectangle {
                        visible: part.hit
                        width: parent.width
                        height: marked.role.size * Theme.leading
                        y: (parent.height - height) / 2
                        color: Theme.warningPaper
                    }
                    Rectangle {
                        visible: part.hit
                        width: parent.width
                        height: Theme.markLine
                        y: (parent.height + marked.role.size * Theme.leading) / 2 - height
                        color: Theme.warning
                    }
                    Prose {
                        id: letters
                        role: marked.role
                        font.weight: part.hit ? Theme.semibold : marked.role.weight
                        text: part.modelData[0]
                        wrapMode: Text.NoWrap
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
}
