"""How documents refuse, with their stable codes."""

from __future__ import annotations

from datetime import datetime

from engine.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    Rejected,
    Stale,
    TooMany,
    Unavailable,
)
from signing.errors import SigningError


def stale(base: int, present: int) -> Stale:
    return Stale(
        f"Expected changes to revision {present}, but they were made to revision {base};"
        " compare them with the present text and save again."
    )


def not_editable(state: str) -> Conflict:
    return Conflict(
        f"Expected a document whose words may still change, but it is {state}.",
        code="document_locked",
    )


def signed_already() -> Conflict:
    return Conflict(
        "Expected a document that waits for its signature, but it is signed: one of its kind is"
        " signed once. Ask who administers the process to skip this step, and the designer to take"
        " it out.",
        code="signed_already",
    )


#: the codes for whoever may not read a letter: not named for it, or named and not cleared for it
NOT_READER = "not_reader"
NOT_CLEARED = "not_cleared"


def secret_source() -> Conflict:
    return Conflict(
        "Expected a document that is not secret, but this one is: its words cannot begin another,"
        " which would stand open; ask the registrar of secret information.",
        code="secret_source",
    )


def unsigned(state: str) -> Conflict:
    return Conflict(
        f"Expected a signed document to copy, but it is {state}.",
        code="not_signed",
    )


def not_endorsed() -> Conflict:
    return Conflict(
        "Expected a document that somebody has endorsed, but nobody has said anything yet.",
        code="not_endorsed",
    )


def copied_meanwhile() -> Conflict:
    return Conflict(
        "Expected the next copy of the signed file as it is now, but another was made, or the"
        " file has grown since; make it again.",
        code="copied_meanwhile",
    )


def cannot_certify(username: str) -> Forbidden:
    return Forbidden(
        f"Expected the right certify to certify a copy, but {username} does not hold it; ask an"
        " administrator for a role that grants it.",
        code="cannot_certify",
    )


def cannot_certify_secret(username: str) -> Forbidden:
    return Forbidden(
        "Expected the registrar of secret information (right registry) to certify a copy of a"
        f" secret letter, but {username} is none.",
        code="cannot_certify_secret",
    )


def being_stamped() -> Conflict:
    return Conflict(
        "Expected a letter that is not signed yet, but it is, and waits for its timestamp;"
        " it goes on by itself as soon as that is there.",
        code="document_locked",
    )


def other_than_shown() -> Conflict:
    return Conflict(
        "Expected to sign what was shown, but the letter, the capacity or the date has changed"
        " since. Look at it again, then sign.",
        code="other_than_shown",
    )


def not_yours_to_edit(username: str) -> Forbidden:
    return Forbidden(
        f"Expected a change by whoever has the document's task now, but {username} has none;"
        " claim the task first.",
        code="not_editor",
    )


def may_only_propose(username: str) -> Forbidden:
    return Forbidden(
        f"Expected proposals for the draft's words, for {username} has a step of its route that"
        " changes none; propose the words, and whoever writes the draft accepts them.",
        code="only_proposes",
    )


def not_a_reader(username: str) -> Forbidden:
    return Forbidden(
        f"Expected {username} to take part in this document's route, but they do not;"
        " ask its drafter.",
        code=NOT_READER,
    )


def not_cleared(username: str) -> Forbidden:
    return Forbidden(
        f"Expected {username} to be cleared for the secrecy of this letter, but they are not;"
        " whoever keeps the agency's people grants clearances by order.",
        code=NOT_CLEARED,
    )


def receiver_not_cleared(username: str) -> Forbidden:
    return Forbidden(
        f"Expected somebody who is cleared for the secrecy of this letter, but {username} is not;"
        " choose another, or have whoever keeps the agency's people clear them by order.",
        code="receiver_not_cleared",
    )


def field(path: str, message: str, code: str = "invalid") -> Invalid:
    return Invalid(
        f"Expected a document to print, but {path}: {message}", [FieldError(path, message, code)]
    )


