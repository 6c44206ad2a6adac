from pathlib import Path

from xiaoer.pack import lint, read_pack
from xiaoer.shop import ACTIONS

SHOP_EN = Path(__file__).parents[2] / "packs" / "shop_en"


def test_the_english_pack_has_no_errors() -> None:
    findings = lint(read_pack(SHOP_EN), actions=ACTIONS)

    assert [str(finding) for finding in findings if finding.level == "error"] == []
