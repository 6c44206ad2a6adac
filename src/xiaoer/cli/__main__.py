"""Runs the command line as `python -m xiaoer.cli`."""

from xiaoer.cli.main import main

main()
