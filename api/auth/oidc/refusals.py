"""What goes wrong with a provider, in three words: the browser's, the provider's, the network's."""

from __future__ import annotations

from engine.errors import Rejected, Unavailable


class BadFlow(Rejected):
    """The answer does not belong to a sign-in that this browser began, or belonged to one before.

    Codes: no_flow, expired_flow, wrong_state, wrong_issuer, denied.
    """

    code = "no_flow"


class BadToken(Rejected):
    """What the provider signed, or did not, proves nobody here; the code says which check fails."""

    code = "bad_token"


class ProviderSilent(Unavailable):
    """The provider does not answer, or not as a provider does."""

    code = "provider_silent"
