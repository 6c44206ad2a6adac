"""Routes: the native API of conversations, understanding in Rasa's shape, health, the demo, the static files."""

from xiaoer.api.conversations import ConversationParts
from xiaoer.api.demo import DemoParts
from xiaoer.api.health import health_routes
from xiaoer.api.hot import QuickApp
from xiaoer.api.limits import BodyLimit
from xiaoer.api.native import native_api
from xiaoer.api.parse import parse_routes
from xiaoer.api.web import web_routes

__all__ = [
    "BodyLimit",
    "ConversationParts",
    "DemoParts",
    "QuickApp",
    "health_routes",
    "native_api",
    "parse_routes",
    "web_routes",
]
