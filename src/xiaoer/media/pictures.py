"""A picture made harmless: told by its bytes, bounded, and drawn anew, so that nothing but what is seen is kept.

What a camera adds (place, time, device), comments, further frames and whatever hides behind the picture's end are left
behind, because the file that is kept is written here and not received.
"""

import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageOps

from xiaoer.ids import AttachmentId
from xiaoer.media.errors import UnreadablePictureError
from xiaoer.settings import AttachmentSettings

MEDIA_TYPE = "image/jpeg"
"""What every kept picture is."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 85
_ID_CHARACTERS = 32
_BEHIND_TRANSPARENT = (255, 255, 255)
# What Pillow raises for bytes that are no picture, break off, or lie about themselves.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: a JPEG without metadata; the id is a digest of its bytes, sizes are in pixels."""

    id: AttachmentId
    data: bytes
    width: int
    height: int


def clean_picture(data: bytes, limits: AttachmentSettings) -> Picture:
    """Draw a JPEG, PNG, WebP or GIF anew, upright and no larger than `limits.max_edge`; of several frames the first.

    How many pixels there are is read before any is unpacked.

    Raises:
        UnreadablePictureError: it is none of these, is broken, or has more than `limits.max_pixels`.
    """
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as received:
            if received.width * received.height > limits.max_pixels:
                raise UnreadablePictureError(
                    f"The picture has more than {limits.max_pixels} pixels; send a smaller one."
                )
            return _written(_drawn(received, limits.max_edge))
    except _BROKEN as error:
        raise UnreadablePictureError("This is no JPEG, PNG, WebP or GIF picture, or it is broken.") from error


def _drawn(received: Image.Image, max_edge: int) -> Image.Image:
    received.draft("RGB", (max_edge, max_edge))  # a JPEG is unpacked no larger than needed
    received.thumbnail((max_edge, max_edge))
    upright = ImageOps.exif_transpose(received)
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    seen = upright.convert("RGBA")
    canvas = Image.new("RGB", seen.size, _BEHIND_TRANSPARENT)
    canvas.paste(seen, mask=seen)
    return canvas


def _written(drawn: Image.Image) -> Picture:
    bare = Image.new("RGB", drawn.size)
    bare.paste(drawn)  # the pixels alone: what a reader hung on to the picture stays behind
    file = BytesIO()
    bare.save(file, "JPEG", quality=_QUALITY, optimize=True)
    data = file.getvalue()
    return Picture(AttachmentId(sha256(data).hexdigest()[:_ID_CHARACTERS]), data, *bare.size)
