import QtQuick
import Kiosk

/** The seconds that are left, in a ring that runs out. Drawn on a canvas: no shader, whole at the first frame. */
Item {
    id: ring

    property int seconds: 0
    property int total: 1
    property string unitText: ""

    implicitWidth: Theme.countdown
    implicitHeight: implicitWidth
    Accessible.role: Accessible.StaticText
    Accessible.name: seconds + " " + unitText

    onSecondsChanged: picture.requestPaint()
    onTotalChanged: picture.requestPaint()

    Canvas {
        id: picture
        anchors.fill: parent
        renderStrategy: Canvas.Immediate
        Accessible.ignored: true

        readonly property color track: Theme.contrast ? Theme.canvas : Theme.line
        readonly property color hand: Theme.accentLine
        onTrackChanged: requestPaint()
        onHandChanged: requestPaint()
        onWidthChanged: requestPaint()
        onPaint: {
            const pen = getContext("2d");
            const line = Theme.countdownLine;
            const middle = width / 2;
            pen.reset();
            pen.lineWidth = line;
            pen.lineCap = "round";
            pen.strokeStyle = track;
            pen.beginPath();
            pen.arc(middle, middle, middle - line / 2, 0, 2 * Math.PI);
            pen.stroke();
            if (ring.seconds <= 0)
                return;
            const top = -Math.PI / 2;
            const turn = 2 * Math.PI * Math.min(1, ring.seconds / Math.max(1, ring.total));
            pen.strokeStyle = hand;
            pen.beginPath();
            pen.arc(middle, middle, middle - line / 2, top, top + turn);
            pen.stroke();
        }
    }
    Column {
        anchors.centerIn: parent
        spacing: -Theme.space8

        Prose {
            role: Theme.display
            text: ring.seconds
            width: ring.width
            horizontalAlignment: Text.AlignHCenter
            lineHeight: Theme.display.size
            topPadding: 0
            bottomPadding: 0
            Accessible.ignored: true
        }
        Prose {
            role: Theme.note
            text: ring.unitText
            color: Theme.inkQuiet
            width: ring.width
            horizontalAlignment: Text.AlignHCenter
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.px(28)
            Accessible.ignored: true
        }
    }
}
