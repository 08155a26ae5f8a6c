"""What an application says, as JSON and back: every section as an entry, all answers, and its files by name.

The way back is the same as that of a form: entries are written. So whatever a section learns to ask is kept
as soon as its entry has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, SentVersion
from subsidy.services.entries import (
    BudgetEntry,
    Entry,
    PartnersEntry,
    ProjectEntry,
    RegionEntry,
    stored_entry,
    write_entry,
)
from workflows.definition import RoundDefinition, Section, SectionKind
from workflows.regions import Reference

OWN: Mapping[SectionKind, TypeAdapter[Any]] = {
    SectionKind.PROJECT: TypeAdapter(ProjectEntry),
    SectionKind.PARTNERS: TypeAdapter(PartnersEntry),
    SectionKind.REGION: TypeAdapter(RegionEntry),
    SectionKind.BUDGET: TypeAdapter(BudgetEntry),
}


@dataclass(frozen=True, slots=True)
class Head:
    """What lists show of an application; the amount in euro cents."""

    title: str
    lead: str
    requested_cents: int


def content_of(application: Application, definition: RoundDefinition) -> dict[str, Any]:
    """Give all that an application says now: `sections` by id, `answers` by question, `attachments`.

    `head` has the little of it that lists show.
    """
    return {
        "head": {
            "title": application.title,
            "lead": next((one.name for one in application.participations if one.lead), ""),
            "requested_cents": application.requested_cents,
        },
        "sections": {section.id: _own(application, section) for section in definition.sections},
        "answers": dict(application.answers),
        "attachments": [
            {"id": one.id, "question": one.question, "file_name": one.file_name, "sha256": one.sha256}
            for one in application.attachments
        ],
    }


def write_content(
    application: Application,
    content: Mapping[str, Any],
    definition: RoundDefinition,
    reference: Reference,
) -> None:
    """Let an application say this again, in every section; its files are for the caller."""
    answers: dict[str, Any] = content["answers"]
    application.answers = dict(answers)
    application.set_aside = {}
    for section in definition.sections:
        own = content["sections"].get(section.id)
        entry = Entry(
            None if own is None else OWN[section.kind].validate_python(own),
            {one.id: answers[one.id] for one in section.questions if one.id in answers},
        )
        write_entry(application, section, entry, reference)


def newest_of(application_ids: Iterable[int]) -> dict[int, SentVersion]:
    """Give the newest version that was sent in of each of these applications; one query, none for none."""
    wanted = list(application_ids)
    if not wanted:
        return {}
    newest = (
        select(SentVersion.application_id, func.max(SentVersion.version).label("version"))
        .where(SentVersion.application_id.in_(wanted))
        .group_by(SentVersion.application_id)
        .subquery()
    )
    rows = db.session.scalars(
        select(SentVersion).join(
            newest,
            (newest.c.application_id == SentVersion.application_id)
            & (newest.c.version == SentVersion.version),
        )
    )
    return {one.application_id: one for one in rows}


def heads_of(application_ids: Iterable[int]) -> dict[int, Head]:
    """Give what lists show of the newest version that was sent in; one query, none for none."""
    wanted = list(application_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(SentVersion.application_id, SentVersion.content["head"])
        .where(SentVersion.application_id.in_(wanted))
        .order_by(SentVersion.application_id, SentVersion.version)
    )
    return {application_id: Head(**head) for application_id, head in rows}


def apart(content: Mapping[str, Any], definition: RoundDefinition, reference: Reference) -> Application:
    """Give an application that says this and stands in no database: to read from, never to store."""
    reading = Application(title="", summary="", region_name="", requested_cents=0, themes=[])
    write_content(reading, content, definition, reference)
    return reading


def _own(application: Application, section: Section) -> Any:
    own = stored_entry(application, section).own
    return None if own is None else OWN[section.kind].dump_python(own, mode="json")
