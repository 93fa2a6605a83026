"""What is sealed comes out again, for the backend only, and nothing of it shows outside."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import EnvelopeRefused
from kiosk.model.content import RecipientKey
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import cbor, cose, envelope, keys
from tests.protocol import samples

_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(answers=st.dictionaries(st.text(max_size=20), _json, max_size=6), suite=st.sampled_from([1, 2]))
def test_round_trip(answers: dict[str, object], suite: int) -> None:
    sealed = samples.sealed(suite, answers=answers)
    read = envelope.read(sealed)
    envelope.verify(read, samples.signing("device").public)
    assert envelope.open_envelope(read, samples.recipient(suite)[0]) == samples.submission(answers)


def test_the_header_shows_what_the_backend_needs_and_nothing_else() -> None:
    sealed = samples.sealed(answers={"secret": "КАНАРЕЙКА"})
    assert envelope.read(sealed).header == envelope.EnvelopeHeader(
        id=samples.ID,
        kiosk="k16",
        sequence=7,
        boot=3,
        suite=2,
        key_id=samples.recipient(2)[1].id,
        form_set=12,
        length_bucket=1024,
        created_at="2026-03-01T10:00:00Z",
    )
    for hidden in ("КАНАРЕЙКА", "S0001", "library-ticket", "16-000001"):
        assert hidden.encode() not in sealed


def test_the_digest_is_of_the_whole_envelope() -> None:
    sealed = samples.sealed()
    assert envelope.read(sealed).digest == envelope.digest(sealed)
    assert envelope.digest(sealed) != envelope.digest(samples.sealed())  # fresh encapsulation each time


@pytest.mark.parametrize("letters", [0, 700, 2_000, 900_000])
def test_only_the_length_bucket_shows(letters: int) -> None:
    short, long = (samples.sealed(answers={"a": "x" * (letters + more)}) for more in (0, 1))
    assert len(short) == len(long)
    bucket = envelope.read(short).header.length_bucket
    assert bucket.bit_count() == 1 and 1024 <= bucket <= 1024 * 1024


def test_a_submission_beyond_the_largest_bucket_is_refused() -> None:
    with pytest.raises(EnvelopeRefused, match="more than an envelope holds"):
        samples.sealed(answers={"a": "x" * (1024 * 1024)})


def test_another_device_key_did_not_sign_it() -> None:
    with pytest.raises(EnvelopeRefused, match="did not sign"):
        envelope.verify(envelope.read(samples.sealed()), samples.signing("other").public)


def test_another_recipient_cannot_open_it() -> None:
    private, _ = keys.make_recipient(2, samples.NOT_AFTER)
    read = envelope.read(samples.sealed())
    with pytest.raises(EnvelopeRefused, match="sealed to key"):
        envelope.open_envelope(read, private)
    named_alike = msgspec.structs.replace(private, id=read.header.key_id)
    with pytest.raises(EnvelopeRefused, match="does not open"):
        envelope.open_envelope(read, named_alike)


@pytest.mark.parametrize(
    "change",
    [{"form_set": 13}, {"id": "01890a5d-ac96-774b-bcce-b302099a8058"}, {"created_at": "2026-03-01T10:00:01Z"}],
)
def test_a_ciphertext_under_another_header_does_not_open(change: dict[str, object]) -> None:
    """Even with a right signature: `info` and the inside bind the header."""
    read = envelope.read(samples.sealed())
    header = msgspec.structs.replace(read.header, **change)
    forged = envelope.read(_signed(list(msgspec.structs.astuple(header)), read.sealed))
    envelope.verify(forged, samples.signing("device").public)
    with pytest.raises(EnvelopeRefused):
        envelope.open_envelope(forged, samples.recipient(2)[0])


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"\0\0\0\x02{}",
        b"\0\0\0\x02{}".ljust(1024, b"\0"),
        b"\xff\xff\xff\xff".ljust(1024, b"\0"),
        b"\0\0\0\x02{}".ljust(1023, b"\0") + b"x",
        b"\0\0\x03\0" + b"[" * 1020,
        b"\0\0\0\x04\xff\xfe\xfd\xfc".ljust(1024, b"\0"),
    ],
    ids=["empty", "not padded", "not a submission", "too long", "dirty padding", "nested", "not UTF-8"],
)
def test_a_device_that_seals_rubbish_is_refused(plaintext: bytes) -> None:
    _, public = samples.recipient(1)
    header = msgspec.structs.replace(
        envelope.read(samples.sealed(1)).header, length_bucket=len(plaintext) if len(plaintext) == 1024 else 1024
    )
    info = cbor.encode([envelope.LABEL, header.form_set, header.id, header.key_id])
    ciphertext = keys.hpke_suite(1).encrypt(plaintext, keys.load_recipient(public), info)
    data = _signed(list(msgspec.structs.astuple(header)), ciphertext)
    with pytest.raises(EnvelopeRefused):
        envelope.open_envelope(envelope.read(data), samples.recipient(1)[0])


@pytest.mark.parametrize(
    "key",
    [
        RecipientKey("x25519-1", 1, bytes(31), ""),
        RecipientKey("x25519-1", 1, bytes(32), ""),
        RecipientKey("x-wing-1", 2, bytes(32), ""),
        RecipientKey("x-wing-1", 2, b"\xff" * 1216, ""),
        RecipientKey("gost-1", 9, bytes(32), ""),
    ],
    ids=["short", "low order", "other suite", "not in the field", "unknown suite"],
)
def test_a_bad_recipient_key_is_refused(key: RecipientKey) -> None:
    with pytest.raises(EnvelopeRefused):
        envelope.seal(
            samples.submission(), recipient=key, device=samples.device(), sequence=1, boot=1, content_version=1
        )


@pytest.mark.parametrize(
    "change",
    [{"id": "not-a-uuid"}, {"id": "01890a5d-ac96-474b-bcce-b302099a8057"}, {"created_at": "yesterday"}],
    ids=["no UUID", "UUIDv4", "no time"],
)
def test_a_submission_whose_header_would_be_invalid_is_refused_when_it_is_made(change: dict[str, object]) -> None:
    with pytest.raises(EnvelopeRefused):
        samples.sealed(**change)


def test_a_kiosk_without_a_proper_id_cannot_seal() -> None:
    odd = DeviceIdentity("K 16", 16, "centre-1", samples.signing("device").private, b"")
    with pytest.raises(EnvelopeRefused, match="kiosk"):
        envelope.seal(
            samples.submission(), recipient=samples.recipient(1)[1], device=odd, sequence=1, boot=1, content_version=1
        )


def _signed(header: list[object], payload: bytes) -> bytes:
    return cose.sign1(
        payload,
        type=envelope.TYPE,
        key_id="k16",
        private_key=samples.signing("device").private,
        extra={-70001: header},
    )
