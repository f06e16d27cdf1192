"""What can go wrong between content and verdict, each with what the caller needs to go on.

`signing` imports nothing of ours, so these are not the engine's rejections; `office.documents`
and `api.problems` translate them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signing.sign import Sealed


class SigningError(Exception):
    """The family; `code` is stable and machine-readable, the text is for people."""

    code = "signing"


class Unrenderable(SigningError):
    """The content cannot become an official document; `path` names the field, as in `to`
    or `paragraphs.2`.
    """

    code = "unrenderable"

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class UnusableFont(SigningError):
    """A font file that lacks what Thai official documents need."""

    code = "unusable_font"


class UnusableEmblem(SigningError):
    """An emblem file that is no PNG, JPEG, SVG or PDF, is broken or too large, or holds what an
    emblem has no need of. `reason` names what, `line` where in an SVG (0: of the whole file).
    """

    code = "unusable_emblem"

    def __init__(self, message: str, reason: str = "unreadable", line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.reason = reason
        self.line = line


class UnusableFile(SigningError):
    """A PDF with which what is asked cannot be done. `reason` names why, in one word."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Unwrappable(UnusableFile):
    """A PDF that cannot be signed without being written anew. `reason` names why: too_large,
    not_pdf, encrypted, signed, form, pages, hybrid, broken or too_much.
    """

    code = "unwrappable"


class Uncopyable(UnusableFile):
    """A PDF of which no copy can be made. `reason` names why: too_large, not_pdf, encrypted, pages,
    page_size, broken or too_much.
    """

    code = "uncopyable"


class WrongPin(SigningError):
    """The PIN does not open this key."""

    code = "wrong_pin"


class TokenLocked(SigningError):
    """The hardware token opens for nobody until its keeper unlocks it."""

    code = "token_locked"


class TokenUnavailable(SigningError):
    """The hardware token is not there, has lost its key, or does not answer."""

    code = "token_unavailable"

    def __init__(self, why: str) -> None:
        super().__init__(f"Expected the token to answer, but {why}. Have it looked at.")


class RemoteUnavailable(SigningError):
    """The remote signing service does not answer."""

    code = "remote_unavailable"

    def __init__(self, why: str) -> None:
        super().__init__(f"Expected the remote signing service to sign, but {why}.")


class RemoteRefused(RemoteUnavailable):
    """The remote signing service answers, but not with a signature that counts."""

    code = "remote_refused"


class WeakPin(SigningError):
    """The PIN is too short to protect a key."""

    code = "weak_pin"


class BrokenKey(SigningError):
    """The stored key or certificate cannot be read, or they do not belong together."""

    code = "broken_key"


class ForeignSignature(SigningError):
    """A signature came back that this key did not make over these bytes."""

    code = "foreign_signature"


class UnusableKey(SigningError):
    """A key file that cannot be taken in; `fault` names why: too_large, too_costly, unreadable,
    wrong_password, no_key, no_certificate, kind, mismatch, weak_key, not_yet_valid, expired, usage
    or untrusted.
    """

    code = "unusable_key"

    def __init__(self, fault: str, message: str) -> None:
        super().__init__(message)
        self.fault = fault


class FieldMissing(SigningError):
    """The document has no such signature field."""

    code = "field_missing"


class FieldTaken(SigningError):
    """The signature field is signed already."""

    code = "field_taken"


class FieldLocked(SigningError):
    """An earlier signature forbids this one."""

    code = "field_locked"


class Unreadable(SigningError):
    """The bytes are no PDF that can be read: truncated, encrypted, too large or hostile."""

    code = "unreadable"


class CertificateOutOfDate(SigningError):
    """The signer's certificate is expired or not yet in force at the time of signing."""

    code = "certificate_out_of_date"


class TimestampUnavailable(SigningError):
    """The timestamp authority does not answer, so nothing is signed yet.

    `sealed` is what `signing.sign.finish` needs once the authority is back: the signature is
    made (the key is not needed again), but no signed document exists until it is finished.
    """

    code = "timestamp_unavailable"

    def __init__(self, message: str, sealed: Sealed | None = None) -> None:
        super().__init__(message)
        self.sealed = sealed


class TimestampRefused(TimestampUnavailable):
    """The timestamp authority answered, and its answer is no valid timestamp of ours.

    Waiting and asking again is all that can be done about it: hence a kind of unavailable.
    """

    code = "timestamp_refused"


class StatusUnavailable(SigningError):
    """An authority does not say whether a certificate is revoked; it may when asked again."""

    code = "status_unavailable"


class CertificateRevoked(SigningError):
    """The authority has revoked a certificate before it was used."""

    code = "certificate_revoked"


class Unprovable(SigningError):
    """A signature that cannot be proved for good: its evidence is not there, or speaks against it.

    Asking again does not help; nothing was added to the document.
    """

    code = "unprovable"
