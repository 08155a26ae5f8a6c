"""What was typed and could not be stored: kept with the answer that says so, and put back in the form."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import Form

from subsidy import clock
from subsidy.access import current_actor
from subsidy.db import db
from subsidy.models import Application
from subsidy.services import answers, drafting, parked
from subsidy.services.drafting import Typed
from subsidy.services.entries import Entry
from subsidy.services.entries.merging import mark_of, merge
from subsidy.views.applicant.desk import Desk
from subsidy.views.applicant.entering import entry_in
from subsidy.views.unsaved import KEPT, PARKED, Choice, parked_secret, typed_now


@dataclass(frozen=True, slots=True)
class Restored:
    """A form as it was typed earlier; `kept` and `parked` tell where that text is, for when it is stored."""

    form: Form
    choices: tuple[Choice, ...]
    kept: str = ""
    parked: str = ""


def keep(application: Application, section_id: str, reason: str) -> str:
    """Keep what was sent; gives its mark, which is empty when another window's text is in its place."""
    user_id = current_actor().user_id
    if user_id is None:
        return ""
    mark = drafting.keep(
        application,
        section_id,
        user_id,
        typed_now(),
        knows=request.form.get(KEPT, ""),
        reason=reason,
        now=clock.now(),
    )
    if mark is not None:
        parked.let_go(request.form.get(PARKED, ""), page_of(application, section_id))
    return mark or ""


def keep_refused(application: Application, section_id: str, reason: str) -> str:
    """Keep what was sent although it is refused: of the refused change nothing stays, of the text all."""
    db.session.rollback()
    mark = keep(application, section_id, reason)
    db.session.commit()
    return mark


def let_go(application: Application, section_id: str) -> None:
    """Let go of the texts that the form began with: what it says is stored."""
    drafting.let_go(application, section_id, current_actor().user_id, knows=request.form.get(KEPT, ""))
    parked.let_go(request.form.get(PARKED, ""), page_of(application, section_id))


def page_of(application: Application, section_id: str) -> str:
    """Give the path of the page of a section, under which its parked forms are found."""
    return f"/aanvragen/{application.id}/onderdelen/{section_id}"


def restore(desk: Desk) -> Restored | None:
    """Give the form as this person typed it earlier, when that is not what is stored."""
    secret = parked_secret()
    waiting = parked.find(secret, page_of(desk.application, desk.section.id), now=clock.now())
    if waiting is not None:
        return _filled(desk, waiting.typed, parked_as=secret)
    kept = drafting.find(desk.application, desk.section.id, current_actor().user_id)
    return None if kept is None else _filled(desk, kept.typed, kept_as=drafting.mark_of(kept.typed))


def choices_between(desk: Desk, mine: Entry, stored: Entry, parts: Iterable[str]) -> tuple[Choice, ...]:
    """Give the parts to choose in, in the order of the form."""
    named, there = mine.parts, stored.parts
    clashing = frozenset(parts)
    return tuple(
        Choice(part, _rows(desk, mine, part, there.get(part)), mark_of(there.get(part)))
        for part in dict.fromkeys([*named, *there])
        if part in clashing
    )


def labels_of(desk: Desk, mine: Entry, stored: Entry, parts: Iterable[str]) -> list[str]:
    """Give the words for the parts in which two entries differ."""
    chosen = choices_between(desk, mine, stored, parts)
    return list(dict.fromkeys(label for choice in chosen for label, _mine, _theirs in choice.rows))


def _rows(desk: Desk, mine: Entry, part: str, theirs: object) -> tuple[tuple[str, str, str], ...]:
    """Tell what the page would say otherwise; a part that no page shows is told as it is."""
    told = answers.differences(desk.in_words(mine), desk.in_words(mine.with_parts({part: theirs})))
    return told or ((part, _plain(mine.parts.get(part)), _plain(theirs)),)


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _filled(desk: Desk, typed: Typed, *, kept_as: str = "", parked_as: str = "") -> Restored | None:
    """Fill the form; None when everything in it was stored after all."""
    form = desk.form(MultiDict((name, value) for name, value in typed))
    if not form.validate():
        return Restored(form, (), kept_as, parked_as)
    mine, stored = entry_in(form, desk.section), desk.stored
    merged = merge(mine.parts, stored.parts, form["seen"].data or "")
    if not merged.clashing and mine.with_parts(merged.parts) == stored:
        return None
    return Restored(form, choices_between(desk, mine, stored, merged.clashing), kept_as, parked_as)
