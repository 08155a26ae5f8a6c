"""A comparison of scenarios as a PDF: asked for once per content, drawn by a job, kept under its digest."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from subsidy.db import db, insert_into
from subsidy.models import OutboxRow, Round, ScenarioReport
from subsidy.services import events, outbox
from subsidy.services.advance import NotAllowedError
from subsidy.services.scenario_results import Content
from workflows.permissions import Actor, Can

TOPIC = "scenarios"


class ReportStage(StrEnum):
    """Where the PDF of a comparison stands."""

    NONE = "none"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """Where it stands, and the report where there is one."""

    stage: ReportStage
    report: ScenarioReport | None


def ask(round_: Round, content: Content, *, actor: Actor, now: datetime) -> None:
    """Let a job draw the PDF; the same content twice is once. Raises NotAllowedError."""
    if actor.user_id is None:
        raise NotAllowedError(Can.SCENARIO_VIEW)
    db.session.execute(
        insert_into(ScenarioReport)
        .values(
            sha256=content.digest,
            round_id=round_.id,
            content=content.stored(),
            asked_by=actor.user_id,
            asked_at=now,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    outbox.post(TOPIC, _key(content.digest), {"sha256": content.digest}, now=now)


def standing_of(content: Content) -> ReportStanding:
    """Tell where the PDF of this comparison stands."""
    row = db.session.execute(
        select(ScenarioReport, OutboxRow.dead_at)
        .outerjoin(OutboxRow, OutboxRow.key == _key(content.digest))
        .where(ScenarioReport.sha256 == content.digest)
    ).one_or_none()
    if row is None:
        return ReportStanding(ReportStage.NONE, None)
    report, dead_at = row
    if report.pdf_sha256 is not None:
        return ReportStanding(ReportStage.READY, report)
    return ReportStanding(ReportStage.FAILED if dead_at else ReportStage.MAKING, report)


def find_report(round_: Round, digest: str) -> ScenarioReport | None:
    """Return a report of this round that was drawn."""
    query = select(ScenarioReport).where(
        ScenarioReport.sha256 == digest,
        ScenarioReport.round_id == round_.id,
        ScenarioReport.pdf_sha256.is_not(None),
    )
    return db.session.scalars(query).one_or_none()


def looked(content_digest: str, actor: Actor, *, now: datetime) -> None:
    """Log that somebody took a comparison along as a file."""
    events.look(f"scenarios {content_digest[:16]}", at=now, user_id=actor.user_id)


def _key(digest: str) -> str:
    return f"{TOPIC}:{digest}"
