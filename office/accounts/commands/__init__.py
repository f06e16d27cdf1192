"""What changes accounts. Commands carry hashes and outcomes, never a secret."""

from engine.bus import Handler
from office.accounts.commands import (
    accounts,
    compulsion,
    factors,
    founding,
    guards,
    passkeys,
    provided,
    providers,
    resealing,
    resets,
    sessions,
    tokens,
    upkeep,
    verifications,
)
from office.accounts.commands.accounts import CreateAccount, SetPassword, UnlockAccount
from office.accounts.commands.compulsion import CompelSecondFactor
from office.accounts.commands.factors import (
    ConfirmFactor,
    RemoveFactor,
    RenewRecoveryCodes,
    StoreFactor,
    UseFactorStep,
    UseRecoveryCode,
)
from office.accounts.commands.founding import FoundBeside, InviteBeside, SetUpAgency
from office.accounts.commands.guards import AdmitAttempt, ClearFailures, RecordFailure
from office.accounts.commands.passkeys import (
    OpenPasskeyChallenge,
    RemovePasskey,
    RenamePasskey,
    StorePasskey,
    UsePasskey,
)
from office.accounts.commands.provided import EndProvided, SpendProof
from office.accounts.commands.providers import (
    AddProvider,
    ChangeProvider,
    LinkIdentity,
    UnlinkIdentity,
)
from office.accounts.commands.resets import OpenReset, UseReset
from office.accounts.commands.sessions import (
    OpenSession,
    PromoteSession,
    Provided,
    RevokeSession,
    RevokeSessions,
    TouchSession,
)
from office.accounts.commands.tokens import RevokeToken, RevokeTokens, StoreToken, TouchToken
from office.accounts.commands.upkeep import ForgetOld
from office.accounts.commands.verifications import AdmitVerification

__all__ = [
    "AddProvider",
    "AdmitAttempt",
    "AdmitVerification",
    "ChangeProvider",
    "ClearFailures",
    "CompelSecondFactor",
    "ConfirmFactor",
    "CreateAccount",
    "EndProvided",
    "ForgetOld",
    "FoundBeside",
    "InviteBeside",
    "LinkIdentity",
    "OpenPasskeyChallenge",
    "OpenReset",
    "OpenSession",
    "PromoteSession",
    "Provided",
    "RecordFailure",
    "RemoveFactor",
    "RemovePasskey",
    "RenamePasskey",
    "RenewRecoveryCodes",
    "RevokeSession",
    "RevokeSessions",
    "RevokeToken",
    "RevokeTokens",
    "SetPassword",
    "SetUpAgency",
    "SpendProof",
    "StoreFactor",
    "StorePasskey",
    "StoreToken",
    "TouchSession",
    "TouchToken",
    "UnlinkIdentity",
    "UnlockAccount",
    "UseFactorStep",
    "UsePasskey",
    "UseRecoveryCode",
    "UseReset",
]

HANDLERS: dict[type, Handler] = {
    **guards.HANDLERS,
    **sessions.HANDLERS,
    **accounts.HANDLERS,
    **factors.HANDLERS,
    **passkeys.HANDLERS,
    **resets.HANDLERS,
    **tokens.HANDLERS,
    **upkeep.HANDLERS,
    **verifications.HANDLERS,
    **providers.HANDLERS,
    **provided.HANDLERS,
    **compulsion.HANDLERS,
    **resealing.HANDLERS,
    **founding.HANDLERS,
}
