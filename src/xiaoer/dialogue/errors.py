"""What can go wrong while a flow runs."""

from xiaoer.errors import XiaoerError


class UnconfirmedEffectError(XiaoerError):
    """A flow would change the shop without the customer's yes to it; the lint of packs finds such flows."""

    code = "dialogue.unconfirmed_effect"


class EndlessFlowError(XiaoerError):
    """A turn went through more steps than any sensible flow has."""

    code = "dialogue.endless_flow"
