"""The `xiaoer` command: one file a command; everything that a command does can be called from Python."""

from xiaoer.cli.main import main

__all__ = ["main"]
