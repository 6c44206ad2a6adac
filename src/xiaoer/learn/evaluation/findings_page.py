"""The page of an evaluation: gates, figures, classes, confusions, calibration, disturbances."""

from collections.abc import Iterable, Sequence

from xiaoer.learn.data.charts import bars, diagonal
from xiaoer.learn.data.pages import page, table
from xiaoer.learn.evaluation.comparing import Comparison
from xiaoer.learn.evaluation.findings import Findings
from xiaoer.learn.evaluation.limits import figures
from xiaoer.learn.report import CalibrationBin, ClassScore

_SHOWN = 200


def findings_page(findings: Findings, about: str) -> str:
    """Make the page of what was found; `about` says of which model by which data. Two hundred confusions at most."""
    intents, entities = findings.evaluation.intents, findings.evaluation.entities
    by_f1 = sorted(intents.classes, key=lambda score: score.f1)
    sections = [("Figures", table(("figure", "value"), figures(findings.evaluation).items()))]
    if findings.gates:
        sections.insert(0, ("Gates", _gates(findings)))
    if findings.comparison is not None:
        sections.append((f"Beside {findings.comparison.other}", _comparison(findings.comparison)))
    if findings.robustness:
        sections.append(("Accuracy on disturbed texts", _robustness(findings)))
    sections += [
        ("Intents, those of the least F1 first", _classes(by_f1)),
        ("F1 of each intent (the line: the mean)", bars([(one.name, one.f1) for one in by_f1], mark=intents.macro_f1)),
        ("Taken for another", _confusions(findings)),
        ("As sure as it is right?", _calibration(intents.calibration)),
    ]
    if entities is not None:
        sections.append(("Entities, by exact bounds", _classes(sorted(entities.kinds, key=lambda score: score.f1))))
    if findings.left_out:
        sections.append(("Not judged by", table(("why", "texts"), findings.left_out.items())))
    return page("Evaluation", f"{about}: {intents.texts} texts of {len(intents.classes)} intents.", sections)


def _gates(findings: Findings) -> str:
    return table(("", "is", "wanted", ""), [(one.name, one.value, one.limit, one.verdict) for one in findings.gates])


def _comparison(found: Comparison) -> str:
    rows = [("this model", found.accuracy, found.only_this), (found.other, found.other_accuracy, found.only_other)]
    verdict = "worse by more than chance" if found.is_worse else "not worse by more than chance"
    return (
        table(("model", "accuracy", "texts read rightly by it alone"), rows)
        + f"<p>McNemar p = {found.p_value:.4g}: this model is {verdict}.</p>"
    )


def _robustness(findings: Findings) -> str:
    rows = [(one.name, one.texts, one.as_written, one.disturbed) for one in findings.robustness]
    return table(("disturbance", "texts it changes", "as written", "disturbed"), rows)


def _classes(scores: Iterable[ClassScore]) -> str:
    rows = [(one.name, one.precision, one.recall, one.f1, one.support) for one in scores]
    return table(("name", "precision", "recall", "F1", "occurs"), rows)


def _confusions(findings: Findings) -> str:
    rows = [(one.truth, one.guess, one.count) for one in findings.evaluation.intents.confusions[:_SHOWN]]
    return table(("is", "was taken for", "times"), rows)


def _calibration(bins: Sequence[CalibrationBin]) -> str:
    rows = [(one.texts, one.confidence, one.accuracy, one.accuracy - one.confidence) for one in bins if one.texts]
    points = [(one.confidence, one.accuracy, one.texts) for one in bins if one.texts]
    return diagonal(points) + table(("texts", "sure, on average", "share right", "difference"), rows)
