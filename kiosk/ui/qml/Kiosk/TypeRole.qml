import QtQuick

/** A role of type: size and line in pixels, weight, spacing in pixels. */
QtObject {
    property real size: 0
    property real line: 0
    property int weight: Font.Normal
    property real spacing: 0
}
