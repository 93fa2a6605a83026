"""A number is typed in its groups, and the groups change nothing that is read."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from kiosk.forms.formats import FORMATS
from kiosk.forms.formats.format import squeeze
from kiosk.forms.spacing import spaced

NAMES = sorted(FORMATS)


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("snils", "11223344595", "112-233-445 95"),
        ("snils", "112", "112"),
        ("snils", "1122", "112-2"),
        ("snils", "112-", "112"),
        ("snils", "112233445951", "112233445951"),
        ("snils", "112о", "112о"),
        ("passport-rf", "4509123456", "4509 123456"),
        ("division-code", "770045", "770-045"),
        ("travel-passport", "751234567", "75 1234567"),
        ("oms-policy", "8451999122899990", "8451 9991 2289 9990"),
        ("account", "40702810138250123017", "40702 810 1 3825 0123017"),
        ("troika", "1234567890", "1234 567 890"),
        ("uin", "18810136161108008161", "18810 13616 11080 08161"),
        ("phone-ru", "+79160001234", "+7 916 000-12-34"),
        ("phone-any", "89160001234", "8 916 000-12-34"),
        ("phone-any", "+7", "+7"),
        ("phone-any", "+7 (916) 000", "+7 916 000"),
        ("phone-any", "+375291234567", "+375291234567"),
        ("phone-any", "9160001234", "9160001234"),
        ("email", "anna@example.ru", "anna@example.ru"),
        ("", "Анна и Пётр", "Анна и Пётр"),
    ],
)
def test_groups(name: str, typed: str, shown: str) -> None:
    assert spaced(name, typed) == shown


@given(name=st.sampled_from(NAMES), text=st.text(st.sampled_from("0123456789 -+()абAB@."), max_size=30))
def test_what_is_read_stays_the_same(name: str, text: str) -> None:
    form, shown = FORMATS[name], spaced(name, text)
    assert form.check(shown) == form.check(text)
    if form.check(text) is None:
        assert form.normalise(shown) == form.normalise(text)
    assert spaced(name, shown) == shown


@given(name=st.sampled_from(NAMES), digits=st.text("0123456789", min_size=1, max_size=26))
def test_digit_after_digit_and_back(name: str, digits: str) -> None:
    """As it is typed and as it is erased: each key changes one digit."""
    shown = ""
    for count, digit in enumerate(digits, 1):
        shown = spaced(name, shown + digit)
        assert squeeze(shown) == digits[:count]
    for count in range(len(digits) - 1, -1, -1):
        before, shown = squeeze(shown), spaced(name, shown[:-1])
        assert squeeze(shown) in (before, before[:-1]), "a sign alone may go first"
        shown = spaced(name, digits[:count])
