"""The number on a receipt: whose, which, and a check digit.

Rules. `16-004127-3`: the device's number, its running number in six digits or more, and the Luhn check digit (ISO/IEC
7812-1, annex B) over both. It follows from device and running number, so a lost number can be made again.
"""

from __future__ import annotations


def receipt_number(device_number: int, sequence: int) -> str:
    """The number of the `sequence`th submission of a device."""
    from stdnum import luhn

    digits = f"{device_number}{sequence:06d}"
    return f"{device_number}-{sequence:06d}-{luhn.calc_check_digit(digits)}"
