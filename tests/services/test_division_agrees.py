"""What if, the command and the decisions that are taken agree, on random rounds of the round file.

The round is brought in as a file. Its scenario changes nothing, `flask round allocate --json` divides it, and
two officers propose and confirm for all: everybody gets the same, whichever way is asked.
"""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal as Number
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Decision, Round, Verdict
from subsidy.services import (
    basis_gathering,
    calculations,
    confirming,
    exact_json,
    file_store,
    proposal_batches,
    proposing,
    scenario_results,
    scenarios,
)
from subsidy.services.batch_proposing import propose_batch
from subsidy.services.proposal import proposed_day, suggest
from subsidy.services.proposal_batches import Wish
from subsidy.services.round_file import FORMAT
from subsidy.services.round_file_import import import_round
from subsidy.services.scenarios import ScenarioValues
from tests.factories import MOMENT, declare, give_mandate, make_user
from tests.workflows.rounds import rounds
from workflows.permissions import SYSTEM, Actor, Role
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

# The towns of the generator, as municipalities that there are.
TOWNS = {
    "0001": "0518", "0002": "0637", "0003": "1916", "0004": "0503", "0005": "0622",
    "0006": "0599", "0007": "0505", "0008": "0363", "0901": "0344", "0904": "0307",
}  # fmt: skip
# A decision gives whole euros, so that nobody gets a share of nothing.
SCALE = 10_000


@pytest.mark.slow
@given(drawn=rounds(), judged=st.booleans())
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_everybody_gets_the_same_whichever_way_is_asked(
    app: Flask, drawn: tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]], *, judged: bool
) -> None:
    connection = db.engines[None]
    one = connection.begin_nested()  # type: ignore[attr-defined]  # what `app` put there is a connection
    try:
        _agree(app, *drawn, judged=judged)
    finally:
        db.session.remove()
        scenario_results.forget()
        one.rollback()


def _agree(
    app: Flask,
    snapshot: RoundSnapshot,
    applications: list[ApplicationSnapshot],
    eligible: dict[str, bool],
    *,
    judged: bool,
) -> None:
    round_ = import_round(_file(snapshot, applications), actor=SYSTEM, now=MOMENT)
    officers = [make_user(Role.OFFICER) for _ in range(2)]
    _judge(round_, eligible, officers[0].id, everybody=judged)
    for officer in officers:
        declare(officer, round_)
        give_mandate(officer)
    db.session.commit()
    division = {
        one.reference: (one.outcome.value, one.amount_cents, one.ground)
        for one in calculations.allocate_round(round_)
    }
    rules = calculations.material_of(round_).round.rules
    scenario = scenarios.make(
        round_,
        ScenarioValues("Zoals nu", "", round_.ceiling_cents, rules),
        actor=actor_of(officers[0]),
        now=MOMENT,
    )
    db.session.commit()
    (way,) = scenario_results.compare(scenario_results.content_of(round_, [scenario])).ways
    assert division == {
        name: (place.outcome.value, place.amount_cents, place.ground) for name, place in way.places.items()
    }
    assert way.gains == way.loses == 0
    for options in ((), ("--scenario", "Zoals nu"), ("--ceiling", str(round_.ceiling_cents))):
        assert division == _command(app, round_.slug, *options)
    proposer, confirmer = (actor_of(one) for one in officers)
    _write_reasons(round_, proposer)
    if applications:
        batch = proposal_batches.ask(round_, Wish(proposed_day(MOMENT.date())), actor=proposer, now=MOMENT)
        db.session.commit()
        propose_batch({"batch_id": batch.id})
        db.session.refresh(batch)
        assert batch.refused == {}
    letter = file_store.put(b"%PDF-1.7 the letter", media_type="application/pdf", now=MOMENT).sha256
    for application in db.session.scalars(
        select(Application).where(Application.round_id == round_.id).order_by(Application.id)
    ).all():
        decision = db.session.scalars(select(Decision).filter_by(application_id=application.id)).one()
        decision.letter_sha256 = letter
        db.session.flush()
    for application in _in_order_of_rank(round_):
        confirming.confirm(application, letter_sha256=letter, actor=confirmer, now=MOMENT)
    db.session.commit()
    assert division == _decided(round_)
    assert round_.promised_cents == sum(amount for _, amount, _ in division.values()) <= round_.ceiling_cents
    assert division == _command(app, round_.slug, "--scenario", "Zoals nu")


