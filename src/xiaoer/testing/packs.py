"""Packs on disk for tests: only the files that a test is about."""

from pathlib import Path
from textwrap import dedent

_MANIFEST = """\
name: small_shop
title: A small shop
about: Made for a test
language: en
version: 1.0.0
"""
_FOLDERS = frozenset({"intents", "flows", "replies", "faq", "policies", "lexicons", "tests"})


def write_pack(folder: Path, **files: str) -> Path:
    """Write a pack and give its folder.

    Each file is named by what it holds and given as YAML: `routes=…` becomes `routes.yaml`, `flows=…` becomes
    `flows/flows.yaml`. Indentation that all lines share, and line breaks before the first one, are taken away, so that
    a text begins at line 1. Without `pack=…` the pack gets a manifest of its own.
    """
    for name, text in ({"pack": _MANIFEST} | files).items():
        path = folder / name / f"{name}.yaml" if name in _FOLDERS else folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return folder
