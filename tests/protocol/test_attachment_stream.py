"""The sealed form of an attachment: opens only whole, only in its place, only with its key."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings

from kiosk.errors import AttachmentRefused
from kiosk.model.attachment import Attachment
from kiosk.model.submission import Submission
from kiosk.protocol import attachment, envelope
from tests.protocol import samples

KEY = bytes(range(32))
OTHER = "01890a5d-ac96-774b-bcce-b302099a8058"
FRAME = attachment.FRAME
SEALED_FRAME = FRAME + 17
START = 28
SIZES = [0, 1, 16, 17, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME - 1, 3 * FRAME, 3 * FRAME + 1]


def sealed(data: bytes, key: bytes = KEY) -> bytes:
    return b"".join(attachment.seal([data], key, samples.ID, OTHER))


def opened(data: bytes, key: bytes = KEY, submission: str = samples.ID, id_: str = OTHER) -> bytes:
    return b"".join(attachment.open_stream([data], key, submission, id_))


@pytest.mark.parametrize("size", SIZES)
def test_a_file_comes_out_as_it_went_in(size: int) -> None:
    data = os.urandom(size)
    form = sealed(data)
    assert len(form) == attachment.sealed_length(size)
    assert opened(form) == data


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(0, 3 * FRAME + 40),
    cuts=st.lists(st.integers(0, 3 * FRAME + 200), max_size=12),
    again=st.lists(st.integers(0, 3 * FRAME + 200), max_size=12),
)
def test_the_chunks_it_comes_in_do_not_matter(size: int, cuts: list[int], again: list[int]) -> None:
    data = os.urandom(size)
    form = b"".join(attachment.seal(_pieces(data, cuts), KEY, samples.ID, OTHER))
    assert len(form) == attachment.sealed_length(size)
    assert b"".join(attachment.open_stream(_pieces(form, again), KEY, samples.ID, OTHER)) == data


def test_libsodium_itself_opens_it_frame_by_frame() -> None:
    data = os.urandom(FRAME + 5)
    form = sealed(data)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, form[4:START], KEY)
    bound = (samples.ID + OTHER).encode()
    first = bindings.crypto_secretstream_xchacha20poly1305_pull(state, form[START : START + SEALED_FRAME], bound)
    last = bindings.crypto_secretstream_xchacha20poly1305_pull(state, form[START + SEALED_FRAME :], bound)
    assert form[:4] == b"MDA1"
    assert first == (data[:FRAME], bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
    assert last == (data[FRAME:], bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL)


def test_the_same_file_is_sealed_to_other_bytes_each_time() -> None:
    assert sealed(b"the same") != sealed(b"the same")


TWO = sealed(os.urandom(2 * FRAME + 100))
EXACT = sealed(os.urandom(2 * FRAME))
SMALL = sealed(b"%PDF-1.7 a small one")


def _at(number: int) -> int:
    return START + number * SEALED_FRAME


@pytest.mark.parametrize("form", [TWO, EXACT, SMALL, sealed(b"")], ids=["two and a bit", "exact", "small", "empty"])
def test_a_cut_stream_is_refused(form: bytes) -> None:
    ends = {0, 1, 3, 4, START - 1, START, START + 1, START + 16, *(len(form) - back for back in (1, 16, 17, 18))}
    frames = {_at(number) + by for number in (1, 2) for by in (-1, 0, 1, 16, 17, 18)}
    for end in (ends | frames) & set(range(len(form))):
        with pytest.raises(AttachmentRefused):
            opened(form[:end])


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(TWO) - 1), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(at: int, bit: int) -> None:
    changed = bytearray(TWO)
    changed[at] ^= 1 << bit
    with pytest.raises(AttachmentRefused):
        opened(bytes(changed))


@pytest.mark.parametrize(
    "change",
    [
        lambda form: form[: _at(0)] + form[_at(1) : _at(2)] + form[_at(0) : _at(1)] + form[_at(2) :],
        lambda form: form[: _at(0)] + form[_at(1) :],
        lambda form: form[: _at(1)] + form[_at(0) :],
        lambda form: form[: _at(1)] + form[_at(2) :],
        lambda form: form + b"\0",
        lambda form: form + bytes(17),
        lambda form: form + form[_at(1) :],
        lambda form: form + form,
        lambda form: b"MDA2" + form[4:],
        lambda form: form[4:],
    ],
    ids=[
        "frames swapped",
        "first frame gone",
        "first frame twice",
        "middle frame gone",
        "a byte more",
        "an empty frame more",
        "last frames twice",
        "itself twice",
        "another magic",
        "no magic",
    ],
)
def test_a_changed_order_or_length_is_refused(change: Callable[[bytes], bytes]) -> None:
    for form in (TWO, EXACT):
        with pytest.raises(AttachmentRefused):
            opened(change(form))


def test_it_opens_in_its_own_place_only() -> None:
    for submission, id_ in ((OTHER, samples.ID), (samples.ID, samples.ID), (OTHER, OTHER)):
        with pytest.raises(AttachmentRefused):
            opened(SMALL, submission=submission, id_=id_)


@pytest.mark.parametrize("key", [bytes(32), KEY[:31], KEY + b"\0", b""], ids=["another", "short", "long", "none"])
def test_another_key_is_refused(key: bytes) -> None:
    with pytest.raises(AttachmentRefused):
        opened(SMALL, key=key)


def _tagged(frames: list[tuple[bytes, int]]) -> bytes:
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    form = b"MDA1" + bindings.crypto_secretstream_xchacha20poly1305_init_push(state, KEY)
    for data, tag in frames:
        form += bindings.crypto_secretstream_xchacha20poly1305_push(state, data, (samples.ID + OTHER).encode(), tag)
    return form


@pytest.mark.parametrize(
    "frames",
    [
        [(bytes(FRAME), 3), (b"more", 3)],
        [(bytes(FRAME), 0), (b"more", 0)],
        [(bytes(FRAME), 1), (b"more", 3)],
        [(bytes(FRAME), 2), (b"more", 3)],
        [(bytes(FRAME), 0), (b"", 3)],
        [(bytes(FRAME - 1), 0), (b"more", 3)],
        [(bytes(FRAME + 1), 3)],
    ],
    ids=["two ends", "no end", "push tag", "rekey tag", "empty end", "short frame within", "long frame"],
)
def test_a_stream_sealed_by_other_rules_is_refused(frames: list[tuple[bytes, int]]) -> None:
    """Made with the right key: one file has one form, whoever made it."""
    with pytest.raises(AttachmentRefused):
        opened(_tagged(frames))


def test_frames_sealed_as_the_rules_say_are_taken() -> None:
    assert opened(_tagged([(bytes(FRAME), 0), (b"more", 3)])) == bytes(FRAME) + b"more"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"MDA1" + tail))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(AttachmentRefused):
        opened(data)


def test_what_is_given_out_before_a_refusal_is_the_true_beginning() -> None:
    data = os.urandom(2 * FRAME)
    form = bytearray(sealed(data))
    form[-1] ^= 1
    out = b""
    with pytest.raises(AttachmentRefused):
        for piece in attachment.open_stream([bytes(form)], KEY, samples.ID, OTHER):
            out += piece
    assert out == data[:FRAME]


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"PK\x03\x04", None),
        (b"MZ", None),
        (b"<svg>", None),
        (b"GIF89a", None),
        (b"%PD", None),
        (b"", None),
    ],
)
def test_the_kind_is_seen_by_content(beginning: bytes, kind: str | None) -> None:
    assert attachment.media_type(beginning) == kind


def one(**changes: object) -> Attachment:
    data = sealed(b"%PDF-1.7")
    values = {
        "id": OTHER,
        "name": "Справка №1.pdf",
        "media_type": "application/pdf",
        "size": 8,
        "length": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "key": KEY,
    }
    return Attachment(**(values | changes))  # type: ignore[arg-type]


def test_attachments_that_can_be_are_taken() -> None:
    attachment.check([])
    attachment.check([one(), one(id=samples.ID)])
    attachment.check([one(size=20 * 1024 * 1024, length=attachment.sealed_length(20 * 1024 * 1024))])


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "../../etc/passwd"},
        {"id": OTHER.upper()},
        {"name": ""},
        {"name": "a" * 256},
        {"name": "a/b.pdf"},
        {"name": "a\\b.pdf"},
        {"name": "a\nb.pdf"},
        {"name": "invoice\u202efdp.exe"},
        {"media_type": "text/html"},
        {"size": 0, "length": attachment.sealed_length(0)},
        {"size": 20 * 1024 * 1024 + 1, "length": attachment.sealed_length(20 * 1024 * 1024 + 1)},
        {"size": 9},
        {"sha256": "0" * 63},
        {"key": b"short"},
    ],
)
def test_an_attachment_that_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(AttachmentRefused):
        attachment.check([one(**changes)])


def test_too_many_or_one_twice_are_refused() -> None:
    with pytest.raises(AttachmentRefused, match="more than"):
        attachment.check([one()] * 11)
    with pytest.raises(AttachmentRefused, match="one id"):
        attachment.check([one(), one()])


def test_a_submission_without_attachments_is_the_json_that_it_was() -> None:
    data = msgspec.json.encode(samples.submission())
    assert b"attachments" not in data
    assert msgspec.json.decode(data, type=Submission).attachments == ()


def test_key_and_name_travel_inside_the_seal() -> None:
    changed = msgspec.structs.replace(samples.submission(), attachments=(one(),))
    data = envelope.seal(
        changed, recipient=samples.recipient(2)[1], device=samples.device(), sequence=7, boot=3, content_version=12
    )
    assert "Справка".encode() not in data
    assert envelope.open_envelope(envelope.read(data), samples.recipient(2)[0]) == changed


def _pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    ends = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(ends)]