def _write_reasons(round_: Round, proposer: Actor) -> None:
    """Propose by hand what fails on a criterion: where the panel agreed a score, nobody wrote why yet."""
    gathered = basis_gathering.gather(round_)
    for id_, basis in gathered.items():
        if (basis.allocation_ground or "").startswith("criterion:"):
            proposal = suggest(basis, announce_on=proposed_day(MOMENT.date()))
            reasons = {one.id: "Onvoldoende uitgewerkt." for one in basis.criteria}
            application = db.session.get_one(Application, id_)
            proposing.propose(application, replace(proposal, reasons=reasons), actor=proposer, now=MOMENT)
    db.session.commit()


def _command(app: Flask, slug: str, *options: str) -> dict[str, tuple[str, int, str | None]]:
    result = app.test_cli_runner().invoke(args=["round", "allocate", slug, "--json", *options])
    assert result.exit_code == 0, result.stderr
    return {
        one["reference"]: (one["outcome"], one["amount_cents"], one["ground"])
        for one in json.loads(result.stdout)
    }


def _decided(round_: Round) -> dict[str, tuple[str, int, str | None]]:
    """Give what was decided, in the words of a division."""
    found = {}
    for decision, reference, asked in db.session.execute(
        select(Decision, Application.reference, Application.requested_cents)
        .join(Application, Application.id == Decision.application_id)
        .where(Decision.round_id == round_.id, Decision.confirmed_at.is_not(None))
    ):
        outcome = "reserve" if decision.reserve_place is not None else "reject"
        if decision.outcome == "awarded":
            outcome = "award" if decision.amount_cents == asked else "partial"
        found[reference] = (outcome, decision.amount_cents, decision.ground)
    return found


def _in_order_of_rank(round_: Round) -> list[Application]:
    """Give the applications: first what is not in the order, then in the order."""
    ranks = {one.reference: one.rank or 0 for one in calculations.rank_round(round_)}
    rows = db.session.scalars(select(Application).where(Application.round_id == round_.id)).all()
    return sorted(rows, key=lambda one: (ranks[one.reference or ""], one.reference))


def _judge(round_: Round, eligible: dict[str, bool], officer_id: int, *, everybody: bool) -> None:
    """Let the office give its verdict, on all or on those that are not eligible."""
    for application in db.session.scalars(select(Application).where(Application.round_id == round_.id)):
        holds = eligible[application.reference or ""]
        if everybody or not holds:
            db.session.add(
                Verdict(
                    application_id=application.id,
                    verdict="eligible" if holds else "ineligible",
                    motivation="Bekeken.",
                    officer_id=officer_id,
                    given_at=MOMENT,
                )
            )
    db.session.flush()


def _file(snapshot: RoundSnapshot, applications: list[ApplicationSnapshot]) -> bytes:
    """Write a round file: amounts large enough to decide on, and advice on every application."""
    rules = snapshot.rules.to_file()
    rules["min_partial_cents"] = max(1, snapshot.rules.min_partial_cents * SCALE)
    for tier in rules.get("reviews_by_amount", ()):
        tier["from_cents"] *= SCALE
    round_ = snapshot.model_dump(exclude={"rules"}) | {
        # A kind without a committee: who was reviewed can be decided on.
        "kind": "regiobeeld",
        "ceiling_cents": (snapshot.ceiling_cents + 1) * SCALE,
        "rules": rules,
    }
    document = {
        "format": FORMAT,
        "round": round_,
        "applications": [_application(one) for one in applications],
    }
    return exact_json.write(_plain(document)).encode()


def _application(snapshot: ApplicationSnapshot) -> dict[str, Any]:
    whole = snapshot.model_dump(exclude_none=True, exclude_defaults=True)
    whole.setdefault("partners", [])
    whole["requested_cents"] = max(1, snapshot.requested_cents) * SCALE
    whole["panel"] = whole.get("panel", {}) | {"reason": "De commissie adviseert zo."}
    for number, review in enumerate(whole.get("reviews", ())):
        review["reviewer"] = f"referent-{number}"
    region = whole["region"]
    towns = {f"GM{TOWNS[one[2:]]}" for one in region["municipalities"]}
    region["municipalities"] = sorted(towns)
    if "neighbourhoods" in region:
        region["neighbourhoods"] = sorted(
            {f"{one[:2]}{TOWNS[one[2:6]]}{one[6:]}" for one in region["neighbourhoods"]}
        )
    return whole


def _plain(value: object) -> object:
    """Give a value as JSON has it; numbers stay exact."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Number | int) or value is None:
        return value
    return str(value)
