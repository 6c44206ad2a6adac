"""The log: events with fields, on stderr; for people as text, for programs as JSON lines."""

import logging
import sys

import structlog

from xiaoer.settings import BadSettingsError

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def set_up_logs(level: str, *, as_json: bool) -> None:
    """Set up the log of this process.

    Raises:
        BadSettingsError: there is no such level.
    """
    if level not in _LEVELS:
        raise BadSettingsError(f"log_level: {level!r} is none of {', '.join(_LEVELS)}.")
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(_LEVELS[level], logging.WARNING), stream=sys.stderr)
    logging.getLogger("bm25s").setLevel(logging.WARNING)  # the library sets DEBUG for itself
