"""Pages: each handler parses, runs a command or a query, and renders; nothing more.

Law of this room: no rule of the office lives here, no page needs a script, every form carries
the session's token and its command's id, every word is in Thai and in the catalogue.
"""

from __future__ import annotations

from hashlib import sha256

from flask import Flask

from api.pages import (
    account,
    account_tokens,
    accounts,
    admin_guide,
    archived,
    certifying,
    certifying_device,
    chain_diagram,
    chain_templates,
    chains,
    changing_list,
    copies,
    decide,
    designer,
    designer_changes,
    designer_decisions,
    designer_files,
    designer_forms,
    designer_play,
    designer_templates,
    designer_tests,
    documents,
    draft_history,
    drafts,
    guide,
    heat,
    i18n,
    inbox,
    instances,
    jobs,
    letter_templates,
    live_preview,
    migrating,
    naming,
    new_draft,
    notices,
    operations,
    passkeys,
    plain,
    printing,
    proposing,
    public,
    references,
    registers,
    remarks,
    sign_in,
    sign_in_provider,
    signing,
    signing_device,
    signing_key,
    stuck,
    tasks,
    telling,
    unit_load,
    upkeep,
    verify,
    view,
    withdrawing,
)
from api.pages.admin import rooms as admin
from api.pages.assets import keep_for_ever
from api.pages.desk import close_db
from api.pages.site import site

#: their views register themselves with the blueprint when they are imported
ROOMS = (
    account, account_tokens, accounts, admin, admin_guide, archived, certifying, certifying_device,
    chain_diagram, chain_templates, chains, changing_list, copies, decide, designer,
    designer_changes, designer_decisions, designer_files, designer_forms, designer_play,
    designer_templates, designer_tests, documents, draft_history, drafts, guide, heat, inbox,
    instances, jobs, letter_templates, live_preview, migrating, naming, new_draft, notices,
    operations, passkeys, plain, printing, proposing, public, references, registers, remarks,
    sign_in, sign_in_provider, signing, signing_device, signing_key, stuck, tasks, telling,
    unit_load, upkeep, verify, withdrawing,
)  # fmt: skip


def init_app(app: Flask) -> None:
    _sign_flashes(app)
    i18n.install(app, view.chosen_language)
    view.prepare(app)
    app.register_blueprint(site)
    app.after_request(keep_for_ever)
    app.teardown_request(close_db)


def _sign_flashes(app: Flask) -> None:
    """Flask's own session carries the one sentence that the next page says, and nothing else."""
    settings = app.extensions["saraban"].settings
    app.secret_key = sha256(f"flash:{settings.secret}".encode()).digest()
    app.config["SESSION_COOKIE_SECURE"] = settings.public_url.startswith("https://")
    app.config["SESSION_COOKIE_NAME"] = "saraban_said"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
