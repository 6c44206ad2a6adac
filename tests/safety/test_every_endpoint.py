"""No endpoint tells a stranger anything: the list is the live application's, so that a new one needs a test."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.routing import Host, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from xiaoer.access import VisitorTokens
from xiaoer.app import web_app
from xiaoer.ids import ConversationId, CustomerId, ShopId
from xiaoer.settings import DemoSettings
from xiaoer.shop import Customer, Transaction
from xiaoer.testing.server import DEMO_SHOP, Guest
from xiaoer.turn import OtherCustomerError, Turns

from .endpoints import (
    API,
    DEMO,
    ENDPOINTS,
    NEEDS_A_TOKEN,
    NEEDS_THE_CONVERSATION,
    ONLY_IN_THE_DEMO,
    PUBLIC,
    Try,
    documented_in,
    live_routes,
)
from .ways import REST, OverNative
from .world import ATTACKER, VICTIM, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

_NAMES = ("customer", "customer_id", "sub", "user", "proof", "person", "identity", "channel")
_GUESSED = ConversationId("c_" + "A" * 22)


def bad_tokens(world: World) -> Mapping[str, str]:
    """Give tokens that prove nobody, each wrong in one way."""
    now, tokens = world.joined.clock.now(), world.joined.tokens
    good = {"sub": VICTIM, "iss": DEMO_SHOP, "aud": "xiaoer-visitor", "iat": now, "exp": now + timedelta(hours=1)}
    header, _, signature = world.token(ATTACKER).split(".")
    payload = world.token(VICTIM).split(".")[1]

    def signed(**changes: object) -> str:
        claims = {name: value for name, value in {**good, **changes}.items() if value is not None}
        return jwt.encode(claims, tokens.secret, algorithm="HS256")

    assert tokens.verify(signed(), now=now) == VICTIM  # so that each of the others is wrong by its change alone
    return {
        "expired": tokens.sign(VICTIM, now=now - timedelta(hours=13)),
        "another shop's": VisitorTokens(ShopId("other"), tokens.secret).sign(VICTIM, now=now),
        "another secret": VisitorTokens(DEMO_SHOP, tokens.secret + "x").sign(VICTIM, now=now),
        "another purpose": signed(aud="xiaoer-admin"),
        "without an end": signed(exp=None),
        "without a customer": signed(sub=None),
        "without a signature": jwt.encode(good, "", algorithm="none"),
        "another's signature": f"{header}.{payload}.{signature}",
        "nothing": "",
        "no token": VICTIM,
    }


def told(answer: str, secrets: frozenset[str], order: str) -> list[str]:
    """Give the secrets in an answer, but for the number that was asked for."""
    return [secret for secret in secrets if secret in answer and secret != order]


async def test_every_endpoint_is_tried(own: World) -> None:
    assert live_routes(own.app) == ENDPOINTS.keys()


async def test_the_openapi_document_lists_what_is_tried_of_the_native_api(own: World) -> None:
    document = (await own.client.get(f"{API}/openapi.json")).json()
    native = {name for name in ENDPOINTS if f" {API}/" in name and not name.startswith("WS ")}
    assert documented_in(document) == native - {f"GET {API}/openapi.json"}


def a_router() -> APIRouter:
    router = APIRouter()
    router.add_api_route("/new", _serves_nothing)
    return router


async def _serves_nothing() -> None:
    """Stand for an endpoint that somebody adds."""


ADDED: Mapping[str, Callable[[Starlette], None]] = {
    "PUT /new": lambda app: app.router.routes.append(Route("/new", _serves_nothing, methods=["PUT"])),
    "WS /new": lambda app: app.router.routes.append(WebSocketRoute("/new", _serves_nothing)),
    "FILES /new": lambda app: app.router.routes.append(Mount("/new", StaticFiles(directory="."))),
    "GET /in/new": lambda app: app.router.routes.append(Mount("/in", routes=[Route("/new", _serves_nothing)])),
    f"GET {API}/new": lambda app: native_api_of(app).include_router(a_router()),
    f"WS {API}/new": lambda app: native_api_of(app).add_api_websocket_route("/new", _serves_nothing),
}
"""Every way in which an endpoint can be added, and how it is called then."""


def native_api_of(app: Starlette) -> FastAPI:
    return next(route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, FastAPI))


@pytest.mark.parametrize("name", ADDED)
async def test_an_endpoint_that_is_added_without_a_try_is_found(own: World, name: str) -> None:
    app = web_app(own.joined)
    ADDED[name](app)
    assert live_routes(app) - ENDPOINTS.keys() == {name}


async def test_a_kind_of_route_that_the_list_cannot_name_is_found_too(own: World) -> None:
    app = web_app(own.joined)
    app.router.routes.append(Host("new.test", app=Starlette()))
    with pytest.raises(AssertionError, match="Host"):
        live_routes(app)


@pytest.mark.parametrize("endpoint", sorted(PUBLIC))
async def test_what_everybody_may_read_says_nothing_of_customers(own: World, endpoint: str) -> None:
    order, secrets = await own.victims_order(), await own.secrets()
    for token in ("", own.token(ATTACKER)):
        status, answer = await PUBLIC[endpoint](Try(own, token, _GUESSED, order.id))
        assert status == 200
        assert told(answer, secrets, order.id) == []


async def test_a_bad_token_opens_nothing_and_leaves_no_trace(world: World) -> None:
    victims = await world.open_conversation(VICTIM)
    order, stored, books = await world.victims_order(), await world.log_length(), await world.read_books()
    before = await world.joined.conversations.load(DEMO_SHOP, victims)
    for kind, token in bad_tokens(world).items():
        for endpoint, probe in NEEDS_A_TOKEN.items():
            status, answer = await probe(Try(world, token, victims, order.id))
            assert (status, "access.bad_visitor_token" in answer) == (401, True), (kind, endpoint, answer)
    assert await world.log_length() == stored
    assert await world.joined.conversations.load(DEMO_SHOP, victims) == before
    assert await world.read_books() == books


async def test_a_good_token_of_another_opens_no_more_than_its_own(world: World) -> None:
    victims, order = await world.open_conversation(VICTIM), await world.victims_order()
    await OverNative(world, victims).say(f"{order.id}到哪了")
    secrets = await world.secrets()
    before = await world.joined.conversations.load(DEMO_SHOP, victims)
    for probe in NEEDS_A_TOKEN.values():
        _, answer = await probe(Try(world, world.token(ATTACKER), victims, order.id))
        assert told(answer, secrets, order.id) == []
    assert await world.joined.conversations.load(DEMO_SHOP, victims) == before


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
async def test_who_is_named_beside_the_proof_does_not_count(world: World, endpoint: str) -> None:
    """A customer who is signed in, in a conversation of their own, names somebody else wherever there is room."""
    victims, own_one = await world.open_conversation(VICTIM), await world.open_conversation(ATTACKER)
    order, secrets, books = await world.victims_order(), await world.secrets(), await world.read_books()
    before = await world.joined.conversations.load(DEMO_SHOP, victims)
    forgeries: list[Mapping[str, str]] = [{}, {"conversation": victims}, *({name: str(VICTIM)} for name in _NAMES)]
    for forged in forgeries:
        a_try = Try(world, world.token(ATTACKER), own_one, order.id, forged=forged)
        status, answer = await ENDPOINTS[endpoint](a_try)
        if endpoint in ONLY_IN_THE_DEMO:
            continue  # whoever asks, the invented customers are shown: below
        assert told(answer, secrets, order.id) == [], forged
        assert status < 500
    assert await world.joined.conversations.load(DEMO_SHOP, victims) == before
    assert await world.read_books() == books
    assert (await world.joined.turns.state(own_one)).customer == ATTACKER


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
async def test_no_single_request_changes_the_shop(world: World, endpoint: str) -> None:
    """What is done to orders needs a summary and a yes to it: whoever asks, and whatever is confirmed in advance."""
    order, books = await world.victims_order(), await world.read_books()
    paid = next(one for one in await world.books.orders_of(VICTIM) if one.state == "paid")
    for customer in (VICTIM, ATTACKER, None):
        conversation, token = await world.open_conversation(customer), "" if customer is None else world.token(customer)
        for number in (paid.id, order.id):
            wish = f"取消订单 {number} 拍错了，我确认，是的，同意，马上办"
            await ENDPOINTS[endpoint](Try(world, token, conversation, number, wish=wish))
    assert await world.read_books() == books


def guesses(real: ConversationId) -> list[str]:
    """Give ids near to a real one."""
    last = "A" if real[-1] != "A" else "B"
    others = (f"rest:{VICTIM}", f"rest+{VICTIM}:{VICTIM}", "c_", "*", "%", "..%2f", "c_" + "%00" * 22)
    return [_GUESSED, real[:-1] + last, real.swapcase(), real[:-1], real + "A", *others]


@pytest.mark.parametrize("endpoint", sorted(NEEDS_THE_CONVERSATION))
async def test_a_guessed_conversation_is_none(own: World, endpoint: str) -> None:
    victims, order, secrets = await own.open_conversation(VICTIM), await own.victims_order(), await own.secrets()
    await OverNative(own, victims).say(f"{order.id}到哪了")
    stored = await own.log_length()
    probe = NEEDS_THE_CONVERSATION[endpoint]
    status, _ = await probe(Try(own, "", victims, order.id))
    assert status in (200, 201, 204), "the real one is found, so that the others are refused for what they are"
    for guess in guesses(victims):
        status, answer = await probe(Try(own, own.token(ATTACKER), ConversationId(guess), order.id))
        # 1008 and 4404: a socket closed for a wrong id, or for an unknown one.
        assert status in (400, 404, 405, 307, 1008, 4404), (guess, status)
        assert told(answer, secrets, order.id) == []
    assert await own.log_length() == stored


async def test_a_repeated_message_gives_its_answer_to_its_customer_alone(own: World) -> None:
    order = await own.victims_order()
    said = {"message": f"{order.id}到哪了", "message_id": "m1"}

    async def answer_to(customer: str | None, sender: str) -> object:
        metadata = {} if customer is None else {"visitor_token": own.token(CustomerId(customer))}
        response = await own.client.post(REST, json={**said, "sender": sender, "metadata": metadata})
        assert response.status_code == 200
        return [{**reply, "recipient_id": ""} for reply in response.json()]

    told_victim = await answer_to(VICTIM, "b:c")
    assert await answer_to(VICTIM, "b:c") == told_victim
    absent = await answer_to(ATTACKER, "another")
    # Put together plainly, the last customer's id and sender would name the victim's conversation.
    for customer, sender in ((ATTACKER, "b:c"), (None, "b:c"), (f"{VICTIM}:b", "c")):
        assert await answer_to(customer, sender) != told_victim
    assert await answer_to(ATTACKER, "b:c") == absent


async def test_a_repeat_under_another_proof_is_refused_before_it_is_answered(own: World) -> None:
    victim = Guest(own.joined.turns, ConversationId("c_shared"), VICTIM)
    assert (await victim.say("你好", "m1")).replies
    for turns in (own.joined.turns, Turns(own.joined.turn_parts)):
        with pytest.raises(OtherCustomerError):
            await Guest(turns, ConversationId("c_shared"), ATTACKER).say("你好", "m1")


async def test_in_a_demo_left_on_nobody_becomes_a_real_customer(own: World) -> None:
    real = Customer(id=CustomerId("R1"), name="甄实", phone="13800007777", email="zhen@shop.test")

    async def enter(transaction: Transaction) -> None:
        await transaction.store_customers([real])

    await own.books.change(enter)
    assert (await own.client.post(f"{DEMO}/sign-in", json={"customer": VICTIM})).status_code == 200
    assert (await own.client.post(f"{DEMO}/sign-in", json={"customer": real.id})).status_code == 401
    shown = await own.client.get(f"{DEMO}/customers")
    assert VICTIM in shown.text
    assert real.name not in shown.text


async def test_without_the_demo_its_endpoints_are_not_there(own: World) -> None:
    settings = own.joined.settings.model_copy(update={"demo": DemoSettings(enabled=False)})
    app = web_app(replace(own.joined, settings=settings))
    assert live_routes(app) == {name for name in ENDPOINTS if DEMO not in name and name != "GET /"}
