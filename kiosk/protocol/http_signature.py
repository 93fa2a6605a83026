"""Signed requests: HTTP Message Signatures (RFC 9421) by the device's Ed25519 key.

Rules. Covered are @method, @path, @query and content-digest (RFC 9530, sha-256; of an empty body too), with the
parameters created, nonce, keyid (the kiosk's id), alg and tag; and the header Kiosk-Boot where it is sent: the boot
counter and an id of that boot, `6.Xk3w9`, by which two boots of one key show. `sign_request` is pure: clock and nonce
come in. `verify_request` believes only a signature that covers all of them and is at most WINDOW_S old or early; it
does not remember nonces (what our requests do is safe to repeat).

It knows no framework: a request is its method, its path with query as sent, its headers in small letters and its body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from kiosk.errors import Refusal
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import ed25519

WINDOW_S = 300
COVERED = ("@method", "@path", "@query", "content-digest")
BOOT_HEADER = "kiosk-boot"
TAG = "mdk"
_MOST_HEADER = 2048
_INPUT = re.compile(
    r'([a-z*][a-z0-9_.*-]*)=(\(("[a-z0-9@-]+"(?: "[a-z0-9@-]+")*)\)((?:;[a-z]+=(?:\d{1,15}|"[!#-\[\]-~]{1,128}"))*))',
    re.ASCII,
)
_PARAMETER = re.compile(r';([a-z]+)=(?:(\d+)|"([^"]*)")', re.ASCII)
_SIGNATURE = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]+=*):")
_NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BOOT = re.compile(r"(\d{1,15})\.([A-Za-z0-9_-]{1,32})", re.ASCII)


class WrongClock(Refusal):
    """Signed too long ago or too early: the clock of one of the two is wrong, or somebody repeats an old request."""


class Caller(Struct, frozen=True):
    """Who signed a request: the kiosk's id, when (its clock) and the nonce; `boot` 0 where the request says none."""

    kiosk: str
    created: int
    nonce: str
    boot: int = 0
    boot_id: str = ""


def sign_request(
    method: str, path: str, body: bytes, device: DeviceIdentity, now: int, nonce: str, boot: str = ""
) -> dict[str, str]:
    """The headers that sign a request.

    `path` as it is sent, with its query; `now` UNIX seconds; `nonce` 8 to 64 of A-Z a-z 0-9 _ - (ValueError); `boot`
    "<counter>.<id>" or "" (ValueError).
    """
    if not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is 8 to 64 of A-Z a-z 0-9 _ -")
    if boot and not _BOOT.fullmatch(boot):
        raise ValueError("a boot is its counter, a dot and an id")
    digest = content_digest(body)
    covered = (*COVERED, BOOT_HEADER) if boot else COVERED
    names = " ".join(f'"{name}"' for name in covered)
    parameters = f'({names});created={int(now)};nonce="{nonce}";keyid="{device.kiosk}";alg="ed25519";tag="{TAG}"'
    base = signature_base(_components(covered, method, path, digest, boot), parameters)
    signature = ed25519.sign(device.private_key, base)
    told = {"Kiosk-Boot": boot} if boot else {}
    return told | {
        "Content-Digest": digest,
        "Signature-Input": f"mdk={parameters}",
        "Signature": f"mdk=:{base64.b64encode(signature).decode()}:",
    }


def verify_request(
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    public_key: Callable[[str], bytes | None],
    now: float,
) -> Caller:
    """Who sent this request. Raises Refusal, WrongClock.

    `headers` by names in small letters; `public_key` gives the raw Ed25519 key of a kiosk, or None; `now` UNIX seconds.
    """
    label, parameters, covered, values = _input(headers.get("signature-input", ""))
    given = _SIGNATURE.fullmatch(headers.get("signature", "")[:_MOST_HEADER])
    if given is None or given[1] != label:
        raise Refusal("the request carries no signature of its Signature-Input")
    if not set(COVERED) <= set(covered) or len(set(covered)) != len(covered):
        raise Refusal(f"the signature must cover {', '.join(COVERED)}")
    kiosk, created, nonce = values.get("keyid", ""), values.get("created", ""), values.get("nonce", "")
    if values.get("tag") != TAG or values.get("alg", "ed25519") != "ed25519" or not _NONCE.fullmatch(nonce):
        raise Refusal("the signature is not of the kind taken here")
    if not created.isdigit() or abs(now - int(created)) > WINDOW_S:
        raise WrongClock(f"the request was signed more than {WINDOW_S} seconds away from now; is the clock right?")
    boot = headers.get(BOOT_HEADER, "")
    told = _BOOT.fullmatch(boot)
    if (BOOT_HEADER in covered) != bool(boot) or (boot and told is None):
        raise Refusal("the boot that the request tells is not signed, or has no valid form")
    digest = headers.get("content-digest", "")
    if digest != content_digest(body):
        raise Refusal("the body is not the one that was signed")
    key = public_key(kiosk)
    if key is None:
        raise Refusal("the request is signed by nobody enrolled here")
    try:
        signature = base64.b64decode(given[2], validate=True)
        base = signature_base(_components(covered, method, path, digest, boot), parameters)
    except (binascii.Error, ValueError) as error:
        raise Refusal("the request's signature is wrong") from error
    if not ed25519.verify(key, signature, base):
        raise Refusal("the request's signature is wrong")
    return Caller(kiosk, int(created), nonce, *((int(told[1]), told[2]) if told else ()))


def claimed(signature_input: str) -> str:
    """Which kiosk a request says it is from, for a path that does not name it; "" for none. Nothing is proven yet."""
    try:
        return _input(signature_input)[3].get("keyid", "")
    except Refusal:
        return ""


def content_digest(body: bytes) -> str:
    """The value of the header Content-Digest (RFC 9530, section 2)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(components: Sequence[tuple[str, str]], parameters: str) -> bytes:
    """The bytes that are signed (RFC 9421, section 2.5): a line for each component, then the parameters."""
    lines = [f'"{name}": {value}' for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")


def _components(names: Sequence[str], method: str, path: str, digest: str, boot: str) -> list[tuple[str, str]]:
    target, _, query = path.partition("?")
    values = {"@method": method, "@path": target or "/", "@query": "?" + query, "content-digest": digest}
    values[BOOT_HEADER] = boot
    unknown = [name for name in names if name not in values]
    if unknown:
        raise Refusal(f"the signature covers {unknown[0]}, which is not taken here")
    return [(name, values[name]) for name in names]


def _input(text: str) -> tuple[str, str, list[str], dict[str, str]]:
    found = _INPUT.fullmatch(text) if len(text) <= _MOST_HEADER else None
    if found is None:
        raise Refusal("the request is not signed")
    names = [name.strip('"') for name in found[3].split(" ")]
    values: dict[str, str] = {}
    for name, number, word in _PARAMETER.findall(found[4]):
        if name in values:
            raise Refusal("the signature's parameters contradict each other")
        values[name] = number or word
    return found[1], found[2], names, values
