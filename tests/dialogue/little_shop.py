"""The little shop of the dialogue tests: a pack of five tasks, two orders, and a few answers."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from xiaoer.events import Hit
from xiaoer.pack import Pack, read_pack
from xiaoer.testing import Outcome, Play, ScriptedShop, an_outcome

ORDERS: Mapping[str, Sequence[str]] = {"1001": ("白色T恤", "黑色T恤"), "1002": ("台灯",), "1003": ("白色T恤", "毛巾")}
ANSWERS = {
    "运费": Hit(entry="fee", score=0.97, intents=("delivery.fee",)),
    "邮资": Hit(entry="postage", score=0.7, intents=("delivery.fee",)),
    "流程": Hit(entry="how_to_return", score=0.97, intents=("return.request",)),
    "发货": Hit(entry="shipping_time", score=0.97, intents=("shipping.time",)),
}


@cache
def little_pack() -> Pack:
    return read_pack(Path(__file__).parent / "pack")


def little_shop(orders: Mapping[str, Sequence[str]] = ORDERS, *, check: Outcome | None = None) -> ScriptedShop:
    """Every customer has the orders; `check` is what the rules say to a return."""

    def find_order(arguments: Mapping[str, str]) -> Outcome:
        named = [number for number in orders if number == arguments.get("mention.order_id")]
        product = arguments.get("mention.product", "")
        holding = [number for number, lines in orders.items() if product and any(product in line for line in lines)]
        carried = [number for number in orders if number == arguments.get("context")]
        is_pointed_at = "mention.order_id" in arguments or bool(product)
        return _found(named or holding, carried, list(orders), is_pointed_at=is_pointed_at)

    def find_line(arguments: Mapping[str, str]) -> Outcome:
        lines = orders[arguments["order"]]
        words = [value for name, value in arguments.items() if name.startswith("mention.")]
        fitting = [line for line in lines if words and all(word in line for word in words if word not in orders)]
        return _found(fitting if fitting != list(lines) else [], [], list(lines), is_pointed_at=False)

    return ScriptedShop(
        finds={
            "order.find": find_order,
            "line.find": find_line,
            "return.check": check or an_outcome("allowed"),
            "order.read": an_outcome(state="shipped"),
        },
        effects={"return.open": an_outcome(), "exchange.open": an_outcome(), "address.change": an_outcome()},
    )


def _found(fitting: list[str], carried: list[str], all_of_them: list[str], *, is_pointed_at: bool) -> Outcome:
    candidates = fitting or (carried if not is_pointed_at else []) or all_of_them
    if not candidates:
        return an_outcome("none", choices=[])
    outcome = "one" if len(candidates) == 1 else "unmatched" if is_pointed_at and not fitting else "several"
    return an_outcome(outcome, choices=[{"value": value, "title": value} for value in candidates])


def answers(question: str, intent: str) -> Sequence[Hit]:
    return [hit for word, hit in ANSWERS.items() if word in question]


def a_play(*, customer: str = "c1", shop: ScriptedShop | None = None) -> Play:
    return Play(little_pack(), shop or little_shop(), search=answers, customer=customer)