def wrong_pin(left: int) -> Rejected:
    return Rejected(
        f"Expected the PIN of your signing key, but this is not it; {left} tries are left."
        " Nothing was signed.",
        code="wrong_pin",
    )


def pin_locked(seconds: int) -> TooMany:
    error = TooMany(
        "Expected a PIN, but it was wrong too often and the key is locked for a while;"
        " try later, or have the key issued anew.",
        retry_after=max(seconds, 1),
    )
    error.code = "pin_locked"
    return error


def wrong_passkey() -> Rejected:
    return Rejected(
        "Expected your passkey to answer for this letter as it is shown, within five minutes and"
        " once, but this answer does not count; press again. Nothing was signed.",
        code="wrong_passkey",
    )


def wrong_remote_pin() -> Rejected:
    """Told by the service alone, when the number is reserved already: it waits for the next try."""
    return Rejected(
        "Expected PIN and one-time code of your signing service, but one is wrong; after too many"
        " wrong ones the service locks them. Nothing was signed.",
        code="wrong_pin",
    )


def foreign_signature() -> Invalid:
    message = (
        "Expected the signature of your registered key over the bytes that were given out, but it"
        " is not that; sign those bytes with SHA-256 and send the answer. Nothing was signed."
    )
    return Invalid(
        message, [FieldError("signature", message, "foreign_signature")], code="foreign_signature"
    )


def not_proved_own() -> Invalid:
    message = (
        "Expected the present challenge signed by the key of this certificate with SHA-256, but it"
        " is not that, or late: sign the challenge that is shown now. Nothing was registered."
    )
    return Invalid(message, [FieldError("signature", message, "not_own_key")], code="not_own_key")


def key_held() -> Conflict:
    return Conflict(
        "Expected a certificate of your own, but somebody else signs with this one; ask an"
        " administrator whose it is.",
        code="key_held",
    )


def device_late() -> Conflict:
    return Conflict(
        "Expected the device's signature within half an hour, but it is late; begin again."
        " Nothing was signed.",
        code="device_late",
    )


def no_key(username: str) -> Conflict:
    return Conflict(
        f"Expected {username} to have a signing key in force, but there is none;"
        " have one made on your account's page, or ask an administrator to enrol one.",
        code="no_signing_key",
    )


def key_expired(ended: datetime) -> Conflict:
    mend = "renew it on your account's page"
    return _not_in_force("key_expired", f"ended on {ended:%Y-%m-%d}", mend)


def key_not_yet(begins: datetime) -> Conflict:
    mend = "sign from then on, or with another"
    return _not_in_force("key_not_yet", f"begins on {begins:%Y-%m-%d}", mend)


def key_revoked(since: datetime) -> Conflict:
    mend = "have another made on your account's page"
    return _not_in_force("key_revoked", f"was revoked on {since:%Y-%m-%d}", mend)


def _not_in_force(code: str, why: str, mend: str) -> Conflict:
    return Conflict(
        f"Expected a signing certificate in force, but yours {why}; {mend}. Nothing was signed.",
        code=code,
    )


def token_trouble(error: SigningError) -> Unavailable:
    """A hardware token, or a remote service, that does not sign now: nothing was issued."""
    return Unavailable(f"{error} Nothing was signed.", code=error.code)


def method_refused(method: str, allowed: list[str]) -> Rejected:
    return Rejected(
        f"Expected a proof by {' or '.join(allowed)}, as the agency's policy asks,"
        f" but got {method!r}.",
        code="authorization_method",
    )


def recall_too_late() -> Conflict:
    return Conflict(
        "Expected a letter that nobody after you has opened, but the next level has;"
        " ask them to return it.",
        code="recall_too_late",
    )


def words_gone() -> Conflict:
    return Conflict(
        "Expected the words that the proposal changes, but they have changed since, or stand there"
        " more than once; change them by hand, then resolve it.",
        code="words_gone",
    )
