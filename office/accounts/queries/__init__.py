"""Reading accounts: plain SELECTs to frozen values."""

from office.accounts.queries.claims import (
    Claimant,
    FactorRow,
    claimant,
    claimants,
    factors,
    reset_owner,
)
from office.accounts.queries.live import SessionView, TokenView, session_by_token, token_by_text
from office.accounts.queries.review import (
    SessionRow,
    TokenRow,
    locked,
    recovery_codes_left,
    sessions,
    tokens,
)

__all__ = [
    "Claimant",
    "FactorRow",
    "SessionRow",
    "SessionView",
    "TokenRow",
    "TokenView",
    "claimant",
    "claimants",
    "factors",
    "locked",
    "recovery_codes_left",
    "reset_owner",
    "session_by_token",
    "sessions",
    "token_by_text",
    "tokens",
]
