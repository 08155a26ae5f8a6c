"""Which applications get their letters by post, and at which address.

By post goes what nobody can be notified of, and what somebody asked on paper (Awb 2:8): then no notification
is sent at all.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import Membership, PaperRequest, User

ADDRESS_LINES = "address_lines"
"""Under which name the facts of a letter keep the address that stands in its window."""


def on_paper(application_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Be an application whose letters were asked on paper."""
    asked = aliased(PaperRequest)
    return exists().where(asked.application_id == application_id, asked.ended_at.is_(None))


def reachable(application_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Be an application of which somebody can be notified: not on paper, and with a confirmed address."""
    member, person = aliased(Membership), aliased(User)
    addressed = exists().where(
        member.application_id == application_id,
        member.user_id == person.id,
        person.email_confirmed_at.is_not(None),
        person.disabled_at.is_(None),
    )
    return addressed & ~on_paper(application_id)


def find_request(application_id: int) -> PaperRequest | None:
    """Return the request for paper that holds now."""
    return db.session.scalars(
        select(PaperRequest).where(
            PaperRequest.application_id == application_id, PaperRequest.ended_at.is_(None)
        )
    ).one_or_none()


def address_of(application_id: int) -> tuple[str, ...]:
    """Return the lines of the postal address; none when no letters on paper were asked."""
    found = find_request(application_id)
    return () if found is None else tuple(found.address.splitlines())


def window_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the address that stands in the window of a letter with these facts."""
    return tuple(facts.get(ADDRESS_LINES, ()))


def address_facts(application_id: int) -> dict[str, Any]:
    """Give what the facts of a letter keep of the address, so that it is drawn the same another time."""
    lines = address_of(application_id)
    return {ADDRESS_LINES: list(lines)} if lines else {}
