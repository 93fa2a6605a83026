"""OGRN of an organisation (13 digits) and OGRNIP of a sole trader (15 digits).

Source: order of the Ministry of Finance 165н of 2017. OGRN by python-stdnum; its check of OGRNIP leaves out the last
`% 10` and so
refuses remainders 10 to 12, therefore OGRNIP is ours: the first 14 digits % 13 % 10.
"""

from __future__ import annotations

from kiosk.forms.formats.format import digits_format


def _sums_organisation(digits: str) -> bool:
    from stdnum.ru import ogrn  # with ssl and pydoc behind it: 15 ms that the first frame need not wait for

    return bool(ogrn.is_valid(digits))


def _sums_trader(digits: str) -> bool:
    return digits[0] in "34" and int(digits[:14]) % 13 % 10 == int(digits[14])


OGRN = digits_format("ogrn", (13,), _sums_organisation)
OGRNIP = digits_format("ogrnip", (15,), _sums_trader)
