"""`python -m bench [names...] [--check] [--json]`: the figures, one after the other, against their bounds.

Rules. A figure is held against its bound in bounds.toml; `--check` exits 1 when one is beyond bound x 1.15, or could
not be measured. A figure whose peer is not installed says what is missing and counts as not measured. Nothing else
should run on the machine meanwhile: the sides of a ratio take turns, milliseconds have no such help.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from bench.measure import Figure

BOUNDS = Path(__file__).with_name("bounds.toml")
SLACK = 1.15
FIGURES = {
    "start": "window",
    "session_end": "window",
    "search_819": "search",
    "search_10000": "search",
    "first_sync": "first_sync",
    "bytes_first": "traffic",
    "bytes_one_percent": "traffic",
    "bytes_nothing": "traffic",
    "bytes_ten_of_many": "traffic",
    "reopen": "opening",
    "submit_p99": "submit",
    "submit_whole": "submit",
    "drain": "drain",
    "attachments": "attachments",
    "fleet_raw": "fleet",
    "fleet_flat": "fleet",
    "fleet_memory": "fleet",
    "fleet_sync": "fleet",
    "form_change": "form",
    "qr": "paper",
    "pdf": "paper",
    "memory_session": "window",
    "memory_engine": "window",
}
"""Figure -> the module that measures it, as `<figure>_figure()`."""
_SYSTEM = {"weasyprint": "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"}


class Line(Struct, frozen=True):
    """One line of the table. `value` is None when it could not be measured."""

    name: str
    what: str
    value: float | None
    bound: float
    verdict: str
    detail: str


def verdict(value: float, bound: float) -> str:
    """`held` within the bound, `near` within the slack that a noisy machine gets, `missed` beyond it."""
    if value <= bound:
        return "held"
    return "near" if value <= bound * SLACK else "missed"


def measured(name: str, measure: Callable[[], Figure], bound: float, what: str) -> Line:
    """One figure as a line; a peer that is not there is told, not raised."""
    try:
        figure = measure()
    except (ImportError, OSError) as error:
        return Line(name, what, None, bound, "not measured", missing(error))
    return Line(name, what, figure.value, bound, verdict(figure.value, bound), figure.detail)


def missing(error: ImportError | OSError) -> str:
    """What to install for a peer that does not load."""
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is not installed; install the development requirements (./dev setup)"
    for peer, packages in _SYSTEM.items():
        if "pango" in str(error).lower() or "gobject" in str(error).lower():
            return f"{peer} needs system libraries; install: {packages}"
    return f"{type(error).__name__}: {error}"


def table(lines: Iterable[Line]) -> str:
    """The lines for people."""
    rows = []
    for line in lines:
        value = "-" if line.value is None else f"{line.value:.2f}"
        rows.append(f"{line.name:<18}{value:>8}{line.bound:>8g}  {line.verdict:<13}{line.what}")
        rows += [f"{'':<36}{part}" for part in line.detail.splitlines()]
    return "\n".join(rows)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Figures against their bounds.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FIGURES)}; all where none is named")
    parser.add_argument("--check", action="store_true", help=f"exit 1 when a figure is beyond its bound x {SLACK}")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    arguments = parser.parse_args(argv)
    unknown = [name for name in arguments.names if name not in FIGURES]
    if unknown:
        parser.error(f"there is no figure {unknown[0]!r}")
    bounds = tomllib.loads(BOUNDS.read_text(encoding="utf-8"))
    lines: list[Line] = []
    if not arguments.json:
        print(f"{'figure':<18}{'value':>8}{'bound':>8}  {'verdict':<13}what")
    for name in arguments.names or FIGURES:
        lines.append(_line(name, bounds[name]["bound"], bounds[name]["what"]))
        if not arguments.json:
            print(table(lines[-1:]), flush=True)
    if arguments.json:
        print(json.dumps({"figures": [{key: getattr(line, key) for key in Line.__struct_fields__} for line in lines]}))
    failed = [line.name for line in lines if line.verdict in ("missed", "not measured")]
    if arguments.check and failed:
        print(f"bench: beyond the bound: {', '.join(failed)}", file=sys.stderr)
        return 1
    return 0


def _line(name: str, bound: float, what: str) -> Line:
    def measure() -> Figure:
        module = importlib.import_module(f"bench.{FIGURES[name]}")
        figure: Figure = getattr(module, f"{name.removesuffix('_p99')}_figure")()
        return figure

    return measured(name, measure, bound, what)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
