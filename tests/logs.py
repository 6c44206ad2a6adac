"""The log of the tests' process."""

import structlog


def set_up_test_logs() -> None:
    """Write to the log without what was at hand when an exception came.

    By default an exception is drawn with those values: minutes, where a whole shop was. A command that is run in the
    tests' process sets up a log of its own; whoever runs one calls this afterwards.
    """
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )
