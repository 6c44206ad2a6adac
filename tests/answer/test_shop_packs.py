"""The replies of the shipped packs, in every tone, where the shop does not know everything."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from xiaoer.answer import Composer
from xiaoer.pack import read_pack

_PACKS = Path(__file__).parents[2] / "packs"


@pytest.mark.parametrize("tone", ["warm", "plain", "formal"])
@pytest.mark.parametrize("name", ["shop_zh", "shop_en"])
def test_an_issued_invoice_is_told_without_its_day(name: str, tone: Literal["warm", "plain", "formal"]) -> None:
    pack = read_pack(_PACKS / name)
    toned = replace(pack, manifest=pack.manifest.model_copy(update={"tone": tone}))
    invoice = {"title": "听荷小筑", "email": "he@example.com", "state": "issued"}
    said = {Composer(toned).say("invoice_issued_before", {"invoice": invoice}, turn=turn).text for turn in range(6)}
    assert all(text for text in said)
    assert any("he@example.com" in text for text in said)
