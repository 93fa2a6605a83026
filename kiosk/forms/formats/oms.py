"""The single number of the medical insurance policy (ENP): 16 digits, Luhn over all of them.

Source: order of the Health Ministry 158н of 2011, annex; Luhn by python-stdnum. Sixteen zeros satisfy Luhn and are
refused.
"""

from __future__ import annotations

from kiosk.forms.formats.format import digits_format


def _sums(digits: str) -> bool:
    from stdnum import luhn  # with ssl and pydoc behind it: 15 ms that the first frame need not wait for

    return bool(luhn.is_valid(digits)) and set(digits) != {"0"}


def _show(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))


POLICY = digits_format("oms-policy", (16,), _sums, _show)
