"""The vectors of test_identifiers run every line of the identifier modules: a rule without a vector fails here."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from kiosk.forms import formats
from kiosk.forms.formats import FORMATS, account, dates, passport, vehicle
from tests.forms.test_identifiers import INVALID, VALID

FOLDER = Path(formats.__file__).parent


def functions(code: CodeType) -> Iterator[CodeType]:
    """The functions of a compiled module, inner ones too."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_name != "Format":
                yield constant
            yield from functions(constant)


def lines_of(path: Path) -> set[tuple[str, int]]:
    """The lines inside functions that do something."""
    code = compile(path.read_text("utf-8"), str(path), "exec")
    return {
        (path.name, line)
        for function in functions(code)
        for _, _, line in function.co_lines()
        if line is not None and line != function.co_firstlineno
    }


def test_every_line_of_every_identifier_module_runs() -> None:
    ran: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        path = Path(frame.f_code.co_filename)
        if path.parent != FOLDER:
            return None
        if event == "line":
            ran.add((path.name, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        passport._spaced("plain", 2, 1, " ")
        vehicle._matching("plain", re.compile("x"), " ", 0)
        for name, typed, *_ in [*VALID, *INVALID]:
            one = FORMATS[name]
            one.check(typed), one.normalise(typed), one.show(typed)
        account.belong_together("40702810138250123017", "044525225")
        account.belong_together("03100643000000017300", "004525988")
        dates.days_in("31.11.2026")
        dates.days_in("no date")
        dates.read("31.11.2026")
        FORMATS["uin"].check(a_number_with_two_rounds_of_ten())
        formats.format.unchanged(" as it is ")
        formats.format.digits_format("plain", (1,)).show("1")
    finally:
        sys.settrace(before)
    wanted = {line for path in FOLDER.glob("[!_]*.py") for line in lines_of(path)}
    assert len(wanted) > 100
    assert sorted(wanted - ran) == []


def a_number_with_two_rounds_of_ten() -> str:
    """A 20-digit number for which both sums leave 10, so that its key is 0."""

    def remainder(digits: str, first: int) -> int:
        return sum(int(digit) * ((place + first) % 10 + 1) for place, digit in enumerate(digits)) % 11

    return next(
        digits + "0"
        for digits in (f"{number:019d}" for number in range(1, 100_000))
        if remainder(digits, 0) == remainder(digits, 2) == 10
    )


def test_uin_with_two_rounds_of_ten_has_the_key_nought() -> None:
    number = a_number_with_two_rounds_of_ten()
    assert FORMATS["uin"].check(number) is None
    assert FORMATS["uin"].check(number[:-1] + "1") == "uin.check"
