"""The events of a turn while it runs, and the state that they make."""

from xiaoer.events import AnyEvent, Conversation, Replied, Reply, apply


class Draft:
    """A turn not yet stored: nothing of it is true before it is."""

    def __init__(self, state: Conversation) -> None:
        self.after = state.sequence
        self.state = state
        self.events: list[AnyEvent] = []
        self.replies: list[Reply] = []
        self.has_effect = False

    def add(self, event: AnyEvent) -> None:
        """Note that something happened."""
        self.events.append(event)
        self.state = apply(self.state, event)

    def say(self, reply: Reply) -> None:
        """Note a bubble of the answer."""
        self.replies.append(reply)

    def close(self) -> None:
        """Put the bubbles into the log as what the customer was told."""
        if self.replies:
            self.add(Replied(replies=tuple(self.replies)))
