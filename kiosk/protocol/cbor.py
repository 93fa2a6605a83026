"""CBOR as this house speaks it: one encoding for each value, plain types only.

Rules. Everything is written in the core deterministic encoding (RFC 8949, section 4.2.1): shortest forms, sorted
keys, definite lengths. What is read must be exactly that: bytes that decode and encode to something else (a key
twice, a longer form, bytes behind the end) are refused, and so is every tag. Depth is limited to 8.

It knows no message and no key.
"""

from __future__ import annotations

from typing import Any, NoReturn

from kiosk.errors import Refusal

MOST_DEPTH = 8
_LEAVES = frozenset({int, bytes, str, bool, type(None)})
_BUILT_IN_TAGS = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)


def _no_tag(*_: object) -> NoReturn:
    raise ValueError("a tag where none may be")


_DECODERS = dict.fromkeys(_BUILT_IN_TAGS, _no_tag)


def encode(value: Any) -> bytes:
    """The one encoding of a value made of int, bytes, str, bool, None, list, tuple and dict."""
    import cbor2

    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, most_bytes: int) -> Any:
    """The value of deterministic CBOR. Raises Refusal for anything else, in one sentence."""
    import cbor2

    if len(data) > most_bytes:
        raise Refusal(f"{len(data)} bytes are more than the {most_bytes} allowed")
    try:
        value = cbor2.loads(
            data,
            max_depth=MOST_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_DECODERS,
        )
        again = cbor2.dumps(value, canonical=True)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Refusal(f"not CBOR: {_sentence(error)}") from error
    if again != data or _has_tag(value):
        raise Refusal("the CBOR is not in its one deterministic form")
    return value


def _sentence(error: Exception) -> str:
    return str(error).partition("\n")[0][:120]


def _has_tag(value: Any) -> bool:
    kind = type(value)
    if kind in _LEAVES:
        return False
    if kind is dict:
        return any(map(_has_tag, value)) or any(map(_has_tag, value.values()))
    return kind not in (list, tuple) or any(map(_has_tag, value))
