"""The composer: approval chains as cards, without a canvas and without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.mending import outside_of
from api.pages import (
    chain_diagram,
    chain_form,
    chain_matrix,
    chain_past,
    chain_sources,
    chain_staff,
    chain_trial,
    migrating,
)
from api.pages.chain_view import View, count_steps, said
from api.pages.desk import actor, close_db, db, run, whole_number
from api.pages.difference_words import verbs
from api.pages.faces import meet
from api.pages.finding_words import finding_in_words
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.rule_words import rule_in_words
from api.pages.site import site
from engine.errors import Conflict, DeploymentRefused, Invalid, NotFound, Problem, Stale
from engine.ids import parse_id
from engine.queries import definitions, instances
from engine.queries.definitions import DefinitionRow
from office.chains import defaults, editing, queries, rules
from office.chains import words as chain_words
from office.chains.commands import (
    LONGEST_REASON,
    RIGHT,
    CreateChain,
    DiscardChain,
    DrawChain,
    OpenChain,
    PublishChain,
    SaveChain,
)
from office.chains.errors import NotComposable
from office.chains.model import Act, Chain, Matrix, Step
from office.chains.queries import DraftRow
from office.chains.reading import read
from office.chains.stored import dump
from office.people.rights import demand

#: findings of the model's own tests
RED = ("tests_failed", "unreadable_tests")


@site.get("/chains")
def chain_list() -> ResponseReturnValue:
    demand(actor(), RIGHT)
    return listed({}, {})


def listed(
    values: Mapping[str, str],
    errors: Mapping[str, str],
    refused: NotComposable | None = None,
    *,
    begins: bool = False,
) -> str:
    """`begins`: what was typed belongs to the form that begins from another."""
    rows = queries.drafts(db(), actor().agency_id)
    meet(row.updated_by for row in rows)
    in_use = {row.key: row for row in definitions.latest(db(), actor().agency_id)}
    versions = {key: one.version for key, one in in_use.items()}
    known = {
        row.key for row in rows if row.changed or row.published_version == versions.get(row.key)
    }
    return render_template(
        "chains.html",
        rows=rows,
        processes=[row for row in in_use.values() if row.key not in known],
        newest={key: one.id for key, one in in_use.items()},
        anew={row.id: _to_publish_anew(row, in_use.get(row.key)) for row in rows},
        refused=refused and _why(refused),
        errors=errors,
        begins=begins,
        sources=chain_sources.sources(),
        v={name: values.get(name, "") for name in ("name", "key", "source", "letter")},
    )


def _to_publish_anew(row: DraftRow, in_use: DefinitionRow | None) -> str:
    """The steps for which the version in use is to be replaced, by name: what a draft has become
    since mends nothing.
    """
    if row.published_version is None or in_use is None:
        return ""
    if row.changed or row.published_version != in_use.version:
        return _passed_wrongly(actor().agency_id, UUID(in_use.id), row.key)
    return _names(row.chain)


@lru_cache(maxsize=500)
def _passed_wrongly(agency_id: UUID, definition_id: UUID, key: str) -> str:
    """Of a published version, which never changes. None where it is no chain."""
    try:
        return _names(read(definitions.files(db(), agency_id, definition_id), key))
    except NotComposable:
        return ""


def _names(chain: Chain) -> str:
    return ", ".join(step.name for step in rules.passes_wrongly(chain))


def _why(refused: NotComposable) -> dict[str, object]:
    return {
        "places": [_place(one) for one in (refused, *refused.others)],
        "definition": request.form.get("definition_id", ""),
    }


def _place(one: NotComposable) -> dict[str, str]:
    why = said(chain_words.filled(chain_words.WHY[one.why], one.detail))
    return {"element": one.name or one.element, "id": one.element, "why": why}


@site.post("/chains")
def create_chain() -> ResponseReturnValue:
    try:
        name, key = request.form.get("name", ""), request.form.get("key", "")
        letter = "letter" in request.form
        made = run(CreateChain(name, key, english=language() == "en", letter=letter))
    except Invalid as wrong:
        return listed(request.form, create_errors(wrong)), 422
    return redirect(f"/chains/{made['id']}", 303)


def create_errors(wrong: Invalid) -> dict[str, str]:
    said_of = {
        "required": _("ใส่ชื่อ"),
        "taken": _("รหัสนี้มีผู้ใช้แล้ว"),
        "key": said(chain_words.FAULTS["key"]),
    }
    return {one.path: said_of.get(one.code, one.message) for one in wrong.errors}


@site.post("/chains/open")
def open_chain() -> ResponseReturnValue:
    try:
        made = run(OpenChain(parse_id(request.form.get("definition_id", ""), "process")))
    except NotComposable as refused:
        return listed({}, {}, refused), 409
    return redirect(f"/chains/{made['id']}", 303)


# ---- the editor


@site.get("/chains/<chain_id>")
def show_chain(chain_id: str) -> ResponseReturnValue:
    return _editor(_draft(chain_id))


def _draft(chain_id: str) -> DraftRow:
    demand(actor(), RIGHT)
    return queries.draft(db(), actor().agency_id, parse_id(chain_id, "chain"))


def _editor(
    row: DraftRow,
    chain: Chain | None = None,
    shown: str = "",
    *,
    conflict: bool = False,
    trial: chain_trial.Trial | None = None,
) -> str:
    """`chain` and `shown`: what was typed and not saved, and the card that it was typed into."""
    view, args = View(chain or row.chain), request.args
    step = view.chain.step(shown or args.get("step", ""))
    back, again = chain_past.offered(row)
    at = args.get("at", "")
    return render_template(
        "chain.html",
        row=row,
        view=view,
        cards=view.cards(),
        steps=count_steps(view.chain),
        step=step,
        o=view.options(step) if step else {},
        at=at if at in set(editing.places(view.chain)) else f":{len(view.chain.steps)}",
        inserting="at" in args and step is None,
        settings="settings" in args or shown == "settings",
        conflict=conflict,
        newer=_newer(row),
        in_use=chain_diagram.in_use(row),
        back=back,
        again=again,
        trial=trial or (None if view.faults else chain_trial.Trial.new(view.chain)),
    )


@site.post("/chains/<chain_id>/settings")
def save_settings(chain_id: str) -> ResponseReturnValue:
    row = _draft(chain_id)
    chain = chain_form.read_settings(request.form, row.chain)
    if not chain.name:
        chain = replace(chain, name=row.name)
    # what the cards lack is mended among the cards
    faulty = any(not one.step and one.field != "steps" for one in View(chain).faults)
    stays = "more" in request.form or faulty
    after = f"/chains/{chain_id}{'?settings=1' if stays else ''}#panel"
    return _saved(row, chain, after, "settings")


@site.post("/chains/<chain_id>/steps/<step_id>")
def save_step(chain_id: str, step_id: str) -> ResponseReturnValue:
    row = _draft(chain_id)
    step = chain_form.read_step(request.form, _step(row.chain, step_id), row.chain)
    act = request.form.get("table", "")
    if act and isinstance(step, Matrix):
        step = chain_matrix.acted(step, act, row.chain, request.form)
    chain = editing.change(row.chain, step)
    if then := request.form.get("then", ""):
        return _saved_and_on(row, chain, step_id, then)
    faulty = bool(act or "more" in request.form or View(chain).faults_of(step.id))
    after = (
        f"/chains/{chain_id}?step={step_id}#panel"
        if faulty
        else f"/chains/{chain_id}#card-{step_id}"
    )
    return _saved(row, chain, after, step_id)


def _saved_and_on(row: DraftRow, chain: Chain, step_id: str, then: str) -> ResponseReturnValue:
    """The card as it was filled in, and what comes after it, which is looked at then."""
    if then == "only_if":
        further, made = editing.only_if(chain, step_id, english=language() == "en")
    elif then in chain_words.KINDS:
        further, made = _added(chain, then, editing.place_after(chain, step_id))
    else:
        raise NotFound("Expected a kind of card to go on with, but there is none of this name.")
    after = f"/chains/{row.id}?step={made.id}#panel"
    return _saved(row, chain, after, step_id, further)


def _step(chain: Chain, step_id: str) -> Step:
    found = chain.step(step_id)
    if found is None:
        raise NotFound("Expected a card of this chain, but it is gone; go back to the chain.")
    return found


def _newer(row: DraftRow) -> DefinitionRow | None:
    """A version that was published beside these cards, and says otherwise: they are not published
    over it.
    """
    newest = next(iter(definitions.latest(db(), actor().agency_id, row.key)), None)
    if newest is None or newest.version == (row.published_version or 0):
        return None
    try:
        files = definitions.files(db(), actor().agency_id, UUID(newest.id))
        return None if read(files, row.key) == row.chain else newest
    except NotComposable:
        return newest


def _saved(
    row: DraftRow, chain: Chain, after: str, shown: str, further: Chain | None = None
) -> ResponseReturnValue:
    """`further`: with what was done besides, which is pressed again where others were first."""
    try:
        _save(row.id, further or chain)
    except Stale:
        close_db()
        # Saving again from here is a decision made with both in view.
        return _editor(_draft(str(row.id)), chain, shown, conflict=True), 412
    flash(_("บันทึกแล้ว"), "ok")
    return redirect(after, 303)


def _save(chain_id: UUID, chain: Chain) -> None:
    revision = whole_number(request.form.get("revision", ""))
    run(SaveChain(chain_id, dump(chain), revision))


@site.post("/chains/<chain_id>/cards")
def change_cards(chain_id: str) -> ResponseReturnValue:
    """Add, move and remove cards and ways: the pressed button says which."""
    row = _draft(chain_id)
    verb, _colon, what = request.form.get("act", "").partition(":")
    try:
        chain, shown = _changed(row.chain, verb, what)
    except KeyError:
        raise NotFound("Expected a place among the cards, but there is none; look again.") from None
    try:
        _save(row.id, chain)
    except Stale:
        flash(_("มีผู้แก้สายอนุมัตินี้ก่อนท่าน ตรวจดูแล้วทำอีกครั้ง"), "warn")
        return redirect(f"/chains/{chain_id}", 303)
    after = f"?step={shown}#panel" if verb == "add" else f"#card-{shown}" if shown else ""
    if verb in ("branch", "unbranch"):
        after = f"?step={shown}#panel"
    return redirect(f"/chains/{chain_id}{after}", 303)


def _changed(chain: Chain, verb: str, what: str) -> tuple[Chain, str]:
    """The chain after the act, and the card that is looked at then."""
    english = language() == "en"
    match verb:
        case "add":
            kind, _at, place = what.partition("@")
            made, step = _added(chain, kind, place)
            return made, step.id
        case "up" | "down":
            return editing.move(chain, what, -1 if verb == "up" else 1), what
        case "carry":
            return editing.carry(chain, what, request.form.get("to", "")), what
        case "remove":
            return editing.remove(chain, what), ""
        case "branch":
            return editing.add_branch(chain, what, english=english), what
        case "unbranch":
            step_id, _dot, number = what.rpartition(".")
            return editing.remove_branch(chain, step_id, whole_number(number)), step_id
        case _:
            raise KeyError(verb)


def _added(chain: Chain, kind: str, place: str) -> tuple[Chain, Step]:
    """KeyError: no such kind, or place."""
    made, step = defaults.add(chain, kind, place, english=language() == "en")
    if isinstance(step, Act):
        step = chain_form.usual_act(step, View(chain).next_action)
        made = editing.change(made, step)
    return made, step


# ---- trying


@site.post("/chains/<chain_id>/try")
def try_chain(chain_id: str) -> ResponseReturnValue:
    """The way of a case that is never started: nothing changes."""
    row = _draft(chain_id)
    chain = row.chain
    return _editor(row, trial=None if rules.faults(chain) else chain_trial.Trial.of(chain))


# ---- publishing


@site.get("/chains/<chain_id>/publish")
def ask_publish(chain_id: str) -> ResponseReturnValue:
    return _publish_page(_draft(chain_id), {})


def _publish_page(
    row: DraftRow,
    errors: Mapping[str, str],
    problems: Sequence[Problem] = (),
    note: str = "",
    *,
    untested: bool = False,
    reason: str = "",
) -> str:
    """`untested`: its tests were asked to be left behind, for the `reason`."""
    view = View(row.chain)
    latest = definitions.versions(db(), actor().agency_id, row.key)
    active = instances.listing(db(), actor(), definition_key=row.key, status="active")
    found = [] if view.faults else chain_staff.staff(view.chain, f"/chains/{row.id}")
    staff = {one.step: one for one in found}
    compared = None if view.faults else chain_diagram.against_use(row)
    return render_template(
        "chain_publish.html",
        row=row,
        view=view,
        lines=[(one, view.sentence(one), staff.get(one.id)) for one in view.chain.walk()],
        start=staff.get(""),
        warned=sum(bool(one.consequence) + bool(one.unproven) for one in found),
        keeps_people=actor().may("people"),
        version=(latest[0].version if latest else 0) + 1,
        running=active.total if latest else 0,
        errors=errors,
        newer=_newer(row),
        compared=compared,
        cards=chain_diagram.told_cards(row, compared.older) if compared else None,
        verbs=verbs(),
        problems=[_told(one, view) for one in problems],
        red=untested or any(one.code in RED for one in problems),
        v={"note": note, "untested": untested, "reason": reason},
    )


def _told(problem: Problem, view: View) -> dict[str, str]:
    """A finding of the linter at the card that it is about."""
    element = (problem.element or "").removeprefix("x_")
    step = view.chain.step(element)
    return {
        "step": step.id if step else "",
        "name": step.name if step else element,
        "said": finding_in_words(problem),
        "rule": rule_in_words(problem.code),
        "text": f"{problem.message} {problem.mend}",
        "page": outside_of(problem, actor()),
    }


@site.post("/chains/<chain_id>/publish")
def publish_chain(chain_id: str) -> ResponseReturnValue:
    row, form = _draft(chain_id), request.form
    note, untested, reason = form.get("note", ""), "untested" in form, form.get("reason", "")
    try:
        seen = whole_number(form.get("revision", ""))
        made = run(PublishChain(row.id, seen, note, untested, reason))
    except DeploymentRefused as refused:
        close_db()
        return _publish_page(_draft(chain_id), {}, refused.problems, note), 422
    except Invalid:
        errors = {} if note.strip() else {"note": _("เขียนสรุปการเปลี่ยนแปลง")}
        if untested and not 0 < len(reason.strip()) <= LONGEST_REASON:
            errors["reason"] = _("เขียนเหตุผลที่ทิ้งชุดทดสอบ ไม่เกิน %(n)s อักษร", n=LONGEST_REASON)
        return _publish_page(row, errors, note=note, untested=untested, reason=reason), 422
    except Stale:
        flash(_("มีผู้แก้สายอนุมัตินี้ก่อนท่าน ตรวจดูแล้วทำอีกครั้ง"), "warn")
        return redirect(f"/chains/{chain_id}", 303)
    except Conflict:
        return redirect(f"/chains/{chain_id}/publish", 303)  # which says what to do
    flash(_("เผยแพร่รุ่น %(n)s แล้ว เริ่มเรื่องใหม่ได้เลย", n=made["version"]), "ok")
    return redirect(migrating.after_publishing(row.key, made["id"]), 303)


@site.post("/chains/<chain_id>/draw")
def draw_chain(chain_id: str) -> ResponseReturnValue:
    """The way over to the designer for tests that these cards made red."""
    row = _draft(chain_id)
    try:
        made = run(DrawChain(row.id, whole_number(request.form.get("revision", ""))))
    except Invalid:
        return redirect(f"/chains/{chain_id}/publish", 303)
    except Stale:
        flash(_("มีผู้แก้สายอนุมัตินี้ก่อนท่าน ตรวจดูแล้วทำอีกครั้ง"), "warn")
        return redirect(f"/chains/{chain_id}", 303)
    except Conflict:
        return redirect(f"/chains/{chain_id}/publish", 303)  # which says what to do
    flash(_("การ์ดเป็นร่างผังแล้ว แก้ชุดทดสอบให้ผ่าน แล้วเผยแพร่จากตัวออกแบบ"), "ok")
    return redirect(f"/designer/{made['id']}/tests", 303)


@site.post("/chains/<chain_id>/renew")
def renew_chain(chain_id: str) -> ResponseReturnValue:
    """The newer version instead of these cards, which go."""
    row = _draft(chain_id)
    revision = whole_number(request.form.get("revision", ""))
    wanted = parse_id(request.form.get("definition_id", ""), "process")
    try:
        run(OpenChain(wanted, over=revision))
    except NotComposable as refused:
        close_db()
        return listed({}, {}, refused), 409
    except Stale:
        flash(_("มีผู้แก้สายอนุมัตินี้ก่อนท่าน ตรวจดูแล้วทำอีกครั้ง"), "warn")
        return redirect(f"/chains/{row.id}", 303)
    flash(_("การ์ดเป็นของรุ่นที่ใช้อยู่แล้ว ร่างเดิมทิ้งไป"), "ok")
    return redirect(f"/chains/{row.id}", 303)


@site.post("/chains/<chain_id>/discard")
def discard_chain(chain_id: str) -> ResponseReturnValue:
    row = _draft(chain_id)
    run(DiscardChain(row.id, whole_number(request.form.get("revision", ""))))
    flash(_("ทิ้งร่างแล้ว รุ่นที่เผยแพร่ไว้ยังใช้อยู่"), "ok")
    return redirect("/chains", 303)
