"""What all tests share."""

from typing import Any

import structlog
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")

_configure = structlog.configure


def _configure_for_a_while(**settings: Any) -> None:  # noqa: ANN401  # whatever the library takes
    """Set up a log that no logger keeps for good: a command that runs in the tests' process sets up one of its own.

    Loggers that were used under it would be deaf to the tests after it that listen.
    """
    _configure(**settings | {"cache_logger_on_first_use": False})


structlog.configure = _configure_for_a_while  # type: ignore[assignment]  # it takes names alone

# By default an exception is drawn with the values of all that was at hand: seconds, where a whole shop was.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer(colors=False),
    ]
)
