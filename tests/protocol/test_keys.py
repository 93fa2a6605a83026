"""Key pairs have their lengths, their ids, and open what was sealed to them after a stay on a disk."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.protocol import envelope, keys
from tests.protocol import samples


@pytest.mark.parametrize("suite", [keys.X25519, keys.X_WING])
def test_a_recipient_key_survives_its_file(suite: int) -> None:
    private, public = samples.recipient(suite)
    assert private.id == public.id == keys.key_id({1: "x25519", 2: "x-wing"}[suite], public.public)
    assert len(public.public) == keys.PUBLIC_BYTES[suite]
    read = envelope.read(samples.sealed(suite))
    assert len(read.sealed) == read.header.length_bucket + keys.OVERHEAD_BYTES[suite]
    kept = msgspec.json.decode(msgspec.json.encode(private), type=keys.RecipientPrivateKey)
    assert envelope.open_envelope(read, kept) == samples.submission()


def test_a_signing_key_knows_its_public_half() -> None:
    key = keys.make_signing_key("confirmation")
    assert keys.public_of(key.private) == key.public == key.verification().public
    assert key.id.startswith("confirmation-") and len(key.private) == len(key.public) == 32
