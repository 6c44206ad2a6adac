"""Pictures as customers' cameras and programs make them."""

import struct
import zlib
from functools import cache
from io import BytesIO

from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PLACE = b"30.2500"
"""A piece of text that stands for where a picture was taken."""


def a_picture(
    kind: str = "PNG", *, width: int = 40, height: int = 30, colour: tuple[int, ...] = (200, 80, 60), mode: str = "RGB"
) -> bytes:
    """Give a picture of one colour as the bytes of a file."""
    return _bytes(Image.new(mode, (width, height), colour), kind)


@cache
def a_photo(kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """Give a picture with what a camera writes beside it: the place, the device, a comment."""
    picture = Image.effect_noise((60, 40), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of Lin Xiaoman"
    exif[0x8825] = {1: "N", 2: (30.25, 0.0, 0.0), 29: PLACE.decode()}
    file = BytesIO()
    if kind == "GIF":
        picture.save(file, kind, comment=PLACE)
    else:
        picture.save(file, kind, exif=exif)
    data = file.getvalue()
    return data + b"<script>alert(1)</script>" + PLACE


def a_bomb(*, edge: int) -> bytes:
    """Give a PNG of a few bytes that says it has `edge` times `edge` pixels."""
    head = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _bytes(picture: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    picture.save(file, kind)
    return file.getvalue()
