"""A picture of a paper becomes a straight A4 page that says nothing of where and when it was taken."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pypdf import PdfReader

from kiosk.errors import AttachmentRefused
from kiosk.scans.picture import LONGEST, opened
from kiosk.scans.prepare import MOST_PAGES, photograph, prepare
from kiosk.scans.skew import degrees

OWNER = "Owner of the camera"


def page(angle: float = 0.0, size: tuple[int, int] = (1200, 1700)) -> Image.Image:
    """A page with lines of "text", turned."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for y in range(150, size[1] - 150, 40):
        for x in range(150, size[0] - 150, 60):
            draw.rectangle((x, y, x + 20 + (x * 7 + y * 13) % 35, y + 14), fill="black")
    return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")


def data(image: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **more)
    return target.getvalue()


def with_exif(image: Image.Image, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = OWNER
    exif.get_ifd(0x8825)[2] = (55.0, 48.0, 20.0)
    return data(image, exif=exif)


def picture_of(pdf: bytes, number: int = 0) -> Image.Image:
    return PdfReader(io.BytesIO(pdf)).pages[number].images[0].image.convert("RGB")


@pytest.mark.parametrize("angle", [-7.0, -2.5, 0.0, 1.0, 6.0])
def test_a_page_that_lies_askew_is_made_straight(angle: float) -> None:
    turned = page(angle)
    assert degrees(turned) == pytest.approx(-angle, abs=0.3)
    assert abs(degrees(picture_of(prepare(data(turned))))) <= 0.3


def test_a_page_is_an_a4_page_and_pages_stand_in_order() -> None:
    pdf = prepare(data(page()), data(Image.new("RGB", (800, 400), "red"), "PNG"))
    first, second = PdfReader(io.BytesIO(pdf)).pages
    assert (round(first.mediabox.width), round(first.mediabox.height)) == (595, 842)
    assert (round(second.mediabox.width), round(second.mediabox.height)) == (842, 595)
    red = picture_of(pdf, 1).getpixel((200, 100))
    assert red[0] > 240 and red[1] < 20
    assert prepare(data(page())) == prepare(data(page()))


def test_nothing_but_the_picture_is_left() -> None:
    given_data = with_exif(page())
    assert OWNER.encode() in given_data and b"Exif" in given_data
    for made in (prepare(given_data), photograph(given_data)):
        assert OWNER.encode() not in made and b"Exif" not in made
    assert not Image.open(io.BytesIO(photograph(given_data))).getexif()
    assert "/Author" not in (PdfReader(io.BytesIO(prepare(given_data))).metadata or {})


def test_a_picture_is_upright_however_the_camera_was_held() -> None:
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 399, 60), fill="black")
    found = opened(with_exif(image, orientation=6))
    assert found.size == (300, 400)
    assert found.getpixel((280, 200))[0] < 40 and found.getpixel((20, 200))[0] > 200


def test_a_large_picture_is_made_small() -> None:
    found = Image.open(io.BytesIO(photograph(data(page(size=(3600, 5100))))))
    assert max(found.size) <= LONGEST and found.format == "JPEG"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_kind_of_picture_becomes_plain_colours_on_white(mode: str) -> None:
    image = Image.new(mode, (300, 200))
    kind = "JPEG" if mode == "CMYK" else "PNG"
    found = opened(data(image, kind))
    assert (found.mode, found.size) == ("RGB", (300, 200))
    if mode in ("RGBA", "LA"):
        assert found.getpixel((5, 5)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge and has nearly no bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "given_data",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7",
        bomb(60_000, 60_000),
        bomb(2**31 - 1, 2**31 - 1),
        bomb(1000, 1000),
        data(page())[:5000],
        data(Image.new("RGB", (20, 20)), "GIF"),
        data(Image.new("RGB", (20, 20)), "TIFF"),
        bytes(41 * 1024 * 1024),
    ],
    ids=["empty", "text", "pdf", "bomb", "greatest", "cut png", "cut jpeg", "gif", "tiff", "too many bytes"],
)
def test_what_is_no_good_picture_is_refused(given_data: bytes) -> None:
    for make in (prepare, photograph):
        with pytest.raises(AttachmentRefused) as refused:
            make(given_data)
        assert "picture" in refused.value.engineer


@pytest.mark.parametrize("count", [0, MOST_PAGES + 1])
def test_a_document_has_some_pages_and_not_too_many(count: int) -> None:
    with pytest.raises(AttachmentRefused, match="pages"):
        prepare(*[b"x"] * count)


def test_a_picture_without_lines_stays_as_it_is() -> None:
    assert degrees(Image.new("RGB", (300, 300), "white")) == 0.0
    assert degrees(Image.new("RGB", (1, 1), "black")) == 0.0


SMALL = data(page(size=(400, 420)))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(SMALL) - 1), st.integers(0, 255))
def test_any_bytes_end_in_a_page_or_a_refusal(noise: bytes, place: int, value: int) -> None:
    changed = SMALL[:place] + bytes([value]) + SMALL[place + 1 :]
    for given_data in (noise, SMALL[:20] + noise, changed):
        try:
            assert photograph(given_data)[:2] == b"\xff\xd8"
        except AttachmentRefused:
            continue
