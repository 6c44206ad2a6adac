"""The peers of the speed bench: a server that only echoes JSON, bare Starlette or bare FastAPI.

`python -m bench.echo starlette 9001` serves until it is stopped.
"""

import sys
from typing import Any

import msgspec
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/webhooks/rest/webhook"


def bare_starlette() -> Starlette:
    """Give a server that decodes a JSON body, and encodes it again."""

    async def echo(request: Request) -> Response:
        body = msgspec.json.decode(await request.body())
        return Response(msgspec.json.encode(body), media_type="application/json")

    return Starlette(routes=[Route(PATH, echo, methods=["POST"])])


class Body(BaseModel):
    """The body that the FastAPI peer validates."""

    sender: str
    message: str
    metadata: dict[str, Any] | None = None


def bare_fastapi() -> FastAPI:
    """Give a server that validates a body by pydantic, and serialises it again."""
    app = FastAPI()

    async def echo(body: Body) -> Body:
        return body

    app.add_api_route(PATH, echo, methods=["POST"])
    return app


if __name__ == "__main__":
    app = bare_starlette() if sys.argv[1] == "starlette" else bare_fastapi()
    uvicorn.run(app, port=int(sys.argv[2]), loop="uvloop", http="httptools", access_log=False, log_level="warning")
