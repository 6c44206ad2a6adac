"""Who may do what: proof of who a visitor is."""

from xiaoer.access.visitors import BadVisitorTokenError, VisitorTokens

__all__ = ["BadVisitorTokenError", "VisitorTokens"]
