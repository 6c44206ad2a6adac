from pathlib import Path

from xiaoer.pack import Pack, read_pack
from xiaoer.testing.packs import write_pack

FLOWS = """
    flows:
      - {name: goods, title: a, about: b, triggers: [price], only_with: [product], steps: [{say: c}]}
      - {name: proved, title: a, about: b, triggers_when_proved: [track], steps: [{say: c}]}
      - {name: open, title: a, about: b, triggers: [track, price], steps: [{say: c}]}
"""


def started(pack: Pack, intent: str, *entities: str, is_proved: bool = True) -> str | None:
    flow = pack.flow_for(intent, entities, is_proved=is_proved)
    return flow.name if flow else None


def test_the_first_flow_that_fits_intent_entities_and_proof_is_started(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path, flows=FLOWS))

    assert started(pack, "price", "product") == "goods"
    assert started(pack, "price", "phone") == "open"
    assert started(pack, "track") == "proved"
    assert started(pack, "track", is_proved=False) == "open"
    assert started(pack, "greet") is None


def test_utterances_come_as_plain_text_with_their_intent(tmp_path: Path) -> None:
    intents = "intents: [{name: track, about: a, utterances: 'where is [12](order_id)'}]"

    assert list(read_pack(write_pack(tmp_path, intents=intents)).utterances()) == [("where is 12", "track")]
