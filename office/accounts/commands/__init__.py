"""What changes accounts. Commands carry hashes and outcomes, never a secret."""

from engine.bus import Handler
from office.accounts.commands import (
    accounts,
    factors,
    guards,
    resets,
    sessions,
    tokens,
    upkeep,
    verifications,
)
from office.accounts.commands.accounts import CreateAccount, SetPassword, UnlockAccount
from office.accounts.commands.factors import (
    ConfirmFactor,
    RemoveFactor,
    StoreFactor,
    UseFactorStep,
    UseRecoveryCode,
)
from office.accounts.commands.guards import AdmitAttempt, ClearFailures, RecordFailure
from office.accounts.commands.resets import OpenReset, UseReset
from office.accounts.commands.sessions import (
    OpenSession,
    PromoteSession,
    RevokeSession,
    RevokeSessions,
    TouchSession,
)
from office.accounts.commands.tokens import RevokeToken, StoreToken, TouchToken
from office.accounts.commands.upkeep import ForgetOld
from office.accounts.commands.verifications import AdmitVerification

__all__ = [
    "AdmitAttempt",
    "AdmitVerification",
    "ClearFailures",
    "ConfirmFactor",
    "CreateAccount",
    "ForgetOld",
    "OpenReset",
    "OpenSession",
    "PromoteSession",
    "RecordFailure",
    "RemoveFactor",
    "RevokeSession",
    "RevokeSessions",
    "RevokeToken",
    "SetPassword",
    "StoreFactor",
    "StoreToken",
    "TouchSession",
    "TouchToken",
    "UnlockAccount",
    "UseFactorStep",
    "UseRecoveryCode",
    "UseReset",
]

HANDLERS: dict[type, Handler] = {
    **guards.HANDLERS,
    **sessions.HANDLERS,
    **accounts.HANDLERS,
    **factors.HANDLERS,
    **resets.HANDLERS,
    **tokens.HANDLERS,
    **upkeep.HANDLERS,
    **verifications.HANDLERS,
}
