"""Applications with a decision, and the tables counted from them: what is not said has one plain value."""

from datetime import date, timedelta
from typing import Any

from subsidy.db import db
from subsidy.models import Application, Decision, Participation, RegionMunicipality, Round
from subsidy.services.figures.cases import Case, cases_of
from subsidy.services.figures.table import Table
from tests.factories import MOMENT, make_application

DECIDED_ON = date(2026, 4, 10)


def make_decided(
    round_: Round,
    outcome: str,
    amount_cents: int = 0,
    *,
    ground: str | None = None,
    decided_on: date = DECIDED_ON,
    **values: Any,
) -> Application:
    """An application whose decision was confirmed and announced, as a round file brings it in."""
    application = make_application(round_, outcome, **values)
    decided_at = MOMENT + timedelta(days=30)
    told = {"decision": outcome, "decided_on": decided_on.isoformat(), "ground": ground}
    told |= {"amount_cents": amount_cents} if outcome == "awarded" else {}
    db.session.add(
        Decision(
            application_id=application.id,
            round_id=round_.id,
            outcome=outcome,
            amount_cents=amount_cents,
            ground=ground,
            imported=True,
            decided_on=decided_on,
            proposed_at=decided_at,
            confirmed_at=decided_at,
            announced_at=decided_at,
            basis={"outcome": told},
        )
    )
    db.session.flush()
    return application


def cases(*rounds: Round) -> tuple[Case, ...]:
    """What the figures of these rounds are counted from."""
    db.session.flush()
    return cases_of(rounds)


def rows_of(found: Table) -> list[dict[str, Any]]:
    """The rows of a table by the names of their columns."""
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def row_of(found: Table, key: str) -> dict[str, Any]:
    """The one row that has this in its first or second column."""
    (row,) = [row for row in rows_of(found) if key in {row[found.columns[0]], row[found.columns[1]]}]
    return row


def parties(*domains: str) -> list[Participation]:
    """Participants from these domains; the first leads."""
    return [
        Participation(position=n, lead=n == 0, name=f"Partij {n}", domain=domain)
        for n, domain in enumerate(domains)
    ]


def region(*codes: str) -> list[RegionMunicipality]:
    """A region of these municipalities."""
    return [RegionMunicipality(position=n, given_code=code, code=code) for n, code in enumerate(codes)]
