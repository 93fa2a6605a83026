"""Expressions over the answers, in the Common Expression Language (CEL): calculated answers and rules with words.

Rules. The names are those of the answers as they are sent ("matter.cost - matter.asked"): visible and clean ones only.
An expression whose answers are not there yet, or cannot be reckoned with, has no value (None); it never raises. Whole
numbers stay whole. The library is loaded with the first expression: most forms have none.
Source: the language definition of CEL (cel.dev), package common-expression-language.
"""

from __future__ import annotations

from typing import Any

_UNKNOWN = (KeyError, RuntimeError, TypeError, ValueError, ArithmeticError)
"""What the library raises for an answer that is not there, kinds that do not fit, and numbers that do not either."""


class Expression:
    """A compiled expression. Raises ValueError with a plain sentence if the text is none."""

    def __init__(self, text: str) -> None:
        import cel

        try:
            self._program = cel.compile(text)
        except ValueError as error:
            raise ValueError(f"not an expression: {str(error).splitlines()[0]}") from error

    def value(self, answers: dict[str, Any]) -> Any:
        """What it comes to for these answers: text, a number, true or false; None for nothing."""
        try:
            found = self._program.execute(answers)
        except _UNKNOWN:
            return None
        if isinstance(found, float) and found.is_integer() and abs(found) < 2**53:
            return int(found)
        return found if isinstance(found, str | bool | int | float) else None
