"""Identifiers: each kind is its own type, so that one is never passed where another is meant."""

import secrets
from typing import NewType

ShopId = NewType("ShopId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
CustomerId = NewType("CustomerId", str)
OrderId = NewType("OrderId", str)
SkuId = NewType("SkuId", str)
ProductId = NewType("ProductId", str)
FrameId = NewType("FrameId", str)
AttachmentId = NewType("AttachmentId", str)
ActionKey = NewType("ActionKey", str)
"""Names one wanted change of the shop for ever: the same key never changes the shop twice."""


def new_conversation_id() -> ConversationId:
    """Make an id of 128 random bits: to know a conversation's id is to be allowed into it."""
    return ConversationId("c_" + secrets.token_urlsafe(16))


def action_key(conversation: ConversationId, frame: FrameId, step: str, action: str) -> ActionKey:
    """Name an action by the step of the task that wants it: the same turn run again asks for the same key."""
    return ActionKey(f"{conversation}/{frame}/{step}/{action}")
