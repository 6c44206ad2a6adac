"""Changes of a text that keep its marks where they belong."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from xiaoer.learn.data.samples import Sample, Span


class Edit(NamedTuple):
    """Characters `start` to `end` (not included) become `text`."""

    start: int
    end: int
    text: str


def edited(sample: Sample, edits: Iterable[Edit]) -> Sample | None:
    """Change a sample's text; its marks move along. None if an edit cuts across the end of a mark, or edits overlap.

    What is put in at the very beginning or end of a mark stands outside of it; a mark of which nothing is left is gone.
    """
    ordered, parts, at = sorted(edits), list[str](), 0
    for edit in ordered:
        if edit.start < at or any(_cuts(edit, span) for span in sample.spans):
            return None
        parts += sample.text[at : edit.start], edit.text
        at = edit.end
    moved = (_moved(span, ordered) for span in sample.spans)
    return msgspec.structs.replace(
        sample,
        text="".join((*parts, sample.text[at:])),
        spans=tuple(span for span in moved if span.start < span.end),
    )


def _cuts(edit: Edit, span: Span) -> bool:
    """Say whether an edit takes one end of a mark and leaves the other."""
    is_apart = edit.end <= span.start or edit.start >= span.end
    is_inside = span.start <= edit.start and edit.end <= span.end
    is_around = edit.start <= span.start and span.end <= edit.end and not edit.text
    return not (is_apart or is_inside or is_around)


def _moved(span: Span, edits: Iterable[Edit]) -> Span:
    start, end = span.start, span.end
    for edit in edits:
        grown = len(edit.text) - (edit.end - edit.start)
        if edit.end <= span.start:
            start, end = start + grown, end + grown
        elif edit.start <= span.start and edit.end >= span.end and not edit.text:
            end = start
        elif edit.start < span.end:
            end += grown
    return Span(start, end, span.entity)
