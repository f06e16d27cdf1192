"""The people of a full house: each with a post in a unit, a session and an API token.

Names follow from numbers, and secrets from names: the load knows them without asking.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine

IN_A_UNIT = 20
_BASE = 1 << 64


def username(n: int) -> str:
    return f"p{n:07}"


def unit(n: int) -> str:
    """The unit of person `n`."""
    return f"u{n // IN_A_UNIT:05}"


def position(n: int) -> str:
    """The post that person `n` alone holds."""
    return f"q{n:07}"


def cookie(n: int) -> str:
    """What the session's cookie of person `n` holds."""
    return f"soak-session-{username(n)}"


def token(n: int) -> str:
    """The API token of person `n`."""
    return f"srb_{UUID(int=_BASE + n).hex}_soak-token-{username(n)}"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_IDS = """
CREATE TABLE soak_person AS SELECT n, 'p' || lpad(n::text, 7, '0') AS username,
  gen_random_uuid() AS id, gen_random_uuid() AS post, ('00000000-0000-0001-'
  || lpad(to_hex(n >> 16 >> 16), 4, '0') || '-' || lpad(to_hex(n), 12, '0'))::uuid AS token
FROM generate_series(0, {last}) AS n
"""
_UNITS = """
CREATE TABLE soak_unit AS SELECT n, gen_random_uuid() AS id FROM generate_series(0, {units}) AS n
"""
_STATEMENTS = (
    """INSERT INTO unit (agency_id, id, parent_id, code, kind, name, name_en, sort_key, active)
    SELECT '{agency}', u.id, (SELECT id FROM unit WHERE agency_id = '{agency}' AND code = 'ops'),
      'u' || lpad(n::text, 5, '0'), 'group', 'กลุ่มงาน u' || lpad(n::text, 5, '0'), '',
      'กลุ่มงาน' || lpad(n::text, 5, '0'), true
    FROM soak_unit u""",
    """INSERT INTO person (agency_id, id, username, title, given_name, family_name, name, name_en,
      sort_key, initials, colour, email, language, active)
    SELECT '{agency}', id, username, 'นาย', 'สมาชิก', username, 'นายสมาชิก ' || username,
      '', 'สมาชิก' || username, 'สม', mod(n, 8), NULL, 'th', true FROM soak_person""",
    """INSERT INTO position (agency_id, id, unit_id, code, name, name_en, level, active)
    SELECT '{agency}', p.post, u.id, 'q' || lpad(p.n::text, 7, '0'), 'เจ้าหน้าที่', '', 'officer', true
    FROM soak_person p JOIN soak_unit u ON u.n = p.n / {in_a_unit}""",
    """INSERT INTO holding (agency_id, id, person_id, position_id, is_primary, starts_at)
    SELECT '{agency}', gen_random_uuid(), id, post, true, now() - interval '1 year'
    FROM soak_person""",
    """INSERT INTO account (agency_id, person_id, must_change, changed_at)
    SELECT '{agency}', id, false, now() FROM soak_person""",
    """INSERT INTO session (agency_id, person_id, id, token_sha256, created_at, seen_at, expires_at,
      auth_time, amr, needs_factor, ip, agent)
    SELECT '{agency}', id, gen_random_uuid(),
      encode(sha256(('soak-session-' || username)::bytea), 'hex'), now(), now(),
      now() + interval '12 hours', now(), '["pwd"]', false, '127.0.0.1', 'soak' FROM soak_person""",
    # a person at work is seen by their polls: the token is not to be written down beside them
    """INSERT INTO api_token (agency_id, person_id, id, name, secret_sha256, scopes, created_at,
      expires_at, used_at)
    SELECT '{agency}', id, token, 'soak',
      encode(sha256(('soak-token-' || username)::bytea), 'hex'),
      '["read","write"]', now(), now() + interval '1 day', now() + interval '1 day'
    FROM soak_person""",
    "DROP TABLE soak_person",
    "DROP TABLE soak_unit",
    "ANALYZE",
)


def plant(database: Engine, agency_id: UUID, people: int) -> None:
    """So many people into the agency."""
    given = {
        "agency": agency_id,
        "last": people - 1,
        "units": (people - 1) // IN_A_UNIT,
        "in_a_unit": IN_A_UNIT,
    }
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("SET statement_timeout = 0")
        for statement in (_IDS, _UNITS, *_STATEMENTS):
            db.execute(sa.text(statement.format(**given).replace(":", r"\:")))
        db.invalidate()  # its settings are nobody else's
