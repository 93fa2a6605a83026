"""The JSON Schema 2020-12 validator of the engine.

Rules. The formats that we know are asserted, with our own checks (formats/); a keyword that JSON Schema does not know
is ignored. References outside a schema are answered from `resources` only: nothing is fetched.
Source: JSON Schema 2020-12 (jsonschema-rs); tests/conformance runs the required cases of its test suite through this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.forms.formats import FORMATS


def compiled(schema: Any, *, resources: Mapping[str, Any] | None = None, formats: bool = True) -> Any:
    """A validator with `is_valid` and `iter_errors`; `resources` are other schemas by their URI. Raises ValueError."""
    import jsonschema_rs

    registry = None
    if resources:
        draft = jsonschema_rs.Draft202012
        registry = jsonschema_rs.Registry(list(resources.items()), draft=draft, retriever=_nothing)
    known: dict[str, Callable[[str], bool]] = {name: _passes(name) for name in FORMATS} if formats else {}
    return jsonschema_rs.Draft202012Validator(
        schema, formats=known, validate_formats=formats, registry=registry, retriever=_nothing
    )


def _passes(name: str) -> Callable[[str], bool]:
    check = FORMATS[name].check
    return lambda value: check(value) is None


def _nothing(uri: str) -> Any:
    raise LookupError(f"{uri} is not among the schemas at hand")
