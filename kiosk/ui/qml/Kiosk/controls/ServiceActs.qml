pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/**
 * What else can be done with a service: take it on the phone, print the list, ask. Tiles side by side; buttons below each
 * other in large print. `short` leaves out what the bar's Help does too.
 */
TileGrid {
    id: acts

    required property SessionModel session
    property bool short: false
    readonly property ServiceModel service: session.service

    /** The desktop saves the list as well as printing it; help is in its menu. */
    signal saveAsked

    columns: Theme.large ? 1 : service.canApply ? 3 : 2

    component Act: Loader {
        id: act
        property string iconName: ""
        property string label: ""
        property string hint: ""
        property bool available: true
        signal done

        width: acts.cell
        sourceComponent: Theme.large ? wide : tile

        Component {
            id: tile
            ActionTile {
                iconName: act.iconName
                label: act.label
                hint: act.hint
                enabled: act.available
                onClicked: act.done()
            }
        }
        Component {
            id: wide
            SecondaryButton {
                iconBefore: act.iconName
                label: act.label
                hint: act.hint
                enabled: act.available
                onClicked: act.done()
            }
        }
    }

    Act {
        visible: acts.service.canApply
        iconName: Theme.desktop ? "external-link" : "device-mobile"
        label: Words.t(Theme.desktop ? "controls.to_site" : "controls.to_phone")
        onDone: acts.session.openPhone(acts.service.phoneTopic)
    }
    Act {
        iconName: "printer"
        label: Words.t("controls.print_list")
        hint: available ? "" : Words.t("controls.no_printer")
        available: acts.service.printAvailable && !acts.service.printing
        onDone: acts.service.printChecklist()
    }
    Act {
        visible: Theme.desktop
        iconName: "download"
        label: Words.t("controls.save_list")
        available: !acts.service.printing
        onDone: acts.saveAsked()
    }
    Act {
        visible: !acts.short && !Theme.desktop
        iconName: "headset"
        label: Words.t("controls.consultant")
        onDone: acts.session.openHelp()
    }
}
