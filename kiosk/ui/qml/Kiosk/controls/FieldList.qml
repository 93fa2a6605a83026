pragma ComponentBehavior: Bound

import QtQuick
import QtQml.Models
import Kiosk
import Kiosk.ViewModels

/** The fields of one form page, each as its kind asks for. Tells the form every change. */
Column {
    id: list

    required property FormModel form
    /** The title of the page: a field with the same words does not write them again. */
    property string title: form.pageTitle
    property string hint: form.pageHint
    /** Hide the answers: nobody has touched the screen for a while. */
    property bool blank: false
    /** The lookup that is alone on its page, and its room: see QuestionBase. */
    property string seeking: ""
    property real seekingRoom: 0
    property real seekingBand: 0
    property bool seekingWide: false

    /** Return was pressed in a field. */
    signal accepted

    readonly property var _pads: ["digits", "date", "phone"]
    readonly property var _decimals: ["number", "money", "reading"]

    width: parent ? parent.width : implicitWidth
    spacing: Theme.section

    /** The field of an answer takes the focus; false if this page has no such field. */
    function focusField(pointer: string): bool {
        for (let at = 0; at < fields.count; ++at) {
            const item = fields.itemAt(at) as FieldFrame;
            if (item?.pointer === pointer) {
                item.takeFocus();
                return true;
            }
        }
        return false;
    }

    /** The first field takes the focus if it is typed into; false otherwise. */
    function focusTyped(): bool {
        const first = (fields.count > 0 ? fields.itemAt(0) : null) as FieldFrame;
        if (first instanceof DateField || first instanceof TextField || first instanceof LookupField) {
            first.takeFocus();
            return true;
        }
        return false;
    }

    function _show(): void {
        for (let at = 0; at < fields.count; ++at) {
            const item = fields.itemAt(at) as FieldFrame;
            if (item)
                item.visible = seeking === "" || item.pointer === seeking;
        }
    }

    onSeekingChanged: _show()

    function _note(hint: string, example: string): string {
        const said = hint === list.hint ? "" : hint;
        return said || !example ? said : Words.t("pages.example", { example: example });
    }

    function _choose(pointer: string): void {
        files.active = true;
        files.pointer = pointer;
        (files.item as OpenDialog).open();
    }

    Loader {
        // Made when it is asked for: a kiosk has no files.
        id: files
        property string pointer: ""
        active: false
        visible: false
        sourceComponent: OpenDialog {
            onChosen: target => list.form.attach(files.pointer, target)
        }
    }
    Repeater {
        id: fields
        model: list.form.fields
        onItemAdded: list._show()

        DelegateChooser {
            role: "kind"

            DelegateChoice {
                roleValue: "date"

                DateField {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    label: model.label
                    titled: fields.count === 1 || model.label === list.title
                    hint: list._note(model.hint, "")
                    error: model.error
                    optional: !model.mandatory
                    day: model.day
                    month: model.month
                    year: model.year
                    wrongPart: model.wrongPart
                    recent: model.recent
                    onEdited: (part, text) => list.form.setDatePart(pointer, part, text)
                    onDayAsked: daysAgo => list.form.setDay(pointer, daysAgo)
                    onAccepted: list.accepted()
                }
            }
            DelegateChoice {
                roleValue: "choice"

                ChoiceList {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    label: model.label
                    titled: fields.count === 1 || model.label === list.title
                    hint: list._note(model.hint, "")
                    error: model.error
                    optional: !model.mandatory
                    options: model.options
                    onChosen: value => list.form.setAnswer(pointer, value)
                }
            }
            DelegateChoice {
                roleValue: "yes_no"

                ChoiceList {
                    bare: true
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    label: model.label
                    titled: fields.count === 1 || model.label === list.title
                    hint: list._note(model.hint, "")
                    error: model.error
                    optional: !model.mandatory
                    options: model.options
                    onChosen: value => list.form.setAnswer(pointer, value)
                }
            }
            DelegateChoice {
                roleValue: "choices"

                ChoiceList {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    many: true
                    label: model.label
                    titled: fields.count === 1 || model.label === list.title
                    hint: list._note(model.hint, "")
                    error: model.error
                    optional: !model.mandatory
                    options: model.options
                    onChosen: value => list.form.toggleChoice(pointer, value)
                }
            }
            DelegateChoice {
                roleValue: "tick"

                TickRow {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    label: model.label
                    hint: list._note(model.hint, "")
                    error: model.error
                    ticked: model.value === "true"
                    onEdited: ticked => list.form.setAnswer(pointer, ticked ? "true" : "false")
                }
            }
            DelegateChoice {
                roleValue: "lookup"

                LookupField {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    label: model.label
                    titled: fields.count === 1 || model.label === list.title
                    hint: list._note(model.hint, "") || Words.t("pages.lookup")
                    error: model.error
                    optional: !model.mandatory
                    value: model.value
                    options: model.options
                    keyboard: model.keyboard
                    alone: list.seeking !== "" && list.seeking === pointer
                    space: list.seekingRoom
                    band: list.seekingBand
                    wide: list.seekingWide
                    onEdited: text => list.form.setAnswer(pointer, text)
                    onChosen: value => list.form.setAnswer(pointer, value)
                    onAccepted: list.accepted()
                }
            }
            DelegateChoice {
                roleValue: "list"

                ItemsField {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    label: model.label
                    titled: fields.count === 1 || model.label === list.title
                    hint: list._note(model.hint, "")
                    error: model.error
                    optional: !model.mandatory
                    options: model.options
                    item: model.item
                    canAdd: model.canAdd
                    onAdded: list.form.addItem(pointer)
                    onChanged: where => list.form.changeItem(where)
                    onRemoved: where => list.form.removeItem(where)
                }
            }
            DelegateChoice {
                roleValue: "attachment"

                FilesField {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    label: model.label
                    hint: list._note(model.hint, "")
                    error: model.error
                    optional: !model.mandatory
                    options: model.options
                    bring: model.value === "bring"
                    canAdd: model.canAdd
                    canAttach: list.form.canAttach
                    busy: list.form.busy
                    onAsked: list._choose(pointer)
                    onRemoved: id => list.form.removeItem(pointer + "#" + id)
                    onBrought: bring => list.form.bring(pointer, bring)
                }
            }
            DelegateChoice {
                roleValue: "shown"

                ShownField {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    label: model.label
                    hint: list._note(model.hint, "")
                    error: model.error
                    value: model.value
                }
            }
            DelegateChoice {
                TextField {
                    required property var model
                    pointer: model.pointer
                    blank: list.blank
                    enabled: model.active
                    label: model.label
                    titled: fields.count === 1 || model.label === list.title
                    hint: list._note(model.hint, model.example)
                    error: model.error
                    optional: !model.mandatory
                    value: model.value
                    keyboard: model.keyboard
                    ownKeypad: !Theme.desktop && list._pads.includes(model.keyboard)
                    mark: model.keyboard === "phone" ? "+" : list._decimals.includes(model.kind) ? "," : ""
                    maxLength: model.maxLength
                    long: model.kind === "long_text"
                    spaced: model.format !== ""
                    onEdited: text => list.form.setAnswer(pointer, text)
                    onAccepted: list.accepted()
                }
            }
        }
    }
}
