"""How often the garbage collector looks for cycles."""

COLLECTING = (50_000, 50, 50)
"""Seldom: a turn makes no cycles, and there is much to look through, as a pack and its models live long."""
