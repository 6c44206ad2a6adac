"""Pictures that customers send: made harmless, kept for their conversation alone, given back, and cleared away."""

from xiaoer.media.album import Album
from xiaoer.media.errors import (
    AttachmentsOffError,
    TooManyAttachmentsError,
    UnknownAttachmentError,
    UnreadablePictureError,
)
from xiaoer.media.pictures import MEDIA_TYPE, Picture, clean_picture

__all__ = [
    "MEDIA_TYPE",
    "Album",
    "AttachmentsOffError",
    "Picture",
    "TooManyAttachmentsError",
    "UnknownAttachmentError",
    "UnreadablePictureError",
    "clean_picture",
]
