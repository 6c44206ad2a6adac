"""What is kept of a picture that was sent."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xiaoer.media import UnreadablePictureError, clean_picture
from xiaoer.settings import AttachmentSettings

from .pictures import FORMATS, PLACE, a_bomb, a_photo, a_picture

_LIMITS = AttachmentSettings()


def kept(data: bytes, limits: AttachmentSettings = _LIMITS) -> Image.Image:
    return Image.open(BytesIO(clean_picture(data, limits).data))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_of_each_kind_is_kept_as_a_jpeg_that_looks_the_same(kind: str) -> None:
    picture = kept(a_picture(kind, colour=(200, 80, 60)))
    assert (picture.format, picture.size) == ("JPEG", (40, 30))
    pixel = picture.getpixel((20, 15))
    assert isinstance(pixel, tuple)
    assert all(abs(seen - sent) < 12 for seen, sent in zip(pixel, (200, 80, 60), strict=True))


@pytest.mark.parametrize("kind", FORMATS)
def test_neither_the_place_nor_the_device_nor_what_hides_behind_the_end_is_kept(kind: str) -> None:
    sent = a_photo(kind)
    data = clean_picture(sent, _LIMITS).data
    assert PLACE in sent
    for trace in (PLACE, b"Exif", b"Camera", b"script", b"ICC_PROFILE", b"http://ns.adobe.com"):
        assert trace not in data
    assert dict(Image.open(BytesIO(data)).getexif()) == {}


def test_a_picture_taken_sideways_is_kept_upright() -> None:
    assert kept(a_photo(orientation=1)).size == (60, 40)
    assert kept(a_photo(orientation=6)).size == (40, 60)


def test_what_is_transparent_is_white() -> None:
    assert kept(a_picture(mode="RGBA", colour=(0, 0, 0, 0))).getpixel((5, 5)) == (255, 255, 255)


def test_of_an_animation_the_first_frame_is_kept() -> None:
    file = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ((250, 0, 0), (0, 0, 250))]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    pixel = kept(file.getvalue()).getpixel((10, 10))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[2] < 50


@pytest.mark.parametrize("kind", FORMATS)
def test_a_large_picture_is_scaled_down(kind: str) -> None:
    picture = kept(a_picture(kind, width=300, height=120), AttachmentSettings(max_edge=100))
    assert picture.size == (100, 40)


@pytest.mark.parametrize("edge", [8_000, 60_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(edge: int) -> None:
    with pytest.raises(UnreadablePictureError):
        clean_picture(a_bomb(edge=edge), _LIMITS)


@pytest.mark.parametrize(
    "data",
    {
        "nothing": b"",
        "words": b"not a picture",
        "a page": b"<html><script>alert(1)</script>",
        "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "a program": b"\x7fELF" + bytes(200),
        "a document": b"%PDF-1.7\n" + bytes(200),
        "a bitmap": a_picture("BMP"),
        "a TIFF": a_picture("TIFF"),
        "half a picture": a_photo()[:900],
        "a head alone": b"\xff\xd8\xff\xe0" + bytes(100),
    }.values(),
)
def test_what_is_no_picture_of_these_kinds_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadablePictureError):
        clean_picture(data, _LIMITS)


def test_the_id_is_a_digest_of_what_is_kept() -> None:
    one, same, other = (
        clean_picture(a_picture(colour=colour), _LIMITS) for colour in ((1, 2, 3), (1, 2, 3), (9, 9, 9))
    )
    assert one.id == same.id != other.id
    assert len(one.id) == 32


@given(
    kind=st.sampled_from(FORMATS),
    changes=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), max_size=30),
    length=st.integers(1, 4000),
)
def test_bytes_that_lie_are_refused_or_kept_bare_and_nothing_else(
    kind: str, changes: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(a_photo(kind)[:length])
    for place, byte in changes:
        data[place % len(data)] = byte
    try:
        cleaned = clean_picture(bytes(data), _LIMITS)
    except UnreadablePictureError:
        return
    assert PLACE not in cleaned.data
    assert max(cleaned.width, cleaned.height) <= _LIMITS.max_edge
