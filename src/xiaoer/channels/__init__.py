"""In and out: the web widget's socket, REST in Rasa's shape, pushed callbacks; one small file each."""

from pathlib import Path

from xiaoer.channels.bodies import BadBodyError, BodyTooLargeError, read_body
from xiaoer.channels.callback import CallbackDelivery
from xiaoer.channels.history import ShownMessage, shown
from xiaoer.channels.live import Live, Watch
from xiaoer.channels.rest import GUESSABLE_CHANNELS, RestChannel, RestLimits, rest_replies
from xiaoer.channels.socket import SocketChannel

WEB_FOLDER = Path(__file__).parent / "web"
"""The static files of the widget and the storefront."""

__all__ = [
    "GUESSABLE_CHANNELS",
    "WEB_FOLDER",
    "BadBodyError",
    "BodyTooLargeError",
    "CallbackDelivery",
    "Live",
    "RestChannel",
    "RestLimits",
    "ShownMessage",
    "SocketChannel",
    "Watch",
    "read_body",
    "rest_replies",
    "shown",
]
