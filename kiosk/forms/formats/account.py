"""Bank account (20 digits), BIC (9 digits), and whether the two belong together.

Source: regulation of the Bank of Russia 515 of 1997 on the key of an account: weights 7, 1, 3 in turn over three
digits of the BIC and the account,
each product modulo 10, the sum modulo 10 is 0. The three digits are the last of the BIC; for a correspondent account
(30101…) or a single treasury account (40102…) they are "0" and the fifth and sixth of the BIC. A treasury account
that begins with 0 has no key.
"""

from __future__ import annotations

from kiosk.forms.formats.format import digits_format, squeeze

ACCOUNT = digits_format("account", (20,))
BIC = digits_format("bic", (9,))


def belong_together(account: str, bic: str) -> bool:
    """Whether the key of `account` is right at the bank `bic`; both must have passed their own checks."""
    account, bic = squeeze(account), squeeze(bic)
    if account.startswith("0"):
        return True
    branch = "0" + bic[4:6] if account.startswith(("30101", "40102")) else bic[-3:]
    weights = (7, 1, 3) * 8
    return sum(int(digit) * weight % 10 for digit, weight in zip(branch + account, weights, strict=False)) % 10 == 0
