"""The only place where the parts are built and joined; nothing else constructs a room's implementation."""

from xiaoer.app.archive import PackArchive
from xiaoer.app.full_shelf import UnfitModelError, check_model, rehearsing_tier
from xiaoer.app.joining import PICTURE_CHANNELS, Joined, joined
from xiaoer.app.pack_shelf import NoModelError, ShelfParts, Train
from xiaoer.app.releases import ReleaseShelf
from xiaoer.app.server import web_app

__all__ = [
    "PICTURE_CHANNELS",
    "Joined",
    "NoModelError",
    "PackArchive",
    "ReleaseShelf",
    "ShelfParts",
    "Train",
    "UnfitModelError",
    "check_model",
    "joined",
    "rehearsing_tier",
    "web_app",
]
