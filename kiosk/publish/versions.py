"""A form that changed has a higher version than the one that is published: nobody can forget to raise it.

Rules. Forms are compared with those of the repository that is published into, by what decides how answers are judged
(kiosk/forms/judged.py): words may change under one version. A version never goes down. A changed block is told once, at
its own file, whatever number of forms it stands in. Problems are (file, JSON Pointer, message), as in check.py. A
repository without forms holds nothing against any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kiosk.forms.judged import OWN, judged, parts
from kiosk.model.form import FormDefinition
from kiosk.publish.source import Placed, Problem

_NAMED = 3


def problems(published: Mapping[str, FormDefinition], forms: Iterable[Placed[FormDefinition]]) -> list[Problem]:
    """What must be raised before `forms` may replace the published ones (form id -> definition)."""
    found: list[Problem] = []
    blocks: dict[str, list[str]] = {}
    for one in forms:
        before, now = published.get(one.value.id), one.value
        if before is None or now.version > before.version:
            continue
        same, own = judged(now) == judged(before), (one.file, f"{one.pointer}/version")
        if now.version < before.version:
            by = before.version - now.version + (0 if same else 1)
            found.append((*own, f"the version of the form {now.id} went down from {before.version}; {_by(by)}"))
        elif not same:
            changed = set(_changed(before, now)) or {OWN}
            for block in changed - {OWN}:
                blocks.setdefault(block, []).append(now.id)
            if OWN in changed:
                found.append((*own, f"the form {now.id} changed and its version did not; {_by(1)}"))
    return found + [
        (f"forms/blocks/{block}.json", "/version", _of_block(block, names)) for block, names in sorted(blocks.items())
    ]


def _changed(before: FormDefinition, now: FormDefinition) -> Iterator[str]:
    """The parts that differ; a block that came or went is the form's own change."""
    old, new = parts(before), parts(now)
    for name in old.keys() | new.keys():
        if old.get(name) != new.get(name):
            yield name if name in old and name in new else OWN


def _of_block(block: str, names: list[str]) -> str:
    listed = ", ".join(sorted(names)[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return f"the block {block} changed and its version did not: {listed} would keep theirs; {_by(1)}"


def _by(count: int) -> str:
    return f"raise it by {count}"
