import QtQuick
import Kiosk

/** The declaration that goes with an application: nothing is sent without it. */
TickBox {
    minHeight: Theme.tickHeight
}
