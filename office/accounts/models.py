"""Tables of what proves who someone is. Of every secret only a hash or a ciphertext is kept."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, UtcDateTime, metadata


def _of_person(*, primary_key: bool = False) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("agency_id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, primary_key=primary_key, nullable=False),
        sa.ForeignKeyConstraint(["agency_id", "person_id"], ["person.agency_id", "person.id"]),
    ]


account = sa.Table(
    "account",
    metadata,
    *_of_person(primary_key=True),
    # argon2id in its own text form; empty until the first password is set
    sa.Column("password_hash", sa.Text),
    sa.Column("must_change", sa.Boolean, nullable=False, default=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("last_sign_in_at", UtcDateTime),
)

factor = sa.Table(
    "factor",
    metadata,
    *_of_person(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),  # totp
    # AES-256-GCM under a key derived from the installation's secret, bound to the person
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # empty until a first code proved that the device has the secret
    sa.Column("confirmed_at", UtcDateTime),
    # the time step of the last code taken: no code counts twice
    sa.Column("used_step", sa.BigInteger, nullable=False, default=0),
    sa.Index(None, "agency_id", "person_id"),
)

#: A passkey (WebAuthn): the public half of a key that a person's own device holds.
passkey = sa.Table(
    "passkey",
    metadata,
    *_of_person(),
    sa.Column("id", sa.Uuid, primary_key=True),
    # as its owner calls it
    sa.Column("name", sa.String(60), nullable=False),
    # attested credential data: id and public key; and the SHA-256 of the id
    sa.Column("credential", sa.LargeBinary, nullable=False),
    sa.Column("credential_sha256", sa.String(64), nullable=False),
    # the host for which the device made it: it answers no other
    sa.Column("rp_id", sa.String(255), nullable=False),
    sa.Column("transports", Json, nullable=False),
    # what the device last counted: less than this is a copy of the key
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("used_at", UtcDateTime),
    sa.UniqueConstraint("agency_id", "credential_sha256"),
    sa.Index(None, "agency_id", "person_id"),
)

#: What a device was asked to sign, to be answered once. The challenge follows from the nonce and
#: from what it is bound to (`passkeys.challenge_of`): an answer proves nothing else.
passkey_challenge = sa.Table(
    "passkey_challenge",
    metadata,
    *_of_person(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("challenge", sa.String(64), nullable=False),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    # where the browser must be when it answers
    sa.Column("rp_id", sa.String(255), nullable=False),
    sa.Column("origin", sa.String(300), nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("used_at", UtcDateTime),
    sa.UniqueConstraint("agency_id", "challenge"),
    sa.Index(None, "expires_at"),
)

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    *_of_person(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("code_sha256", sa.String(64), nullable=False),
    sa.Column("used_at", UtcDateTime),
    sa.Index(None, "agency_id", "person_id"),
)

session = sa.Table(
    "session",
    metadata,
    *_of_person(),
    sa.Column("id", sa.Uuid, primary_key=True),
    # the cookie's 256-bit token is looked up by its hash alone: the agency comes from the row
    sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    # when and how the person last proved who they are
    sa.Column("auth_time", UtcDateTime, nullable=False),
    sa.Column("amr", Json, nullable=False),
    # true between the password and the second factor: good for nothing else
    sa.Column("needs_factor", sa.Boolean, nullable=False, default=False),
    # true where a second factor is compulsory and there is none: good for enrolling one alone
    sa.Column("must_enrol", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    sa.Column("ip", sa.String(45), nullable=False, default=""),
    sa.Column("agent", sa.String(300), nullable=False, default=""),
    sa.Column("revoked_at", UtcDateTime),
    sa.Index(None, "agency_id", "person_id"),
    # those that ended are looked for every minute
    sa.Index(None, "expires_at"),
)

api_token = sa.Table(
    "api_token",
    metadata,
    *_of_person(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_sha256", sa.String(64), nullable=False),
    sa.Column("scopes", Json, nullable=False),
    # None: the machine's operator, for whom nobody is signed in
    sa.Column("issued_by", sa.Uuid),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("used_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
    sa.Index("ix_api_token_id", "id"),
    sa.Index(None, "agency_id", "person_id"),
)

#: The target of verifications for strangers: nothing is guessed at, but they are counted alike.
VERIFYING = "verify"

#: Each guess at a secret is written before the secret is looked at, so that parallel ones all
#: count. No agency: whoever knocks has none yet. `target` is a keyed hash of what is guessed at:
#: people type passwords into the name field, and unknown names must look like known ones.
attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("target", sa.String(64), nullable=False),
    sa.Column("ip", sa.String(45), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index(None, "target", "at"),
    sa.Index(None, "ip", "at"),
)

#: Wrong guesses in a row at one target; its row is the lock that makes parallel guesses queue.
guard = sa.Table(
    "guard",
    metadata,
    sa.Column("target", sa.String(64), primary_key=True),
    sa.Column("failed_count", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", UtcDateTime),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)

password_reset = sa.Table(
    "password_reset",
    metadata,
    *_of_person(),
    sa.Column("id", sa.Uuid, primary_key=True),
    # the mailed token is an HMAC of the id: only its hash is here, and no job carries it
    sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("used_at", UtcDateTime),
    sa.Index(None, "agency_id", "person_id"),
)

#: An OpenID Connect provider by which people of the agency sign in.
sign_in_provider = sa.Table(
    "sign_in_provider",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    # as the button on the sign-in page calls it
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    # AES-256-GCM, bound to the provider; empty: a client that proves itself by PKCE alone
    sa.Column("sealed_secret", sa.LargeBinary),
    # a second factor that the provider says it asked for stands for ours
    sa.Column("trusts_mfa", sa.Boolean, nullable=False, default=False),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("added_at", UtcDateTime, nullable=False),
)

#: Who is who at a provider. Found by issuer and subject alone, never by name or mail address.
sign_in_identity = sa.Table(
    "sign_in_identity",
    metadata,
    *_of_person(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.String(255), nullable=False),
    sa.Column("linked_by", sa.String(60), nullable=False),
    sa.Column("linked_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("agency_id", "issuer", "subject"),
    sa.Index(None, "agency_id", "person_id"),
)

#: What a session that a provider opened knows of it: by what it is ended from there.
provider_session = sa.Table(
    "provider_session",
    metadata,
    sa.Column("agency_id", sa.Uuid, primary_key=True),
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("provider_id", sa.Uuid, nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.String(255), nullable=False),
    # the provider's own session; empty where it does not name it
    sa.Column("sid", sa.String(255), nullable=False, default=""),
    # the ID token, sealed: signing out at the provider shows it
    sa.Column("sealed_token", sa.LargeBinary),
    sa.ForeignKeyConstraint(
        ["agency_id", "session_id"], ["session.agency_id", "session.id"], ondelete="CASCADE"
    ),
    sa.ForeignKeyConstraint(
        ["agency_id", "provider_id"], ["sign_in_provider.agency_id", "sign_in_provider.id"]
    ),
    sa.Index(None, "agency_id", "issuer", "subject"),
)

#: Proofs that count once (states of sign-ins, names of logout tokens), by their hashes. No agency:
#: they are unguessable, and who brings one has none yet.
spent_proof = sa.Table(
    "spent_proof",
    metadata,
    sa.Column("proof_sha256", sa.String(64), primary_key=True),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index(None, "expires_at"),
)
