"""Expressions over the answers, in the Common Expression Language (CEL): calculated answers and rules with words.

Rules. The names are those of the answers as they are sent ("matter.cost - matter.asked"): visible and clean ones only.
Besides what CEL has, an expression may use the functions of reckoning.py. An expression whose answers are not there
yet, or cannot be reckoned with, has no value (None); it never raises. Whole numbers stay whole. The library is loaded
with the first expression: most forms have none.
Source: the language definition of CEL (cel.dev), package common-expression-language.
"""

from __future__ import annotations

from typing import Any

from kiosk.forms.cel_library import library
from kiosk.forms.reckoning import FUNCTIONS

_UNKNOWN = (KeyError, RuntimeError, TypeError, ValueError, ArithmeticError)
"""What the library raises for an answer that is not there, kinds that do not fit, and numbers that do not either."""


class Expression:
    """A compiled expression. Raises ValueError with a plain sentence if the text is none."""

    def __init__(self, text: str) -> None:
        try:
            self._program = library().compile(text)
        except ValueError as error:
            raise ValueError(f"not an expression: {str(error).splitlines()[0]}") from error
        self._functions = [name for name in self._program.functions() if name in FUNCTIONS]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the expression begins from, those of its own macros among them."""
        return tuple(self._program.variables())

    def value(self, answers: dict[str, Any]) -> Any:
        """What it comes to for these answers: text, a number, true or false; None for nothing."""
        try:
            found = self._program.execute(self._context(answers) if self._functions else answers)
        except _UNKNOWN:
            return None
        if isinstance(found, float) and found.is_integer() and abs(found) < 2**53:
            return int(found)
        return found if isinstance(found, str | bool | int | float) else None

    def _context(self, answers: dict[str, Any]) -> Any:
        context = library().Context(answers)
        for name in self._functions:
            context.add_function(name, FUNCTIONS[name])
        return context
