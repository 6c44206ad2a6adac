"""Clients that send messages with ids of their own, and send each again until it is answered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Condition

import httpx

_SECONDS = 30


@dataclass(frozen=True)
class Sent:
    """A message: who sends it, what it says, its id, and the proof of who sends it, if any."""

    sender: str
    text: str
    message_id: str
    token: str | None = None


@dataclass
class Acknowledged:
    """Every message that was answered, with its answer; `wait` lets time pass until there are enough of them."""

    answers: dict[Sent, bytes] = field(default_factory=dict)
    _changed: Condition = field(default_factory=Condition)

    def add(self, sent: Sent, answer: bytes) -> None:
        with self._changed:
            self.answers[sent] = answer
            self._changed.notify_all()

    def wait(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.answers) >= count, _SECONDS), f"only {len(self.answers)}"


def send_all(url: str, messages: Iterable[Sent], done: Acknowledged, *, is_over: Callable[[], bool]) -> None:
    """Send messages one after the other until it is over; the one under way is still sent until it is answered."""
    with httpx.Client(timeout=_SECONDS) as client:
        for sent in messages:
            if is_over():
                return
            done.add(sent, insist(client, url, sent))


def insist(client: httpx.Client, url: str, sent: Sent) -> bytes:
    """Send a message again and again until it is answered; give the answer as received."""
    body: dict[str, object] = {"sender": sent.sender, "message": sent.text, "message_id": sent.message_id}
    if sent.token:
        body["metadata"] = {"visitor_token": sent.token}
    while True:
        try:
            response = client.post(f"{url}/webhooks/rest/webhook", json=body)
        except httpx.TransportError:  # killed meanwhile: nobody knows whether it was taken
            continue
        assert response.status_code == 200, response.text
        return response.content
