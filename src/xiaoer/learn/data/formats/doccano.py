"""Doccano's JSON lines: classes (`label` or `cats`), spans (`label` or `entities`), or both."""

from pathlib import Path
from typing import Any

from xiaoer.learn.data.formats.rows import BadField, Rows, json_rows, spans_in, words_in
from xiaoer.learn.data.samples import Sample

SAMPLE_FIELD = "sample"
"""Where a sample's own id travels with it: Doccano numbers rows anew and keeps further fields as they are."""


def read_doccano(path: Path) -> Rows:
    """Read what Doccano exports of a project for classes, for spans, or for both."""
    rows = Rows(path.name)
    for line, row in json_rows(path, rows):
        rows.take(line, _sample, row, path.name, line)
    return rows


def _sample(row: dict[str, Any], file: str, line: int) -> Sample:
    text = words_in(row, "text" if "text" in row else "data")
    spans, classes = row.get("entities") or [], row.get("cats") or []
    label = row.get("label") or row.get("labels") or []
    if label and all(isinstance(one, str) for one in label):
        classes = label
    elif label:
        spans = label
    return Sample(
        id=own_id(row) or f"{file}:{line}",
        text=text,
        intent=_only(classes),
        spans=spans_in(spans, text, "label" if spans is label else "entities"),
        source=file,
    )


def own_id(row: dict[str, Any]) -> str | None:
    """Find the id that a sample was given before it went to Doccano."""
    meta = row.get("meta")
    found = row.get(SAMPLE_FIELD) or (meta.get(SAMPLE_FIELD) if isinstance(meta, dict) else None)
    return found if isinstance(found, str) else None


def _only(classes: object) -> str | None:
    if isinstance(classes, str):
        classes = [classes]
    match classes:
        case []:
            return None
        case [str() as one]:
            return one
        case [*several]:
            raise BadField("label", f"{len(several)} classes: give a text one, or split it ({several!r})")
        case _:
            raise BadField("label", f"no class: {classes!r}")


def doccano_row(sample: Sample, kind: str) -> dict[str, object]:
    """Write a sample as Doccano reads it into a project of a kind: `classes`, `spans` or `both`."""
    classes = [sample.intent] if sample.intent is not None else []
    spans = [[span.start, span.end, span.entity] for span in sample.spans]
    match kind:
        case "classes":
            marked: dict[str, object] = {"label": classes}
        case "spans":
            marked = {"label": spans}
        case _:
            marked = {"cats": classes, "entities": spans}
    return {"text": sample.text, **marked, SAMPLE_FIELD: sample.id}
