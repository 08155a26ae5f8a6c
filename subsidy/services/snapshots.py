"""From stored rows to the values that the pure core judges, in a number of queries that never grows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select

from subsidy.db import db
from subsidy.models import (
    Application,
    Attachment,
    Decision,
    Round,
)
from subsidy.services.entries.project import RegiobeeldFrom
from subsidy.services.in_force import in_force
from subsidy.services.reference import reference_of
from subsidy.services.sent_content import apart, newest_of
from subsidy.services.snapshot_parts import parts_of
from workflows.definition import REGIOBEELD_FILE, RoundDefinition
from workflows.eligibility import PriorAward
from workflows.snapshot import ApplicationSnapshot, Domain, RoundSnapshot
from workflows.states import ApplicationState

# A draft has no reference yet, and the core names every application by one.
DRAFT_REFERENCE = "concept-{}"
NOBODY = {"name": "", "domain": Domain.OVERIG}
LONGEST_IN = 10_000
_KEPT: dict[str, RoundDefinition] = {}
MOST_KEPT = 64


def definition_of(round_: Round) -> RoundDefinition:
    """Give the law that a round carries, as a typed value.

    A page asks it for every row of a list, so the values are kept by their digest.
    """
    digest = round_.definition_digest
    kept = _KEPT.get(digest)
    if kept is None:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        kept = _KEPT[digest] = RoundDefinition.model_validate(round_.definition)
    return kept


def round_snapshot(round_: Round) -> RoundSnapshot:
    """Give a round as the core sees it."""
    return RoundSnapshot(
        slug=round_.slug,
        kind=round_.kind,
        number=round_.number,
        title=round_.title,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        ceiling_cents=round_.ceiling_cents,
        rules=definition_of(round_).rules,
    )


def application_snapshots(round_: Round) -> tuple[ApplicationSnapshot, ...]:
    """Give every application that was sent in, in the order in which they came into the database.

    Eight queries, whatever the number, and at most one more where a supplement is awaited and one where the
    regiobeeld is a file. A review is there when it was handed in or tells of an interest.
    The outcome is that of an imported decision.
    """
    return applications_of([round_])[round_.id]


def applications_of(rounds: Iterable[Round]) -> dict[int, tuple[ApplicationSnapshot, ...]]:
    """Give the same for several rounds, by their ids; as many queries as for one."""
    found: dict[int, list[ApplicationSnapshot]] = {one.id: [] for one in rounds}
    sent_in = Application.state != ApplicationState.DRAFT
    for round_id, snapshot in _snapshots(Application.round_id.in_(found) & sent_in):
        found[round_id].append(snapshot)
    return {round_id: tuple(snapshots) for round_id, snapshots in found.items()}


def application_snapshot(
    application: Application, *, now: datetime | None = None, as_typed: bool = False
) -> ApplicationSnapshot:
    """Give one application; a draft counts as sent in at `now` (aware, needed for a draft alone).

    `as_typed` is for its own people: also what is written of a supplement and was not handed in yet.
    """
    ((_, snapshot),) = _snapshots(Application.id == application.id, now=now, as_typed=as_typed)
    return snapshot


def prior_awards(references: Iterable[str | None]) -> Mapping[str, PriorAward]:
    """Tell what became of these applications, in whatever round; unknown references are left out.

    A decision counts from its announcement (Awb 3:41): before it, nobody reads here how it will be.
    """
    wanted = sorted({reference for reference in references if reference})
    found: dict[str, PriorAward] = {}
    announced = and_(
        Decision.application_id == Application.id,
        Decision.announced_at.is_not(None),
        in_force(),
    )
    for start in range(0, len(wanted), LONGEST_IN):
        rows = db.session.execute(
            select(
                Application.reference,
                Round.kind,
                Decision.outcome,
                Decision.decided_on,
                Decision.ends_on,
            )
            .join(Round, Round.id == Application.round_id)
            .outerjoin(Decision, announced)
            .where(Application.reference.in_(wanted[start : start + LONGEST_IN]))
        )
        for reference, kind, outcome, decided_on, ends_on in rows:
            if reference is None:
                continue
            awarded = outcome == ApplicationState.AWARDED
            found[reference] = PriorAward(kind, awarded, decided_on, ends_on)
    return found


def _snapshots(
    where: ColumnElement[bool], *, now: datetime | None = None, as_typed: bool = False
) -> list[tuple[int, ApplicationSnapshot]]:
    """Read the applications that are meant, each behind the id of its round."""
    applications = db.session.execute(select(*APPLICATION).where(where).order_by(Application.id)).all()
    if not applications:
        return []
    parts = parts_of(select(Application.id).where(where))
    files = _files(row.id for row in applications if row.regiobeeld_from == RegiobeeldFrom.FILE)
    sent = {} if as_typed else _as_sent(applications)
    found = []
    for row in applications:
        said: Row[Any] | Application = row
        mine = {name: by_application[row.id] for name, by_application in parts.items()}
        if row.id in sent:
            said, files[row.id] = sent[row.id]
            mine |= _parts_said(said)
        attached = said.regiobeeld_from == RegiobeeldFrom.FILE
        regiobeeld = _regiobeeld_in(files[row.id]) if attached else said.regiobeeld
        found.append((row.round_id, _snapshot(row, said, regiobeeld, mine, now)))
    return found


APPLICATION = (
    Application.id,
    Application.round_id,
    Application.reference,
    Application.submitted_at,
    Application.completed_at,
    Application.deadline_at,
    Application.title,
    Application.summary,
    Application.region_name,
    Application.region_inhabitants,
    Application.requested_cents,
    Application.cofinancing_cents,
    Application.months,
    Application.themes,
    Application.predecessor,
    Application.regiobeeld,
    Application.regiobeeld_from,
    Application.answers,
    Application.state,
)


def _snapshot(
    row: Row[Any],
    said: Row[Any] | Application,
    regiobeeld: str | None,
    parts: Mapping[str, list[Any]],
    now: datetime | None,
) -> ApplicationSnapshot:
    panel = next(iter(parts["panel"]), None)
    outcome = next((basis["outcome"] for (basis,) in parts["outcome"]), None)
    parties = [
        (lead, {"name": name, "domain": domain, "kvk": kvk})
        for lead, name, domain, kvk in parts["participations"]
    ]
    return ApplicationSnapshot.model_validate(
        {
            "reference": row.reference or DRAFT_REFERENCE.format(row.id),
            "submitted_at": row.submitted_at or now,
            "completed_at": row.completed_at,
            "deadline_at": row.deadline_at,
            "title": said.title,
            "summary": said.summary or None,
            "lead": next((party for lead, party in parties if lead), NOBODY),
            "partners": [party for lead, party in parties if not lead],
            "region": {
                "name": said.region_name,
                "municipalities": [code for (code,) in parts["municipalities"]],
                "neighbourhoods": [code for (code,) in parts["neighbourhoods"]],
                "inhabitants": said.region_inhabitants,
            },
            "requested_cents": said.requested_cents,
            "cofinancing_cents": said.cofinancing_cents,
            "months": said.months or 0,
            "themes": said.themes,
            "predecessor": said.predecessor or None,
            "regiobeeld": regiobeeld or None,
            "answers": said.answers,
            "reviews": parts["reviews"],
            "panel": panel and dict(zip(("scores", "priority", "reason"), panel, strict=True)),
            "outcome": outcome,
        }
    )


def _files(application_ids: Iterable[int]) -> defaultdict[int, list[tuple[str, str]]]:
    """Give the question and the name of every file of these applications; no query for none."""
    wanted = list(application_ids)
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for start in range(0, len(wanted), LONGEST_IN):
        rows = db.session.execute(
            select(Attachment.application_id, Attachment.question, Attachment.file_name)
            .where(Attachment.application_id.in_(wanted[start : start + LONGEST_IN]))
            .order_by(Attachment.id)
        )
        for application_id, question, name in rows:
            found[application_id].append((question, name))
    return found


def _regiobeeld_in(files: Iterable[tuple[str, str]]) -> str:
    """Give the names of the files that are the regiobeeld.

    Where the form has no question of its own for it, any of the files may be it.
    """
    known = list(files)
    own = [name for question, name in known if question == REGIOBEELD_FILE]
    return ", ".join(own or [name for _question, name in known])


def _as_sent(
    applications: Sequence[Row[Any]],
) -> dict[int, tuple[Application, list[tuple[str, str]]]]:
    """Give what was sent of those that are being supplemented, with question and name of its files.

    What their people write now was not handed in yet.
    """
    awaited = {
        row.id: row.round_id for row in applications if row.state == ApplicationState.SUPPLEMENT_REQUESTED
    }
    found = {}
    for id_, version in newest_of(awaited).items():
        round_ = db.session.get_one(Round, awaited[id_])
        said = apart(version.content, definition_of(round_), reference_of(round_.reference_version))
        files = [(one["question"], one["file_name"]) for one in version.content["attachments"]]
        found[id_] = said, files
    return found


def _parts_said(said: Application) -> dict[str, list[Any]]:
    """Give who takes part and which region, as the queries of `parts_of` give them."""
    return {
        "participations": [(one.lead, one.name, one.domain, one.kvk) for one in said.participations],
        "municipalities": [(one.given_code,) for one in said.municipalities],
        "neighbourhoods": [(one.code,) for one in said.neighbourhoods],
    }
