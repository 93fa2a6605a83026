"""Every identifier: what is accepted in which spelling, what is refused with which code, and never an exception."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.forms.formats import FORMATS
from kiosk.forms.formats.account import belong_together

# (format, typed, stored, shown)
VALID = [
    *[("inn-organisation", inn, inn, inn) for inn in ("7707083893", "7710474375", "7736520080", "3664069397")],
    ("inn-organisation", " 7707 083 893 ", "7707083893", "7707083893"),
    *[("inn-person", inn, inn, inn) for inn in ("500100732259", "370264753602", "302502032671")],
    ("inn-person", "5001-0073-2259", "500100732259", "500100732259"),
    ("snils", "112-233-445 95", "11223344595", "112-233-445 95"),
    ("snils", "642-709-548 07", "64270954807", "642-709-548 07"),
    ("snils", "08765430300", "08765430300", "087-654-303 00"),
    ("snils", "001-001-998 12", "00100199812", "001-001-998 12"),
    ("ogrn", "1027700132195", "1027700132195", "1027700132195"),
    ("ogrn", "1022200525819", "1022200525819", "1022200525819"),
    ("ogrnip", "304500116000157", "304500116000157", "304500116000157"),
    ("ogrnip", "313132804400022", "313132804400022", "313132804400022"),
    ("oms-policy", "8451999122899990", "8451999122899990", "8451 9991 2289 9990"),
    ("oms-policy", "7700 0000 0000 0016", "7700000000000016", "7700 0000 0000 0016"),
    ("account", "4070 2810 1382 5012 3017", "40702810138250123017", "40702810138250123017"),
    ("bic", "044525225", "044525225", "044525225"),
    ("uin", "0", "0", "0"),
    ("uin", "18810136161108008161", "18810136161108008161", "18810136161108008161"),
    ("uin", "0355431010117031600011275", "0355431010117031600011275", "0355431010117031600011275"),
    ("uin", "0355431010119102401042373", "0355431010119102401042373", "0355431010119102401042373"),
    ("passport-rf", "4509123456", "4509 123456", "4509 123456"),
    ("passport-rf", "45 09 123456", "4509 123456", "4509 123456"),
    ("division-code", "770045", "770-045", "770-045"),
    ("division-code", "770 \N{EN DASH} 045", "770-045", "770-045"),
    ("travel-passport", "751234567", "75 1234567", "75 1234567"),
    ("birth-certificate", "IV-МЮ 123456", "IV-МЮ 123456", "IV-МЮ 123456"),
    ("birth-certificate", "ІV мю № 123456", "IV-МЮ 123456", "IV-МЮ 123456"),
    ("birth-certificate", "1У-МЮ 123456", "IV-МЮ 123456", "IV-МЮ 123456"),
    ("birth-certificate", "XXI-AK 000001", "XXI-АК 000001", "XXI-АК 000001"),
    ("birth-certificate", "хс-ЁЯ 123456", "XC-ЁЯ 123456", "XC-ЁЯ 123456"),
    ("sts", "77ук123456", "77УК123456", "77 УК 123456"),
    ("sts", "99 01 234567", "9901234567", "99 01 234567"),
    ("driving-licence", "99 00 123456", "9900123456", "99 00 123456"),
    ("driving-licence", "77 AB 123456", "77АВ123456", "77 АВ 123456"),
    ("plate", "A123BC777", "А123ВС777", "А 123 ВС 777"),
    ("plate", "м 456 ор 99", "М456ОР99", "М 456 ОР 99"),
    ("plate-taxi", "ab123 777", "АВ123777", "АВ 123 777"),
    ("vin", "xta210930y2696785", "XTA210930Y2696785", "XTA210930Y2696785"),
    ("vin", "Z94 CB41 BADR 123456", "Z94CB41BADR123456", "Z94CB41BADR123456"),
    ("kpp", "773601001", "773601001", "773601001"),
    ("kpp", "7736az001", "7736AZ001", "7736AZ001"),
    ("oktmo", "45334000", "45334000", "45334000"),
    ("oktmo", "45 334 000 001", "45334000001", "45334000001"),
    ("troika", "0123 456 789", "0123456789", "0123 456 789"),
    ("troika", "4294967295", "4294967295", "4294 967 295"),
    ("troika", "0000000000", "0000000000", "0000 000 000"),
    ("epd-payer", "1234567890", "1234567890", "1234567890"),
    ("postcode", "125057", "125057", "125057"),
    ("phone-ru", "8 (916) 000-12-34", "+79160001234", "+7 916 000-12-34"),
    ("phone-ru", "+7 916 000 12 34", "+79160001234", "+7 916 000-12-34"),
    ("phone-ru", "9160001234", "+79160001234", "+7 916 000-12-34"),
    ("phone-ru", "79160001234", "+79160001234", "+7 916 000-12-34"),
    ("phone-ru", "+70001234567", "+70001234567", "+7 000 123-45-67"),
    ("phone-any", "8-916-000-12-34", "+79160001234", "+7 916 000-12-34"),
    ("phone-any", "+998 (90) 123 45 67", "+998901234567", "+998901234567"),
    ("email", " Anna@Example.RU ", "Anna@example.ru", "Anna@example.ru"),
    ("email", "анна@почта.рф", "анна@почта.рф", "анна@почта.рф"),
    ("meter-reading", "00123,4", "123.40", "123.40"),
    ("meter-reading", "99999.99", "99999.99", "99999.99"),
    ("meter-reading", "0", "0.00", "0.00"),
    ("date", "2026-11-30", "2026-11-30", "2026-11-30"),
    ("date", "29.2.2024", "2024-02-29", "2024-02-29"),
    ("date", " 1 3 1951 ", "1951-03-01", "1951-03-01"),
]

# (format, typed, code)
INVALID = [
    ("inn-organisation", "1234567895", "check"),
    ("inn-organisation", "6200098765", "check"),
    ("inn-organisation", "0000000000", "check"),
    ("inn-organisation", "770708389", "length"),
    ("inn-organisation", "77070838931", "length"),
    ("inn-organisation", "500100732259", "length"),
    ("inn-organisation", "77O7083893", "letters"),
    ("inn-person", "123456789037", "check"),
    ("inn-person", "500100732258", "check"),
    ("inn-person", "500100732249", "check"),
    ("inn-person", "000000000000", "check"),
    ("inn-person", "7707083893", "length"),
    ("snils", "112-233-445 96", "check"),
    ("snils", "000-000-000 00", "check"),
    ("snils", "1122334459", "length"),
    ("snils", "112.233.445 95", "letters"),
    ("ogrn", "1022500001328", "check"),
    ("ogrn", "102770013219", "length"),
    ("ogrnip", "304500116000158", "check"),
    ("ogrnip", "504500116000157", "check"),
    ("ogrnip", "1027700132195", "length"),
    *[("oms-policy", f"845199912289999{last}", "check") for last in range(1, 10)],
    ("oms-policy", "0000000000000000", "check"),
    ("account", "4070281013825012301", "length"),
    ("account", "4070281A138250123017", "letters"),
    ("bic", "04452522", "length"),
    ("uin", "18880451190601033710", "check"),
    ("uin", "18810177240010001111", "check"),
    ("uin", "00000000000000000000", "check"),
    ("uin", "1881013616110800816", "length"),
    ("uin", "18810136161108008161x", "letters"),
    ("passport-rf", "4509 000000", "zeros"),
    ("passport-rf", "4509 12345", "length"),
    ("passport-rf", "45 О9 123456", "letters"),
    ("division-code", "770-000", "zeros"),
    ("division-code", "77-045", "length"),
    ("travel-passport", "75 0000000", "zeros"),
    ("travel-passport", "75 12345678", "length"),
    ("birth-certificate", "IV-МЮ 000000", "zeros"),
    ("birth-certificate", "IIII-МЮ 123456", "form"),
    ("birth-certificate", "IV-МЮ 12345", "form"),
    ("birth-certificate", "МЮ 123456", "form"),
    ("birth-certificate", "AB-МЮ 123456", "form"),
    ("sts", "77 УК 000000", "zeros"),
    ("sts", "77 УК 12345", "form"),
    ("driving-licence", "99 00 000000", "zeros"),
    ("driving-licence", "AA 00 123456", "form"),
    ("plate", "А000ВС777", "zeros"),
    ("plate", "Ж123ВС777", "form"),
    ("plate", "А123ВС7", "form"),
    ("plate", "D123BC777", "form"),
    ("plate-taxi", "АВ000777", "zeros"),
    ("plate-taxi", "А123ВС777", "form"),
    ("vin", "XTA210930Y269678", "length"),
    ("vin", "XTA21O930Y2696785", "letters"),
    ("vin", "XTA21093IY2696785", "letters"),
    ("kpp", "77360100", "length"),
    ("kpp", "A73601001", "letters"),
    ("oktmo", "453340000", "length"),
    ("oktmo", "00000000", "check"),
    ("troika", "4294967296", "check"),
    ("troika", "123456789", "length"),
    ("epd-payer", "0000000000", "check"),
    ("epd-payer", "123456789", "length"),
    ("postcode", "000123", "check"),
    ("postcode", "12505", "length"),
    ("phone-ru", "+7 916 000-12-3", "length"),
    ("phone-ru", "9160001234567", "length"),
    ("phone-ru", "+998901234567", "country"),
    ("phone-ru", "+7 116 000-12-34", "check"),
    ("phone-ru", "восемь", "letters"),
    ("phone-any", "+12", "length"),
    ("phone-any", "+1234567890123456", "length"),
    ("phone-any", "+0901234567", "check"),
    ("phone-any", "+99890abc", "letters"),
    ("phone-any", "916", "length"),
    ("email", "anna", "at"),
    ("email", "a@b@c.ru", "at"),
    ("email", "@example.ru", "name"),
    ("email", ".anna@example.ru", "name"),
    ("email", "anna..p@example.ru", "name"),
    ("email", "an na@example.ru", "name"),
    ("email", "anna@example", "domain"),
    ("email", "anna@exam_ple.ru", "domain"),
    ("email", "anna@-example.ru", "domain"),
    ("email", "a" * 250 + "@example.ru", "length"),
    ("meter-reading", "123456", "length"),
    ("meter-reading", "123,456", "length"),
    ("meter-reading", "12a", "form"),
    ("meter-reading", "5,", "length"),
    ("date", "31.11.2026", "day"),
    ("date", "31.04.2026", "day"),
    ("date", "0.04.2026", "day"),
    ("date", "29.02.2025", "leap"),
    ("date", "29.02.1900", "leap"),
    ("date", "30.02.2024", "day"),
    ("date", "1.13.2026", "month"),
    ("date", "1.0.2026", "month"),
    ("date", "1.1.26", "year"),
    ("date", "1.1.0026", "year"),
    ("date", "1.1.99999", "year"),
    ("date", "--11-2026", "no_day"),
    ("date", ".11.2026", "no_day"),
    ("date", "31..2026", "no_month"),
    ("date", "31.11.", "no_year"),
    ("date", "завтра", "form"),
    ("date", "2026-02-31", "day"),
]


@pytest.mark.parametrize(("name", "typed", "stored", "shown"), VALID)
def test_valid_value_is_stored_in_one_spelling_and_shown_in_groups(
    name: str, typed: str, stored: str, shown: str
) -> None:
    one = FORMATS[name]
    assert one.check(typed) is None
    assert one.normalise(typed) == stored
    assert one.show(stored) == shown
    assert one.check(stored) is None
    assert one.normalise(shown) == stored


@pytest.mark.parametrize(("name", "typed", "code"), INVALID)
def test_invalid_value_is_refused_with_its_code_and_left_as_it_is(name: str, typed: str, code: str) -> None:
    one = FORMATS[name]
    assert one.check(typed) == f"{name}.{code}"
    assert one.normalise(typed) == typed
    assert one.show(typed) == typed


def test_every_format_has_valid_and_invalid_vectors() -> None:
    assert {name for name, *_ in VALID} == set(FORMATS) == {name for name, *_ in INVALID}


_FULL_WIDTH = str.maketrans("0123456789", "".join(chr(0xFF10 + digit) for digit in range(10)))
_ARABIC = str.maketrans("0123456789", "".join(chr(0x0660 + digit) for digit in range(10)))


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"email"}))
def test_digits_of_other_scripts_are_refused(name: str) -> None:
    typed = next(typed for format_name, typed, *_ in VALID if format_name == name and any(map(str.isdigit, typed)))
    assert FORMATS[name].check(typed.translate(_FULL_WIDTH)) is not None
    assert FORMATS[name].check(typed.translate(_ARABIC)) is not None


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(
    "typed", ["", " ", "\n", "-", "0" * 10_000, "А" * 10_000, " " * 10_000, "\x00", "\ud800", "²³", "٣"]
)
def test_nonsense_of_any_length_is_refused(name: str, typed: str) -> None:
    assert str(FORMATS[name].check(typed)).startswith(f"{name}.")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=60))
def test_any_text_has_an_answer_and_what_passes_is_stable(name: str, typed: str) -> None:
    one = FORMATS[name]
    stored = one.normalise(typed)
    if one.check(typed) is None:
        assert one.check(stored) is None
        assert one.normalise(stored) == stored == one.normalise(one.show(stored))
    else:
        assert stored == typed == one.show(typed)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789 -", min_size=1, max_size=26), st.sampled_from(sorted(FORMATS)))
def test_digit_soup_has_an_answer_and_what_passes_is_stable(typed: str, name: str) -> None:
    one = FORMATS[name]
    if one.check(typed) is None:
        assert one.normalise(one.show(one.normalise(typed))) == one.normalise(typed)


@pytest.mark.parametrize("name", ["inn-organisation", "inn-person", "snils", "ogrn", "ogrnip", "oms-policy", "uin"])
def test_every_single_changed_digit_is_noticed_or_belongs_to_another_valid_number(name: str) -> None:
    number = next(stored for format_name, _, stored, _ in VALID if format_name == name and len(stored) > 5)
    changed = [
        number[:place] + str((int(digit) + step) % 10) + number[place + 1 :]
        for place, digit in enumerate(number)
        for step in range(1, 10)
    ]
    refused = sum(FORMATS[name].check(one) is not None for one in changed)
    assert refused >= 0.9 * len(changed)


@pytest.mark.parametrize(
    ("account", "bic", "fits"),
    [
        ("40702810138250123017", "044525225", True),
        ("30101810400000000225", "044525225", True),
        ("40102810545370000003", "004525988", True),
        ("4070 2810 1382 5012 3017", "04 4525 225", True),
        ("03100643000000017300", "004525988", True),
        ("40702810400000012345", "044525225", False),
        ("40702810138250123017", "044525226", False),
        ("30101810400000000225", "044535225", False),
    ],
)
def test_account_fits_its_bank_or_not(account: str, bic: str, fits: bool) -> None:
    assert belong_together(account, bic) is fits
