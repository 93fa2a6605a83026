"""INN, the taxpayer's number: 12 digits for a person, 10 for an organisation.

Source: order of the Federal Tax Service ММВ-7-6/435@, check digits by python-stdnum (stdnum.ru.inn). A foreign
organisation
has an INN too (it begins with 9909); a foreign citizen may have none. Twelve or ten zeros satisfy the sum and are
refused.
"""

from __future__ import annotations

from kiosk.forms.formats.format import digits_format


def _sums(digits: str) -> bool:
    from stdnum.ru import inn  # with ssl and pydoc behind it: 15 ms that the first frame need not wait for

    return bool(inn.is_valid(digits)) and set(digits) != {"0"}


PERSON = digits_format("inn-person", (12,), _sums)
ORGANISATION = digits_format("inn-organisation", (10,), _sums)
