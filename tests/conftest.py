"""What all tests share."""

import structlog

# By default an exception is drawn with the values of all that was at hand: seconds, where a whole shop was.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer(colors=False),
    ]
)
