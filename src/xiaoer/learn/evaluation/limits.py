"""The figures of an evaluation by their names, and what they must be."""

from collections.abc import Mapping

from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.quality import Gate
from xiaoer.learn.evaluation.judging import Evaluation
from xiaoer.understand import OUT_OF_SCOPE

FIGURES = (
    "accuracy",
    "top_two_accuracy",
    "macro_f1",
    "calibration_error",
    "in_scope_accuracy",
    "in_scope_refused",
    "out_of_scope_auroc",
    "out_of_scope_recall",
    "out_of_scope_precision",
    "entity_f1",
    "sentiment_pearson",
    "sentiment_spearman",
    "latency_p50_ms",
    "latency_p95_ms",
    "latency_p99_ms",
)


def figures(evaluation: Evaluation) -> Mapping[str, float]:
    """Give the figures that were measured, by their names in `FIGURES`."""
    intents, entities, sentiment = evaluation.intents, evaluation.entities, evaluation.sentiment
    latency = evaluation.latency_milliseconds
    unknown = next((score for score in intents.classes if score.name == OUT_OF_SCOPE), None)
    measured = (
        intents.accuracy,
        intents.top_two_accuracy,
        intents.macro_f1,
        intents.calibration_error,
        intents.in_scope_accuracy,
        intents.in_scope_refused,
        intents.out_of_scope_auroc,
        unknown.recall if unknown else None,
        unknown.precision if unknown else None,
        entities.micro_f1 if entities else None,
        sentiment.pearson if sentiment else None,
        sentiment.spearman if sentiment else None,
        latency.p50 if latency else None,
        latency.p95 if latency else None,
        latency.p99 if latency else None,
    )
    return {name: value for name, value in zip(FIGURES, measured, strict=True) if value is not None}


def gates(
    measured: Mapping[str, float], at_least: Mapping[str, float], at_most: Mapping[str, float]
) -> tuple[Gate, ...]:
    """Hold figures against what they must be.

    Raises:
        DataSettingError: a figure that must be something was not measured.
    """
    lacking = [name for name in (*at_least, *at_most) if name not in measured]
    if lacking:
        raise DataSettingError(f"{lacking[0]} was not measured: the data says nothing that it could be judged by.")
    return (
        *(Gate(name, measured[name], wanted, is_at_most=False) for name, wanted in at_least.items()),
        *(Gate(name, measured[name], wanted, is_at_most=True) for name, wanted in at_most.items()),
    )
