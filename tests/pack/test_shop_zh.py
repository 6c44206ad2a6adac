from pathlib import Path

from xiaoer.pack import lint, read_pack
from xiaoer.shop import ACTIONS

SHOP_ZH = Path(__file__).parents[2] / "packs" / "shop_zh"


def test_the_default_pack_has_no_errors() -> None:
    findings = lint(read_pack(SHOP_ZH), actions=ACTIONS)

    assert [str(finding) for finding in findings if finding.level == "error"] == []
