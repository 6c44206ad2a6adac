"""What a test names and the shop has not is an error that says where it stands."""

from pathlib import Path

import pytest

from xiaoer.pack import Fault, PackError, read_pack
from xiaoer.testing.packs import write_pack
from xiaoer.trial import TrialStage, rehearse
from xiaoer.trial.naming import require_named

from ..shop.factories import a_product
from .test_rehearsal import a_test, expect, say

_TESTS = """
    conversations:
      - name: a test
        given:
          orders:
            - {{number: "1", state: paid, lines: [{{sku: any}}, {{sku: {line}}}]}}
          stock: {{{stock}: 0}}
          notices: [{notice}]
        talk:
          - say: hello
          - meanwhile:
              orders:
                - number: "1"
                  state: shipped
                  lines:
                    - {{sku: {later_line}}}
              gone: ["{gone}"]
              stock:
                {later_stock}: 3
              notices: [{later_notice}]
          - expect: {{}}
"""
_KNOWN = str(a_product().variants[0].sku)
_PLACES = {
    "line": ("tests/tests.yaml:5", "given.orders.0.lines.1.sku"),
    "stock": ("tests/tests.yaml:6", "given.stock.P9999-01"),
    "notice": ("tests/tests.yaml:7", "given.notices.0"),
    "later_line": ("tests/tests.yaml:15", "talk.1.meanwhile.orders.0.lines.0.sku"),
    "later_stock": ("tests/tests.yaml:18", "talk.1.meanwhile.stock.P9999-01"),
    "later_notice": ("tests/tests.yaml:19", "talk.1.meanwhile.notices.0"),
}


def faults_of(folder: Path, **named: str) -> list[Fault]:
    """Give what is wrong with a test that names things of the shop, all of them there but those given."""
    right = dict.fromkeys(_PLACES, _KNOWN) | {"gone": "1"}
    pack = read_pack(write_pack(folder, tests=_TESTS.format(**(right | named))))
    try:
        require_named(pack.tests[0], pack, [a_product()])
    except PackError as error:
        return error.faults
    return []


def test_what_is_there_is_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == []


@pytest.mark.parametrize("name", _PLACES)
def test_a_sku_that_is_not_there_is_named_with_file_line_and_field(tmp_path: Path, name: str) -> None:
    (fault,) = faults_of(tmp_path, **{name: "P9999-01"})

    assert (str(fault.place), fault.field) == _PLACES[name]
    assert "no SKU 'P9999-01'" in fault.message


def test_only_a_line_takes_any_article(tmp_path: Path) -> None:
    assert [fault.field for fault in faults_of(tmp_path, line="any", stock="any")] == ["given.stock.any"]


def test_an_order_that_was_never_there_cannot_be_gone(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, gone="2")

    assert (str(fault.place), fault.field) == ("tests/tests.yaml:16", "talk.1.meanwhile.gone.0")


async def test_a_test_with_such_a_name_fails_and_says_so(stage: TrialStage) -> None:
    meanwhile = {"meanwhile": {"stock": {"P9999-01": 0, "P9999-02": 0}}}
    test = a_test(say("你好"), meanwhile, say("你好"), expect(replies=["greet"]))

    (verdict,) = [verdict async for verdict in rehearse(stage, [test])]

    assert not verdict.has_passed
    assert all(f"talk.1.meanwhile.stock.P9999-0{n}" in verdict.complaints[0] for n in (1, 2))
