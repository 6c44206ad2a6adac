import msgspec
import pytest
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

from xiaoer.learn.pretraining import SHIPPED_ENCODER, EncoderCard

MOST_BYTES = 16_000_000


def test_it_is_small_and_its_card_is_its_own() -> None:
    card = msgspec.json.decode((SHIPPED_ENCODER / "card.json").read_bytes(), type=EncoderCard)
    assert sum(path.stat().st_size for path in SHIPPED_ENCODER.iterdir()) < MOST_BYTES
    assert AutoModelForMaskedLM.from_pretrained(SHIPPED_ENCODER).num_parameters() == card.parameters


@pytest.mark.parametrize(
    ("text", "missing"),
    [("我的快[MASK]到哪了", "递"), ("我想申请退[MASK]", "款"), ("i want to [MASK] my order", "cancel")],
)
def test_it_guesses_what_customers_leave_out(text: str, missing: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(SHIPPED_ENCODER)
    network = AutoModelForMaskedLM.from_pretrained(SHIPPED_ENCODER)
    given = tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        scores = network(**given).logits[0, given["input_ids"][0].tolist().index(tokenizer.mask_token_id)]
    assert missing in tokenizer.convert_ids_to_tokens(scores.topk(5).indices.tolist())
