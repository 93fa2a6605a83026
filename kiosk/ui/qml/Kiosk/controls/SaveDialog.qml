import QtQuick
import QtQuick.Dialogs

/** Asks where a PDF goes, in the system's own dialog where it has one. */
FileDialog {
    id: dialog

    /** A place was chosen, as a file: URL. */
    signal chosen(string target)

    /** Open it with this file offered. */
    function ask(offered: url): void {
        currentFolder = offered.toString().replace(/[^/]*$/, "");
        selectedFile = offered;
        open();
    }

    fileMode: FileDialog.SaveFile
    defaultSuffix: "pdf"
    nameFilters: ["PDF (*.pdf)"]
    onAccepted: chosen(selectedFile.toString())
}
