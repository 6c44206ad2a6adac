"""Proof of who a visitor is: a token that the shop's own site signs when the visitor is logged in there.

A JSON Web Token (RFC 7519) signed with HMAC-SHA-256 by the secret that the shop shares with Xiaoer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import jwt

from xiaoer.errors import XiaoerError
from xiaoer.ids import CustomerId, ShopId

_ALGORITHM = "HS256"
_AUDIENCE = "xiaoer-visitor"


class BadVisitorTokenError(XiaoerError):
    """A visitor token is forged, expired, for another shop, or no token at all."""

    code = "access.bad_visitor_token"
    status = 401


@dataclass(frozen=True, slots=True)
class VisitorTokens:
    """Signs and checks the visitor tokens of one shop."""

    shop: ShopId
    secret: str

    def sign(self, customer: CustomerId, *, now: datetime, valid_for: timedelta = timedelta(hours=12)) -> str:
        """Make a token for a customer, as the shop's site would."""
        claims = {"sub": customer, "iss": self.shop, "aud": _AUDIENCE, "iat": now, "exp": now + valid_for}
        return jwt.encode(claims, self.secret, algorithm=_ALGORITHM)

    def verify(self, token: str, *, now: datetime) -> CustomerId:
        """Give the customer whom a token proves.

        Raises:
            BadVisitorTokenError: it proves nobody.
        """
        customer, expires = _claims(token, self.secret, self.shop)
        if expires <= now.timestamp():
            raise BadVisitorTokenError("The visitor token has expired; sign the visitor in again.")
        return customer


@lru_cache(maxsize=4096)
def _claims(token: str, secret: str, shop: ShopId) -> tuple[CustomerId, float]:
    """Give the customer and the time of expiry of a token with a good signature; a visitor sends it every time."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            issuer=shop,
            options={"require": ["sub", "exp", "iss", "aud"], "verify_exp": False, "verify_iat": False},
        )
        expires = float(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise BadVisitorTokenError("The visitor token is not valid; sign the visitor in again.") from error
    return CustomerId(str(claims["sub"])), expires
