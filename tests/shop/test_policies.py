from datetime import date
from zoneinfo import ZoneInfo

import pytest

from xiaoer.pack import Clause, Pack
from xiaoer.shop import ClauseMissingError, Policies, read_policies

_ZONE = ZoneInfo("Asia/Shanghai")


def _read(clauses: dict[str, Clause], on: date = date(2026, 6, 15)) -> Policies:
    return read_policies(clauses, on=on, timezone=_ZONE)


def test_a_missing_clause_is_named(pack: Pack) -> None:
    clauses = {name: clause for name, clause in pack.clauses.items() if name != "return.no_reason"}
    with pytest.raises(ClauseMissingError, match=r"return\.no_reason"):
        _read(clauses)


def test_a_missing_value_is_named(pack: Pack) -> None:
    bare = pack.clauses["return.no_reason"].model_copy(update={"values": {"days": 7}})
    with pytest.raises(ClauseMissingError, match=r"return\.no_reason.*excluded_categories"):
        _read({**pack.clauses, bare.id: bare})


def test_a_clause_that_is_not_yet_in_force_does_not_count(pack: Pack) -> None:
    with pytest.raises(ClauseMissingError, match="2024-12-31"):
        _read(dict(pack.clauses), on=date(2024, 12, 31))


@pytest.mark.parametrize(("on", "days"), [(date(2026, 6, 30), 7), (date(2026, 7, 1), 30), (date(2027, 1, 1), 7)])
def test_the_version_in_force_on_the_day_counts(pack: Pack, on: date, days: int) -> None:
    old = pack.clauses["return.no_reason"]
    summer = old.model_copy(
        update={
            "id": "return.no_reason.2026",
            "valid_from": date(2026, 7, 1),
            "valid_until": date(2026, 12, 31),
            "values": {**old.values, "days": 30},
        }
    )
    read = _read({**pack.clauses, summer.id: summer}, on=on)
    assert read.no_reason_return.days == days


def test_the_pack_gives_enough_dated_clauses(pack: Pack) -> None:
    assert len(pack.clauses) >= 14
    assert {clause.valid_from for clause in pack.clauses.values()} == {date(2025, 1, 1)}


def test_a_pattern_of_tax_numbers_that_is_no_expression_is_named(pack: Pack) -> None:
    special = pack.clauses["invoice.special"]
    broken = special.model_copy(update={"values": {**special.values, "tax_no_pattern": "[0-9"}})
    with pytest.raises(ClauseMissingError, match=r"invoice\.special.*not a regular expression"):
        _read({**pack.clauses, broken.id: broken})


def test_the_usual_way_to_pay_comes_first(pack: Pack, policies: Policies) -> None:
    methods = pack.clauses["payment.methods"].values["methods"]
    assert policies.payment.methods == methods
