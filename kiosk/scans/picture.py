"""A picture from a camera or a scanner, opened with care.

Rules. Only JPEG and PNG, by their content; a picture of more than MOST_PIXELS is refused by its header, before anything
is unpacked. What comes out is upright, in plain colours on white, at most LONGEST on its longer side, and carries
nothing but its pixels: no place, no time, no owner's name. Raises AttachmentRefused.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from kiosk.errors import AttachmentRefused

MOST_BYTES = 40 * 1024 * 1024
MOST_PIXELS = 60_000_000
"""More than any camera of a phone gives."""
LONGEST = 2339
"""An A4 page at 200 dots an inch."""
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


def opened(data: bytes) -> Image.Image:
    """The picture, ready to be written anew."""
    if len(data) > MOST_BYTES:
        raise AttachmentRefused("the picture has too many bytes")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS or min(image.size) < 1:
                raise AttachmentRefused("the picture has too many pixels")
            image.draft("RGB", (LONGEST, LONGEST))
            image.load()
            return _shrunk(_on_white(ImageOps.exif_transpose(image)))
    except _BROKEN as error:
        raise AttachmentRefused(f"the picture cannot be read ({type(error).__name__})") from None


def written(image: Image.Image, quality: int) -> bytes:
    """A JPEG of the pixels alone."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        alpha = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(alpha, mask=alpha.getchannel("A"))
        return white
    if image.mode.startswith("I"):  # sixteen bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def _shrunk(image: Image.Image) -> Image.Image:
    if max(image.size) > LONGEST:
        image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return image
