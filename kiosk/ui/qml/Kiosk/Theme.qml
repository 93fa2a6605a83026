pragma Singleton

import QtQuick

/**
 * Every colour, size and type role of the interface; nothing else holds one.
 *
 * Sizes are drawn for a kiosk panel 1080 px wide (21.5 inch, 4.03 px/mm); the desktop has half of them. The shell binds
 * the five switches below to the accessibility view-model, everything else follows. Sizes that carry words grow with
 * the text; margins, radii and lines do not.
 */
QtObject {
    id: theme

    // ---- switches, bound by the shell

    /** Size of the text: 1, 1.5 (large print) or 2 (extra large). */
    property real textScale: 1
    /** Black, white and yellow. */
    property bool contrast: false
    /** Desktop only: the system is dark. */
    property bool dark: false
    /** Every control between 800 and 1100 mm above the floor. */
    property bool lowReach: false
    /** No motion at all. */
    property bool reducedMotion: false
    /** Half of the kiosk's sizes. */
    property bool desktop: false
    /** First pixel row of the low-reach band; from the height of the panel and of its foot, in millimetres. */
    property int lowReachTop: 710

    readonly property bool large: textScale > 1
    readonly property real unit: desktop ? 0.5 : 1

    /** A length of the kiosk drawing on this shell, in whole pixels. */
    function px(length: real): int {
        return Math.round(length * unit);
    }

    /** A length that grows with the text as far as the text itself. */
    function sp(length: real): int {
        return Math.round(length * unit * textScale);
    }

    /** The height of a target: grows with the text, two fifths as fast. */
    function target(length: real): int {
        return Math.round(length * unit * (1 + (textScale - 1) * 0.4));
    }

    // ---- colours

    readonly property color canvas: contrast ? "#000000" : dark ? "#17171A" : "#F5F3F0"
    readonly property color paper: contrast ? "#000000" : dark ? "#232327" : "#FFFFFF"
    readonly property color sunken: contrast ? "#000000" : dark ? "#1D1D21" : "#EAE6DF"
    readonly property color ink: contrast ? "#FFFFFF" : dark ? "#F5F3F0" : "#1B1B1F"
    readonly property color inkQuiet: contrast ? "#FFFFFF" : dark ? "#C9C6C0" : "#4A4A52"
    readonly property color inkDisabled: contrast ? "#FFFFFF" : dark ? "#A3A0A0" : "#6F6F78"
    readonly property color line: contrast ? "#FFFFFF" : dark ? "#3B3B41" : "#DDD7CD"
    readonly property color outline: contrast ? "#FFD600" : dark ? "#92929C" : "#7A7A84"
    readonly property color drawing: contrast ? "#FFFFFF" : dark ? "#7F786E" : "#A79D90"
    readonly property color drawingFar: contrast ? "#FFFFFF" : dark ? "#3B3B41" : "#DDD7CD"
    /** Fills the one next step of a page, and the mark. */
    readonly property color accent: contrast ? "#FFD600" : "#A3161C"
    readonly property color accentWords: contrast ? "#000000" : "#FFFFFF"
    readonly property color accentPressed: contrast ? "#FFFFFF" : "#7E1015"
    /** The one accented part of a drawing, the countdown. */
    readonly property color accentLine: contrast ? "#FFD600" : dark ? "#FF8A8A" : "#A3161C"
    /** Words and icons of outlined buttons and tiles: whatever can be pressed. */
    readonly property color action: contrast ? "#FFD600" : ink
    readonly property color actionQuiet: contrast ? "#FFD600" : inkQuiet
    readonly property color tileLine: contrast ? "#FFD600" : line
    readonly property color link: contrast ? "#FFD600" : dark ? "#8DBBFF" : "#0B4FB3"
    readonly property color focus: contrast ? "#00E5FF" : dark ? "#8DBBFF" : "#0B4FB3"
    /** Fill and words of something switched on. */
    readonly property color lit: contrast ? "#FFD600" : ink
    readonly property color litWords: contrast ? "#000000" : dark ? "#17171A" : "#FFFFFF"
    readonly property color pressed: contrast ? "#3A3200" : dark ? "#33333A" : "#EAE6DF"
    readonly property color error: contrast ? "#FFFFFF" : dark ? "#FF9C9C" : "#A3161C"
    readonly property color success: contrast ? "#FFFFFF" : dark ? "#8FDDA8" : "#145C30"
    readonly property color successPaper: contrast ? "#000000" : dark ? "#12301D" : "#E8F4EC"
    readonly property color successWords: contrast ? "#000000" : dark ? "#12301D" : "#FFFFFF"
    readonly property color warning: contrast ? "#FFFFFF" : dark ? "#FFD88A" : "#6B4200"
    readonly property color warningPaper: contrast ? "#000000" : dark ? "#3A2C0C" : "#FFF4DC"
    readonly property color keyLip: contrast ? "#FFD600" : dark ? "#000000" : "#A79D90"
    readonly property color keyWide: contrast ? "#000000" : dark ? "#2C2C31" : "#F5F3F0"
    readonly property color scrim: contrast ? "#E0000000" : "#E01B1B1F"
    /** A code is black on white in every theme: scanners need it. */
    readonly property color codeInk: "#000000"
    readonly property color codePaper: "#FFFFFF"

    // ---- type

    readonly property string family: "Golos Text"
    readonly property int regular: Font.Normal
    readonly property int medium: Font.Medium
    readonly property int semibold: Font.DemiBold
    /** Ascent plus descent of the family, in ems. */
    readonly property real leading: 1.2

    readonly property TypeRole display: TypeRole {
        size: theme.desktop ? theme.sp(76) : theme.sp(76)
        line: theme.sp(88)
        weight: theme.semibold
        spacing: -0.015 * size
    }
    readonly property TypeRole title: TypeRole {
        size: theme.sp(56)
        line: theme.sp(68)
        weight: theme.semibold
        spacing: -0.01 * size
    }
    /** The question of a form page; on the desktop a step larger than other titles. */
    readonly property TypeRole question: TypeRole {
        size: theme.desktop ? theme.sp(76) : theme.sp(56)
        line: theme.desktop ? theme.sp(96) : theme.sp(68)
        weight: theme.semibold
        spacing: -0.01 * size
    }
    readonly property TypeRole heading: TypeRole {
        size: theme.sp(44)
        line: theme.sp(56)
        weight: theme.semibold
    }
    readonly property TypeRole body: TypeRole {
        size: theme.sp(36)
        line: theme.large ? theme.sp(54) : theme.sp(50)
    }
    readonly property TypeRole bodyMedium: TypeRole {
        size: theme.sp(36)
        line: theme.body.line
        weight: theme.medium
    }
    readonly property TypeRole bodyStrong: TypeRole {
        size: theme.sp(36)
        line: theme.body.line
        weight: theme.semibold
    }
    /** Words on controls, names in tiles: body on the kiosk, 16 on the desktop. */
    readonly property TypeRole label: TypeRole {
        size: theme.desktop ? theme.sp(32) : theme.sp(36)
        line: theme.desktop ? theme.sp(40) : theme.sp(40)
        weight: theme.medium
    }
    readonly property TypeRole labelPlain: TypeRole {
        size: theme.label.size
        line: theme.label.line
    }
    readonly property TypeRole labelStrong: TypeRole {
        size: theme.label.size
        line: theme.label.line
        weight: theme.semibold
    }
    readonly property TypeRole note: TypeRole {
        size: theme.sp(28)
        line: theme.sp(40)
    }
    readonly property TypeRole noteMedium: TypeRole {
        size: theme.sp(28)
        line: theme.sp(40)
        weight: theme.medium
    }
    readonly property TypeRole noteStrong: TypeRole {
        size: theme.sp(28)
        line: theme.sp(40)
        weight: theme.semibold
    }
    /** The words of the one next step. */
    readonly property TypeRole primary: TypeRole {
        size: theme.desktop ? theme.sp(36) : theme.sp(44)
        line: theme.sp(56)
        weight: theme.semibold
    }
    /** Titles in result rows. */
    readonly property TypeRole row: TypeRole {
        size: theme.sp(36)
        line: theme.sp(46)
        weight: theme.medium
    }
    readonly property TypeRole start: TypeRole {
        size: theme.sp(56)
        line: theme.sp(68)
        weight: theme.semibold
    }
    readonly property TypeRole brand: TypeRole {
        size: theme.desktop ? theme.sp(32) : theme.sp(36)
        line: theme.desktop ? theme.sp(40) : theme.sp(42)
        weight: theme.semibold
    }
    readonly property TypeRole noteTight: TypeRole {
        size: theme.sp(28)
        line: theme.sp(34)
    }
    readonly property TypeRole clock: TypeRole {
        size: theme.sp(36)
        line: theme.sp(44)
        weight: theme.medium
    }
    /** What is typed into a field. */
    readonly property TypeRole input: TypeRole {
        size: theme.desktop ? theme.sp(38) : theme.sp(44)
        line: theme.sp(56)
    }

    // ---- space, grid of 8

    readonly property int space4: px(4)
    readonly property int space8: px(8)
    readonly property int space12: px(12)
    readonly property int space16: px(16)
    readonly property int space20: px(20)
    readonly property int space24: px(24)
    readonly property int space28: px(28)
    readonly property int space32: px(32)
    readonly property int space40: px(40)
    readonly property int space48: px(48)
    readonly property int space56: px(56)
    readonly property int space64: px(64)
    /** Between tiles of one group, between columns and buttons, between sections. */
    readonly property int gap: desktop ? 12 : 16
    /** Between rows of tiles. */
    readonly property int rowGap: desktop ? 12 : large ? 20 : 16
    readonly property int column: desktop ? 16 : 24
    readonly property int section: px(40)

    /** Side margin of a page. */
    readonly property int side: desktop ? 32 : 56
    /** Widest column of running words: 60 to 70 characters. */
    readonly property int measure: sp(1240)
    readonly property int measureShort: sp(880)
    /** Air above a section heading inside a page. */
    readonly property int sectionAir: desktop ? 32 : 32
    readonly property int homeLead: 16
    readonly property int homeLeadLarge: 22
    /** Share of a portrait panel that two columns of choices need. */
    readonly property real halfShare: 0.85
    readonly property int welcomeGap: 52
    /** Share of the start's row that the way to a saved application may take beside it. */
    readonly property real wayShare: 0.55
    readonly property int welcomeRule: 40
    /** Narrowest tile of a grid. */
    readonly property int tileMin: desktop ? sp(380) : sp(440)
    /** Widest page; a landscape panel centres it. */
    readonly property int contentMax: desktop ? 968 : 1400

    readonly property int tilePad: desktop ? 16 : large ? 32 : 28
    readonly property int tileGap: desktop ? 14 : large ? 36 : 24
    readonly property int searchPad: desktop ? 16 : 32
    /** A row across the page. */
    readonly property int rowHeight: desktop ? sp(112) : sp(112)
    readonly property int markLine: desktop ? 2 : 3
    readonly property int caret: desktop ? 2 : 4
    /** A space between words, in ems. */
    readonly property real wordSpace: 0.24
    /** Opacity of a pressed link. */
    readonly property real dim: 0.6
    /** Most of a section's line that its link may take. */
    readonly property real linkShare: 0.6

    readonly property int radius: px(16)
    readonly property int radiusSmall: px(8)
    /** Hairline of tiles and controls. */
    readonly property int stroke: desktop ? 1 : contrast ? 3 : 2
    readonly property int strokeStrong: desktop ? 2 : 4
    /** Lines between rows: never yellow, so a little thinner than outlines in contrast. */
    readonly property int hairline: desktop ? 1 : 2
    /** The solid lip below a tile. */
    readonly property int lip: desktop ? 2 : 4
    readonly property int ring: desktop ? 3 : 4
    readonly property int ringGap: 2

    // ---- targets

    readonly property int targetMin: px(88)
    readonly property int icon: sp(40)
    readonly property int iconSmall: sp(28)
    readonly property int primaryHeight: desktop ? target(96) : target(120)
    readonly property int startHeight: target(160)
    readonly property int secondaryHeight: desktop ? target(88) : target(120)
    readonly property int buttonHeight: target(96)
    readonly property int linkHeight: target(88)
    readonly property int actionHeight: sp(144)
    readonly property int chipHeight: target(88)
    readonly property int searchHeight: desktop ? sp(112) : Math.round(120 * (1 + (textScale - 1) * 0.8))
    readonly property int themeTileHeight: desktop ? sp(160) : large ? sp(112) : sp(152)
    readonly property int themeTileLow: sp(120)
    readonly property int themeDrawing: desktop ? px(96) : large ? Math.round(104 * textScale / 1.5) : 88
    readonly property int themeDrawingLow: sp(72)
    readonly property int eventTileHeight: desktop ? sp(112) : target(96)
    readonly property int cardHeight: desktop ? sp(112) : target(128)
    readonly property int cardLow: target(112)
    readonly property int toggleHeight: large ? target(96) : target(136)
    readonly property int languageHeight: target(96)
    readonly property int factHeight: sp(194)
    readonly property int fieldHeight: target(112)

    // ---- frame

    readonly property int topBarHeight: large ? 136 : 120
    readonly property int topBarTop: 8
    readonly property int mark: desktop ? 36 : large ? 72 : 56
    readonly property int markIcon: desktop ? 20 : large ? 48 : 36
    /** First row of a page and last row of its controls, counted from the bar. */
    readonly property int pageTop: large ? 152 : 128
    readonly property int pageFoot: 40
    /** Where a closing note ends the page. */
    readonly property int pageFootNote: 24
    readonly property int barSide: 56
    readonly property int barPad: 24
    readonly property int barGap: 16
    readonly property int barCell: textScale >= 2 ? 104 : large ? 160 : 96
    readonly property int barIcon: textScale >= 2 ? 64 : large ? 60 : 40
    /** Four cells in a row; two where the words are extra large and the panel is narrow. */
    readonly property int barCellMin: textScale >= 2 ? 320 : 200
    readonly property int menuPad: 12
    readonly property int menuWidth: Math.round(300 * textScale)
    readonly property int navTop: 20
    readonly property int navHead: 74
    readonly property int navPad: 12
    readonly property int navGap: 4
    readonly property int navIcon: sp(40)
    readonly property color navHover: contrast ? "#3A3200" : dark ? "#33333A" : "#DDD7CD"
    /** Share of a step's ring that its tick takes. */
    readonly property real ringFill: 0.64
    readonly property int menuHeight: Math.round(36 * textScale)
    readonly property int navWidth: Math.round(248 * (1 + (textScale - 1) * 0.8))
    readonly property int stepsWidth: Math.round(296 * (1 + (textScale - 1) * 0.8))
    readonly property int navItem: Math.round(44 * textScale)
    readonly property int stepItem: Math.round(48 * textScale)
    readonly property int stepRing: Math.round(28 * textScale)
    readonly property int sideColumn: 296
    readonly property int desktopMinWidth: 1024
    readonly property int desktopMinHeight: 700
    readonly property int desktopWidth: 1280
    readonly property int desktopHeight: 800
    readonly property int panelWidth: 1080
    readonly property int panelHeight: 1920
    readonly property int cityWidth: 1080
    readonly property int cityHeight: 480
    readonly property int cityTop: 152
    readonly property int cityTopLow: 112

    readonly property int markTop: 36
    readonly property int markTopLarge: 36
    /** Icon above the words: where the words leave no room beside it. */
    readonly property bool barStacked: large && textScale < 2
    /** Room below the card "Are you still there?". */
    readonly property int timeoutFoot: 292
    readonly property int desktopTop: 24
    readonly property int codePhone: desktop ? 300 : 480
    readonly property int buttonWide: 280
    /** Pixels of a list that are made before they are seen. */
    readonly property int rowsAhead: 400
    /** Share of the page that the city takes when out of service. */
    readonly property real outCity: 0.36
    readonly property int swipe: 80
    readonly property int scrollWidth: 12

    // ---- keyboard

    readonly property int keyHeight: 96
    readonly property int keyGap: 8
    readonly property int keyColumns: 12
    /** Letters and digits side by side, where the panel is wide enough. */
    readonly property int keyColumnsWide: 14
    readonly property int keySide: 4
    readonly property int keyTrayPad: 24
    readonly property int keyLipHeight: 3
    readonly property int keypadGap: 16
    readonly property int keypadKey: 200
    readonly property int keyRadius: 12
    readonly property int keyIcon: 48
    readonly property int keyboardMax: 1400
    readonly property int keypadMax: 1400
    /** Share of a digit in the room of four keys: three digits of 200, one wide key of 320. */
    readonly property real keypadShare: 200 / 920
    readonly property TypeRole keyLetter: TypeRole {
        size: Math.min(theme.sp(44), 60)
        line: Math.min(theme.sp(56), 72)
    }
    readonly property TypeRole keyWords: TypeRole {
        size: Math.min(theme.sp(36), 44)
        line: Math.min(theme.sp(48), 56)
        weight: theme.medium
    }
    readonly property TypeRole keyDone: TypeRole {
        size: Math.min(theme.sp(36), 44)
        line: Math.min(theme.sp(48), 56)
        weight: theme.semibold
    }

    // ---- motion, milliseconds

    readonly property int motion: reducedMotion ? 0 : 160

    // ---- asking and reading

    /** The part of a form that is done: ink, never the accent. */
    readonly property color accentBar: contrast ? "#FFD600" : ink
    /** Share of a box that its tick takes. */
    readonly property real tickFill: 0.7
    readonly property int stepSegment: space8
    /** More steps than this are one bar instead of segments. */
    readonly property int stepSegments: 12
    readonly property int errorBar: px(8)
    /** Share of a landscape panel that a lookup's field takes beside what it finds. */
    readonly property real lookupShare: 0.32
    /** Three boxes of a date stand in one row at every size of the text. */
    readonly property int datePart: desktop ? sp(208) : Math.min(sp(176), 256 + (textScale < 2 ? 8 : 0))
    readonly property int yearPart: desktop ? sp(304) : Math.min(sp(240), 368)
    readonly property int areaHeight: sp(312)
    readonly property int tickBox: sp(64)
    readonly property int tickHeight: target(120)
    readonly property int choiceHeight: target(96)
    readonly property int radioRing: sp(44)
    readonly property int answerHeight: sp(120)
    /** Room that "Change" needs beside an answer; below that it goes under it. */
    readonly property int answerBreak: sp(760)
    readonly property int stayHeight: desktop ? target(104) : target(136)
    readonly property int countdown: desktop ? sp(240) : Math.round(240 * (1 + (textScale - 1) * 0.6))
    readonly property int countdownLine: px(14)
    readonly property int successMark: sp(96)
    readonly property int stepNumber: sp(56)
    readonly property int validityHeight: target(88)
    /** Pixels a millimetre on the smallest panel: 21.5 inch at 1080 x 1920. */
    readonly property real pxPerMm: 4.03
    /** A code is never smaller than 50 mm. */
    readonly property int codeMin: Math.ceil(50 * pxPerMm)
    readonly property int codeFrame: 360
    /** Beside extra large words: still 50 mm without its quiet zone. */
    readonly property int codeSmall: 296
    readonly property int codeWhole: 768
    readonly property int themeCorner: 120
    readonly property int desktopPad: 64
    readonly property int timeoutPad: px(48)
    /** Below the steps, and between a field and its keypad. */
    readonly property int leadGap: desktop ? 24 : 48
    readonly property int trayGap: 56
    /** Above a question on the desktop, and the height of the buttons below it. */
    readonly property int desktopAir: 2
    /** Widest column of fields on the desktop. */
    readonly property int fieldsMax: sp(1280)
    readonly property TypeRole entry: TypeRole {
        size: theme.sp(44)
        line: theme.sp(56)
    }
    readonly property int questionButton: target(120)
}
