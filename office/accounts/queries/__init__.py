"""Reading accounts: plain SELECTs to frozen values."""

from office.accounts.queries.claims import (
    Claimant,
    FactorRow,
    claimant,
    claimants,
    factors,
    reset_owner,
)
from office.accounts.queries.live import (
    PROVIDED,
    SessionView,
    TokenView,
    session_by_token,
    token_by_text,
)
from office.accounts.queries.passkeys import ChallengeRow, PasskeyRow, challenge, passkeys
from office.accounts.queries.providers import (
    IdentityRow,
    ProvidedRow,
    ProviderRow,
    active_provider,
    claimant_linked,
    identities,
    linked,
    offered,
    provided,
    provider,
    providers,
)
from office.accounts.queries.review import (
    SessionRow,
    TokenRow,
    locked,
    recovery_codes_left,
    sessions,
    tokens,
)
from office.accounts.queries.without import (
    SecondFactors,
    WithoutFactor,
    second_factors,
    without_factor,
)

__all__ = [
    "PROVIDED",
    "ChallengeRow",
    "Claimant",
    "FactorRow",
    "IdentityRow",
    "PasskeyRow",
    "ProvidedRow",
    "ProviderRow",
    "SecondFactors",
    "SessionRow",
    "SessionView",
    "TokenRow",
    "TokenView",
    "WithoutFactor",
    "active_provider",
    "challenge",
    "claimant",
    "claimant_linked",
    "claimants",
    "factors",
    "identities",
    "linked",
    "locked",
    "offered",
    "passkeys",
    "provided",
    "provider",
    "providers",
    "recovery_codes_left",
    "reset_owner",
    "second_factors",
    "session_by_token",
    "sessions",
    "token_by_text",
    "tokens",
    "without_factor",
]
