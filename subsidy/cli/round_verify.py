"""`flask round verify SLUG`: make every decision of a round again, and say what is not as it was."""

import sys
from typing import Any

import click
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from subsidy.cli.round import find_round, group, json_option, show, slug_argument
from subsidy.db import db, reading
from subsidy.models import Application, Decision, Round
from subsidy.services import recomputing, surroundings
from subsidy.services.differences import Difference
from subsidy.wording.explaining import difference_label, difference_value

DIFFERS = 1


@group.command("verify")
@slug_argument
@json_option
def verify(slug: str, *, as_json: bool) -> None:
    """Make every decision taken here again from its frozen round; exit status 1 when something differs.

    The letters, the ledger, the events and the chain of the round are held beside the decisions with it.
    """
    with reading():
        round_ = find_round(slug)
        names = _names(round_)
        unfrozen = partly = 0
        found: list[tuple[str, Difference]] = []
        again = recomputing.recompute_all(round_)
        with click.progressbar(again, length=len(names), file=sys.stderr, label=slug) as progress:
            for decision, made in progress:
                unfrozen += made.lack is not None
                partly += made.lack is None and not made.whole
                found += [(names[decision.id], one) for one in made.differences]
        found.sort(key=lambda one: one[0])
        of_round = (*surroundings.compare_sum(round_), *surroundings.compare_chain(round_.id))
        found += [(slug, one) for one in of_round]
        history = _history(round_)
    if as_json:
        show([_row(name, one) for name, one in found], as_json=True)
    else:
        for name, one in found:
            click.echo("\t".join(_line(name, one)))
    click.echo(
        _(
            "%(decisions)s decisions, %(unfrozen)s of them without a frozen round; %(history)s brought in as "
            "history and left alone; %(differences)s differences.",
            decisions=len(names),
            unfrozen=unfrozen,
            history=history,
            differences=len(found),
        ),
        err=True,
    )
    if partly:
        click.echo(
            ngettext(
                "%(num)d decision could not be compared in every part; its page says which, and why.",
                "%(num)d decisions could not be compared in every part; their pages say which, and why.",
                partly,
            ),
            err=True,
        )
    if found:
        sys.exit(DIFFERS)


def _names(round_: Round) -> dict[int, str]:
    """Give the reference behind each decision that is made again, by its id."""
    rows = db.session.execute(
        select(Decision.id, Application.reference)
        .join(Application, Application.id == Decision.application_id)
        .where(Decision.round_id == round_.id, recomputing.counts())
    )
    return {decision_id: reference or "" for decision_id, reference in rows}


def _history(round_: Round) -> int:
    query = select(func.count(Decision.id)).where(Decision.round_id == round_.id, Decision.imported)
    return db.session.scalar(query) or 0


def _line(name: str, one: Difference) -> tuple[str, str, str, str]:
    then, now = (difference_value(value, one.detail) for value in (one.then, one.now))
    return name, difference_label(one.part, one.detail), then, now


def _row(name: str, one: Difference) -> dict[str, Any]:
    return {"reference": name, "part": one.part.value, "detail": one.detail, "then": one.then, "now": one.now}
