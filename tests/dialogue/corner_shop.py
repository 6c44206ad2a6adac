"""The corner shop of the dialogue tests: values in parts, reasons in any words, goods under misspelt names."""

from collections.abc import Mapping, Sequence
from functools import cache

from xiaoer.events import Hit
from xiaoer.pack import Pack
from xiaoer.testing import Outcome, Play, ScriptedShop, a_pack, an_outcome

ORDERS = {"1001": "电饭煲", "1002": "耳机"}
GOODS = ("空气炸锅", "电饭煲")
ANSWERS = (
    Hit(entry="refund_time", score=0.96, intents=("refund.status",)),
    Hit(entry="coupons", score=0.7, intents=("coupon.back",)),
    Hit(entry="how_to_use", score=0.97, intents=("goods.usage",)),
)
_WORDS = {"到账": "refund_time", "几天": "refund_time", "券": "coupons", "怎么用": "how_to_use"}

_PHRASES = """
"yes": [好, 好的, 行, 可以, 确定, 对]
"no": [不, 不要, 别]
give_up: [算了]
questions: ["?", "？", 吗, 多少, 几天, 怎么]
corrects: [不对, 但是]
clause_ends: ["，", "。"]
"""
_ROUTES = """
routes:
  - {intent: inform, title: 信息, reply: inform_what, only_idle: true}
  - {intent: affirm, title: 好, reply: affirm, only_idle: true}
  - {intent: deny, title: 不, reply: deny, only_idle: true}
  - {intent: complaint, title: 投诉, reply: complaint, hand_over: true}
  - {intent: coupon.back, title: 券, knowledge: true}
  - {intent: goods.usage, title: 用法, knowledge: true}
  - {intent: goods.price, title: 价格, knowledge: true}
  - {intent: goods.broken, title: 坏了, knowledge: true, reply: sorry}
  - {intent: chat, title: 闲聊, reply: chat}
"""
_ENTITIES = """
entities:
  - {name: address, patterns: [a]}
  - {name: person, patterns: [a], leads: [收件人, ":"]}
  - {name: phone, patterns: [a], normal: digits}
  - {name: day, patterns: [a], normal: date}
  - {name: order_id, patterns: [a], normal: digits}
  - {name: product, patterns: [a]}
  - {name: size, patterns: [a]}
"""
_FLOWS = """
flows:
  - name: address.change
    title: 改地址
    about: 改收货地址
    triggers: [address.change]
    opened_by: [address]
    repeats: [改, 改吧]
    slots:
      - name: region
        ask: which_address
        entities: [region, address]
        parts: ['[^省市区\\s]{2,3}省', '[^省市区\\s]{2,3}市', '[^省市区\\s]{1,3}区']
      - {name: street, ask: which_address, entities: [address]}
      - {name: person, ask: which_address, entities: [person], like: '(?P<value>[王李][一-龥]{1,2})收?'}
      - {name: phone, ask: which_address, entities: [phone]}
    steps:
      - ask: street
      - confirm: address_confirm
      - do: address.change
        with: {region: region, street: street, person: person, phone: phone}
      - say: address_done

  - name: order.cancel
    title: 取消订单
    about: 取消一单
    triggers: [order.cancel]
    absorbs: [goods.broken, goods.price, chat]
    asides: [refund.status]
    tells: [{to: [money.back], when: {of: order, known: true}, say: amount_told}]
    repeats: [取消, 取消吧]
    slots:
      - name: order
        ask: which_order
        look_up: order.find
        entities: [order_id, product, day]
      - name: reason
        ask: why_cancel
        free_text: true
        choices:
          - {value: wrong, title: 拍错了, says: [买错, 买重]}
          - {value: price, title: 太贵, says: [贵了], intents: [goods.price]}
    steps:
      - ask: order
      - ask: reason
      - do: cancel.check
        with: {order: order, reason: reason}
        on:
          refused:
            - say: cancel_refused
            - end: refused
      - confirm: cancel_confirm
        on_no:
          - end: given_up
      - do: order.cancel
        with: {order: order, reason: reason}
      - say: cancel_done

  - name: refund.status
    title: 退款进度
    about: 退款到哪了
    triggers: [refund.status]
    slots:
      - {name: order, ask: which_order, look_up: order.find, entities: [order_id, product]}
    steps:
      - ask: order
      - say: refund_progress

  - name: goods.facts
    title: 商品
    about: 一件商品的价格
    triggers: [goods.price]
    triggers_unanswered: [goods.usage]
    only_with: [product]
    guesses: true
    needs_proof: false
    slots:
      - {name: product, ask: which_product, look_up: product.find, entities: [product]}
      - {name: size, ask: which_product, entities: [size]}
    steps:
      - ask: product
      - say: product_facts
"""


@cache
def corner_pack() -> Pack:
    return a_pack(phrases=_PHRASES, routes=_ROUTES, entities=_ENTITIES, flows=_FLOWS)


def corner_shop(*, check: Outcome | None = None) -> ScriptedShop:
    """Every customer has both orders; `check` is what the rules say to a cancellation."""
    return ScriptedShop(
        finds={
            "order.find": _find_order,
            "product.find": _find_product,
            "cancel.check": check or an_outcome("allowed"),
        },
        effects={"order.cancel": an_outcome(), "address.change": an_outcome()},
    )


def _find_order(arguments: Mapping[str, str]) -> Outcome:
    said = arguments.get("mention", "")
    found = [number for number, goods in ORDERS.items() if number in said or goods in said]
    found = found or [number for number in ORDERS if number == arguments.get("context")] or list(ORDERS)
    choices = [{"value": number, "title": ORDERS[number], "says": [ORDERS[number]]} for number in found]
    return an_outcome("one" if len(found) == 1 else "several", choices=choices)


def _find_product(arguments: Mapping[str, str]) -> Outcome:
    """Know a product by the first three characters of its name: the last may be misspelt."""
    said = arguments.get("mention", "")
    found = [name for name in GOODS if name[:3] in said] or [g for g in GOODS if g == arguments.get("context")]
    choices = [{"value": name, "title": name} for name in found]
    return an_outcome({0: "none", 1: "one"}.get(len(found), "several"), choices=choices)


def answers(question: str, intent: str) -> Sequence[Hit]:
    return [hit for hit in ANSWERS for word, entry in _WORDS.items() if word in question and hit.entry == entry]


def a_corner(*, customer: str = "c1", shop: ScriptedShop | None = None) -> Play:
    return Play(corner_pack(), shop or corner_shop(), search=answers, customer=customer)
