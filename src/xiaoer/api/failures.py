"""Errors as responses: one shape for all, with the status that the error names."""

import math

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from xiaoer.errors import XiaoerError
from xiaoer.guard import TooManyMessagesError

_log = structlog.get_logger()
_BUSY = (429, 503)


def failure(code: str, message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """Give an error as a response."""
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def known(request: Request, error: XiaoerError) -> Response:
    """Give an error of ours as a response; where it passes by itself, with the time after which to try again."""
    retry = error.retry_after_seconds if isinstance(error, TooManyMessagesError) else 1
    headers = {"Retry-After": str(math.ceil(retry))} if error.status in _BUSY else None
    if error.status >= 500:
        _log.error("http.failed", path=request.url.path, code=error.code)
    return failure(error.code, str(error), error.status, headers)


async def _known(request: Request, error: Exception) -> Response:
    if not isinstance(error, XiaoerError):
        raise error
    return known(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors())
    return failure("http.bad_body", faults, 400)


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return failure(f"http.{error.status_code}", str(error.detail), error.status_code, dict(error.headers or {}))


def handlers() -> dict[type[Exception], ExceptionHandler]:
    """Give the handlers of all errors that a request may end in."""
    return {XiaoerError: _known, RequestValidationError: _invalid, HTTPException: _http}
