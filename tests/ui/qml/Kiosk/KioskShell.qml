import QtQuick
import QtQuick.Controls
import Kiosk.ViewModels

/** A shell just large enough to prove engine, bridge and driver. */
Window {
    id: shell

    required property SessionModel session

    width: 400
    height: 600
    visible: true

    Column {
        Label {
            text: shell.session.page
            Accessible.role: Accessible.Heading
            Accessible.name: "Страница " + text
        }
        Button {
            text: shell.session.page === "Welcome" ? "Коснитесь, чтобы\u00a0начать" : "Выход"
            onClicked: shell.session.page === "Welcome" ? shell.session.start() : shell.session.end()
        }
        Button {
            text: "Нельзя"
            enabled: false
        }
        TextField {
            id: field
            Accessible.name: "Поиск"
            onTextChanged: shell.session.search.setQuery(text)
        }
        Label {
            text: shell.session.search.summary
        }
        Label {
            text: "невидимое"
            visible: false
        }
        Flickable {
            width: 300
            height: 200
            clip: true
            contentHeight: rows.height

            Column {
                id: rows
                Repeater {
                    model: 40
                    Button {
                        required property int index
                        text: "Строка " + index
                        onClicked: field.text = text
                    }
                }
            }
        }
    }
}
