pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import Kiosk.ViewModels

/** The steps of a form, instead of the sections: done ones have a tick and open again, later ones have their number. */
Rectangle {
    id: steps

    required property SessionModel session

    implicitWidth: Theme.stepsWidth
    color: Theme.sunken
    Accessible.role: Accessible.Pane
    Accessible.name: Words.t("controls.steps")

    NavHead {
        id: head
        title: steps.session.form.title
        note: steps.session.service.factsText
        width: parent.width
    }
    Flickable {
        id: flick
        anchors.top: head.bottom
        anchors.bottom: foot.top
        anchors.bottomMargin: Theme.gap
        width: parent.width
        contentHeight: list.height
        contentWidth: width
        clip: contentHeight > height
        interactive: clip
        boundsBehavior: Flickable.StopAtBounds

        function reveal(item: Item): void {
            const air = Theme.ring + Theme.ringGap;
            if (clip)
                contentY = Math.max(0, Math.min(contentY, item.y - air), item.y + item.height + air - height);
        }

        Column {
            id: list
            x: Theme.gap
            width: parent.width - 2 * x
            spacing: Theme.navGap

            Repeater {
                model: steps.session.form.steps

                PressBase {
                    id: step
                    required property int index
                    required property int number
                    required property string title
                    required property var model
                    readonly property string stage: model.state
                    readonly property bool now: stage === "now"
                    readonly property bool done: stage === "done"

                    width: list.width
                    implicitHeight: Math.max(Theme.stepItem, implicitContentHeight + Theme.space16)
                    leftPadding: Theme.gap
                    rightPadding: Theme.gap
                    label: title
                    hint: Words.t("controls.step_" + stage)
                    enabled: done
                    activeFocusOnTab: done
                    onClicked: steps.session.form.openStep(index)
                    onActiveFocusChanged: if (activeFocus) flick.reveal(this)
                    onNowChanged: if (now) flick.reveal(this)

                    background: Rectangle {
                        radius: Theme.radius
                        color: step.now ? Theme.lit : step.down || step.hovered && step.done ? Theme.navHover : "transparent"
                    }
                    contentItem: Item {
                        implicitHeight: words.height
                        implicitWidth: words.implicitWidth

                        Rectangle {
                            id: ring
                            width: Theme.stepRing
                            height: width
                            radius: width / 2
                            anchors.verticalCenter: parent.verticalCenter
                            color: step.done ? Theme.success : step.now ? Theme.litWords : "transparent"
                            border.width: step.done || step.now ? 0 : Theme.strokeStrong
                            border.color: Theme.outline

                            Icon {
                                visible: step.done
                                name: "check"
                                size: parent.width * Theme.ringFill
                                color: Theme.successWords
                                anchors.centerIn: parent
                            }
                            Prose {
                                visible: !step.done
                                role: Theme.noteStrong
                                text: step.number
                                color: step.now ? Theme.lit : Theme.inkQuiet
                                anchors.centerIn: parent
                                Accessible.ignored: true
                            }
                        }
                        Prose {
                            id: words
                            role: step.now ? Theme.labelStrong : Theme.labelPlain
                            text: step.title
                            color: step.now ? Theme.litWords : step.done ? Theme.ink : Theme.inkQuiet
                            anchors.left: ring.right
                            anchors.leftMargin: Theme.navPad + Theme.hairline
                            anchors.right: parent.right
                            anchors.verticalCenter: parent.verticalCenter
                            Accessible.ignored: true
                        }
                    }
                }
            }
        }
    }
    ScrollThumb {
        flickable: flick
        anchors.right: parent.right
        anchors.rightMargin: Theme.stroke
        y: flick.y
        visible: flick.clip
    }
    Column {
        id: foot
        x: Theme.gap
        width: parent.width - 2 * x
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space32
        spacing: Theme.gap

        StatusLine {
            x: Theme.gap
            width: parent.width - 2 * x
            iconName: "lock"
            text: Words.t("controls.draft_kept")
        }
        SecondaryButton {
            width: parent.width
            implicitHeight: Theme.navItem
            iconBefore: "home"
            label: Words.t("controls.draft_later")
            onClicked: steps.session.goHome()
        }
    }
    Rectangle {
        anchors.right: parent.right
        width: Theme.hairline
        height: parent.height
        color: Theme.line
    }
}
