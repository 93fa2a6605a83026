"""Who this kiosk is."""

from __future__ import annotations

from msgspec import Struct


class DeviceIdentity(Struct, frozen=True):
    """The enrolled identity of this device.

    `kiosk` is its id ("k16"), `number` its short number that opens receipt numbers (16), `centre` a centre id,
    `private_key` raw Ed25519 (32 bytes, only ever in the encrypted store), `certificate` the device certificate (CWT).
    """

    kiosk: str
    number: int
    centre: str
    private_key: bytes
    certificate: bytes


class CertificateClaims(Struct, frozen=True):
    """What a device certificate says; times are UNIX seconds."""

    kiosk: str
    number: int
    centre: str
    public_key: bytes
    not_before: int
    not_after: int
    issuer_key: str
