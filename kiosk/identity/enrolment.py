"""Enrol this device: a one-time code from the backend's staff becomes the identity of a kiosk.

Rules. The private key is made here and never leaves; the backend sees its public half and a proof. The certificate
that comes back must name this very key and what the answer says, must hold now, and must be signed by the published
authority when one is known. Codes and first certificates travel over TLS only; without it they stay on this machine
(loopback, for the demo). Nothing is saved here: the store does that (store/device.py).

Asking again with the same key after a lost answer gives the same identity; a caller keeps the key until then.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from kiosk.config import is_loopback
from kiosk.errors import CertificateRefused, EnrolmentRefused, NetworkFault, Refusal
from kiosk.model.content import VerificationKey
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import certificate, enrolment, keys, problem
from kiosk.protocol.enrolment import EnrolmentAnswer
from kiosk.sync.client import reason

if TYPE_CHECKING:
    import httpx

_PATH = "/v1/enrolments"
_MOST_BYTES = 16 * 1024


def enrol(
    client: httpx.Client,
    base_url: str,
    code: str,
    *,
    authorities: tuple[VerificationKey, ...] = (),
    private_key: bytes | None = None,
    now: Callable[[], float] = time.time,
) -> DeviceIdentity:
    """The identity that the code gives; as `enrolled`, without the running number."""
    return enrolled(client, base_url, code, authorities=authorities, private_key=private_key, now=now)[0]


def enrolled(
    client: httpx.Client,
    base_url: str,
    code: str,
    *,
    authorities: tuple[VerificationKey, ...] = (),
    private_key: bytes | None = None,
    now: Callable[[], float] = time.time,
) -> tuple[DeviceIdentity, int]:
    """The identity that the code gives to a new key (or to `private_key`, 32 raw bytes, when asking again).

    With it the highest running number that the backend has of this kiosk: the outbox continues after it.

    `authorities` are the device authorities among the published keys, where they are known already; otherwise the key
    in the answer is believed, as TLS is. Raises EnrolmentRefused (address, code or certificate), NetworkFault.
    """
    _require_tls(base_url)
    private = private_key or secrets.token_bytes(32)
    asked = enrolment.request(code, private)
    answer = _ask(client, base_url.rstrip("/") + _PATH, msgspec.json.encode(asked))
    try:
        claims = certificate.verify(answer.certificate, authorities or (answer.authority,), now())
    except CertificateRefused as error:
        raise EnrolmentRefused(f"the backend's certificate is refused: {error.engineer}") from error
    said = (answer.kiosk, answer.number, answer.centre, keys.public_of(private))
    if said != (claims.kiosk, claims.number, claims.centre, claims.public_key):
        raise EnrolmentRefused("the backend's certificate is not for this device")
    identity = DeviceIdentity(claims.kiosk, claims.number, claims.centre, private, answer.certificate)
    return identity, answer.last_sequence


def _require_tls(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
    except ValueError as error:
        raise EnrolmentRefused(f"backend_url {base_url} is no address") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise EnrolmentRefused(f"backend_url {base_url} must begin with https://; codes are not sent in the clear")


def _ask(client: httpx.Client, url: str, body: bytes) -> EnrolmentAnswer:
    import httpx

    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        with client.stream("POST", url, content=body, headers=headers, follow_redirects=False) as response:
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
            data = _bounded(response)
            status = response.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NetworkFault(f"the backend is out of reach: {reason(error)}") from error
    if kind == problem.CONTENT_TYPE and 400 <= status < 500:
        raise EnrolmentRefused(_why(data))
    if status != 200 or kind != "application/json":
        raise NetworkFault(f"the enrolment was answered with status {status} and {kind or 'no type'}")
    try:
        return enrolment.decode_answer(data)
    except Refusal as error:
        raise NetworkFault(f"the enrolment was answered with something else: {error.engineer}") from error


def _bounded(response: httpx.Response) -> bytes:
    data = b""
    for part in response.iter_bytes():
        data += part
        if len(data) > _MOST_BYTES:
            raise NetworkFault("the answer to the enrolment is endless")
    return data


def _why(data: bytes) -> str:
    try:
        found = problem.decode(data)
    except Refusal:
        return "the backend refused the enrolment"
    return f"the backend refused the enrolment: {found.detail or found.title}"
