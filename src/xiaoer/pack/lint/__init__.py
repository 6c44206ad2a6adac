"""Finds what is wrong or doubtful in a pack that can be read: one file a kind of check.

Errors break a conversation when it gets there; warnings make it worse.
"""

from xiaoer.pack.lint.findings import Finding, Level
from xiaoer.pack.lint.linter import lint

__all__ = ["Finding", "Level", "lint"]
