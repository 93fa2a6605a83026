"""The way back."""

from __future__ import annotations

import pytest

from kiosk.ui.nav import PAGES, Way


def test_back_retraces_the_way() -> None:
    way = Way()
    for page, subject in (("Home", ""), ("Theme", "documents"), ("Service", "S1"), ("Help", "")):
        way.open(page, subject)
    walked = []
    while way.can_go_back:
        walked.append(way.back())
    assert [(place.page, place.subject) for place in walked] == [
        ("Service", "S1"),
        ("Theme", "documents"),
        ("Home", ""),
    ]


def test_nothing_leads_back_to_welcome() -> None:
    way = Way()
    way.open("Home")
    assert not way.can_go_back
    assert way.back().page == "Home"


def test_home_begins_the_way_anew() -> None:
    way = Way()
    for page in ("Home", "Themes", "Home"):
        way.open(page)
    assert not way.can_go_back


def test_the_same_place_is_not_stacked_twice() -> None:
    way = Way()
    for page in ("Home", "Help", "Help"):
        way.open(page)
    assert way.back().page == "Home"


def test_two_services_are_two_places() -> None:
    way = Way()
    way.open("Home")
    way.open("Service", "S1")
    way.open("Service", "S2")
    assert way.back().subject == "S1"


def test_after_a_receipt_the_form_is_not_on_the_way() -> None:
    way = Way()
    for page in ("Home", "Service", "Form", "Check", "Receipt", "Code"):
        way.open(page)
    assert way.back().page == "Receipt"
    assert way.back().page == "Home"
    assert not way.can_go_back


def test_change_goes_back_to_the_form_that_is_on_the_way() -> None:
    way = Way()
    for page in ("Home", "Service", "Form", "Check"):
        way.open(page)
    way.back_to("Form")
    assert way.here.page == "Form"
    assert way.back().page == "Service"


def test_out_of_service_has_no_way_out() -> None:
    way = Way()
    way.open("Home")
    way.open("OutOfService")
    assert not way.can_go_back


def test_an_unknown_page_is_refused() -> None:
    with pytest.raises(ValueError, match="Nowhere"):
        Way().open("Nowhere")
    assert "Nowhere" not in PAGES
