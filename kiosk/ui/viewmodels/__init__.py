"""View-models: thin QObjects over a core that knows no Qt. QML: `import Kiosk.ViewModels`.

The shell gets one object, `required property SessionModel session`, and hands it to every page. Everything below is
reached from it; every text is in the visitor's language already and changes with it.

SessionModel   page mode canGoBack brand centreName clock language otherLanguage outOfServiceText | text(key, args)
               start goHome goBack openThemes openTheme(id) openEvents openEvent(id) openSearch(text) openService(id)
               startForm openPhone(topic) openHelp showCode openApplications end setLanguage(code) | announced(text)
.accessibility AccessibilityModel  textScale contrast lowReach lowReachTop speech speechAvailable reducedMotion
               accessible | larger setTextScale toggleContrast toggleLowReach toggleSpeech
.link          LinkModel  online waiting statusText contentText contentAlarm
.home          HomeModel  themes(ThemesList) events(EventsList) popular themeCountText empty | show(themes, events)
.themes        ThemesModel  title eventsTitle themes events
.theme         ThemeModel (pages Theme and Event)  title drawing countText services(ServicesList) moreText emptyText
               audiences audience | audienceText(a) setAudience(a) more
.search        SearchModel  query results(ServicesList) summary didYouMean didYouMeanText moreText nothing nothingHint
               popular | setQuery(text) useDidYouMean clear more
.service       ServiceModel  serviceId title shortTitle summary audience audienceLabel audienceIcon drawing
               facts(FactsList) factsText documents(DocumentsList) documentsNote canApply primaryText kindNote
               historical historicalText phoneTopic printAvailable printing printNotice
               | printChecklist saveChecklistTo(file)
.form          FormModel  title stepText stepIndex stepCount steps(StepsList) pageId pageTitle pageHint
               fields(FieldsList) errors(ErrorsList) errorTitle changing nextText | setAnswer(pointer, text)
               setDatePart(pointer, part, text) setDay(pointer, daysAgo) toggleChoice(pointer, value) next
               openStep(index) | refused()
.check         CheckModel  title serviceTitle leftText groups(GroupsList) consent consentText sealedText sendText
               canSend busy problemText | setConsent(bool) change(page) submit
.receipt       ReceiptModel  title number serviceTitle timeText state stateText noticeTitle noticeText noticeIcon
               registeredNumber nextSteps(NextStepsList) codeSource codeModules printAvailable printing printNotice
               speakText | print savePdf savePdfTo(file)
.phone         PhoneModel  topic title text howText codeSource codeModules link linkText canOpenInBrowser
               | openInBrowser
.idle          IdleModel  warning secondsLeft total title text secondsText | stay end touched | announced(text)
.help          HelpModel  title text phone hints(HintsList)
.applications  ApplicationsModel  title rows(ApplicationsList) emptyText

Roles of the lists are in kiosk.ui.models, one file each.
"""
