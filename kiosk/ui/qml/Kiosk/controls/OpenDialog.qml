import QtQuick
import QtQuick.Dialogs

/** Asks for a file to send, in the system's own dialog where it has one. */
FileDialog {
    /** A file was chosen, as a file: URL. */
    signal chosen(string target)

    fileMode: FileDialog.OpenFile
    nameFilters: ["PDF, JPEG, PNG (*.pdf *.jpg *.jpeg *.png)"]
    onAccepted: chosen(selectedFile.toString())
}
