"""`POST /model/parse`: what a text says, in Rasa's shape."""

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xiaoer.channels import read_body
from xiaoer.clock import Clock
from xiaoer.events import Entity, Reading
from xiaoer.turn import Releases

_ENTITY_FIELDS = ("entity", "value", "start", "end", "confidence", "extractor")


class ParseRequest(Struct, frozen=True):
    """A text to understand; Rasa's `message_id` is taken and ignored."""

    text: str
    message_id: str | None = None


def parse_routes(releases: Releases, clock: Clock, max_bytes: int) -> list[Route]:
    """Give the route."""
    decoder, encoder = msgspec.json.Decoder(ParseRequest), msgspec.json.Encoder()

    async def parse(request: Request) -> Response:
        wanted = await read_body(request, decoder, max_bytes)
        release, now = releases.current, clock.now()
        understood = await release.understood(wanted.text, release.reader.read(wanted.text, now=now), now=now)
        return Response(encoder.encode(_parsed(wanted.text, understood.reading)), media_type="application/json")

    return [Route("/model/parse", parse, methods=["POST"])]


def _parsed(text: str, reading: Reading) -> dict[str, object]:
    """Write a reading in Rasa's shape; `start` and `end` count characters of the text as sent."""
    return {
        "text": text,
        "intent": reading.intent,
        "intent_ranking": reading.intent_ranking,
        "entities": [_entity(entity) for entity in reading.entities],
        "sentiment": reading.sentiment,
        "language": reading.language,
        "is_in_scope": reading.is_in_scope,
    }


def _entity(entity: Entity) -> dict[str, object]:
    """Write out every field of the shape: the record leaves out what is at its default."""
    return {name: getattr(entity, name) for name in _ENTITY_FIELDS}
