"""The ceiling holds whatever is confirmed, in whatever order, by however many officers."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Decision, Event, LedgerLine, Round, User
from subsidy.services import basis_gathering, confirming, ledger, proposal, proposing
from subsidy.services.decisions import DecisionError
from subsidy.services.ledger import CeilingExceededError
from subsidy.services.proposal import Proposal
from tests.conftest import MOMENT
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.snapshot import Decision as Outcome

DAY = date(2026, 3, 17)


def award(scene: Scene, number: int, cents: int = TEN_THOUSAND) -> Decision:
    """Propose an award, whatever the division says."""
    wanted = Proposal(
        Outcome.AWARDED,
        DAY,
        amount_cents=cents,
        motivation="Past bij de regio.",
        departure="Het advies wordt niet gevolgd.",
        starts_on=DAY,
    )
    return proposing.propose(scene.applications[number], wanted, actor=scene.proposer, now=MOMENT)


def lines(scene: Scene) -> list[tuple[int, int]]:
    query = select(LedgerLine.decision_id, LedgerLine.cents).where(LedgerLine.round_id == scene.round.id)
    return [(decision, cents) for decision, cents in db.session.execute(query.order_by(LedgerLine.id))]


def test_each_award_is_one_line_and_the_round_knows_the_sum(app: Flask) -> None:
    scene = make_scene((5, 4))
    first, second = award(scene, 0), award(scene, 1, 400_000)
    scene.confirm(first)
    scene.confirm(second)
    assert lines(scene) == [(first.id, TEN_THOUSAND), (second.id, 400_000)]
    assert (scene.round.promised_cents, ledger.left_of(scene.round)) == (1_400_000, 8_600_000)


def test_a_rejection_takes_nothing(app: Flask) -> None:
    scene = make_scene((1,))
    suggested = proposal.suggest(
        basis_gathering.gather(scene.round)[scene.applications[0].id], announce_on=DAY
    )
    scene.confirm(proposing.propose(scene.applications[0], suggested, actor=scene.proposer, now=MOMENT))
    assert scene.applications[0].state == "rejected"
    assert lines(scene) == []


def test_over_the_ceiling_is_an_error_with_the_amounts_and_nothing_happened(app: Flask) -> None:
    scene = make_scene((5, 4), ceiling_cents=1_500_000)
    scene.confirm(award(scene, 0))
    too_much = award(scene, 1)
    with pytest.raises(CeilingExceededError) as error:
        scene.confirm(too_much)
    assert error.value.code == "ceiling_exceeded"
    assert error.value.params == {
        "asked_cents": 1_000_000,
        "left_cents": 500_000,
        "ceiling_cents": 1_500_000,
    }
    db.session.refresh(too_much)
    db.session.refresh(scene.applications[1])
    assert (too_much.confirmed_at, scene.applications[1].state) == (None, "in_review")
    assert scene.round.promised_cents == TEN_THOUSAND
    assert lines(scene) == [(lines(scene)[0][0], TEN_THOUSAND)]
    assert [one.name for one in db.session.scalars(select(Event))].count("application.awarded") == 1


def test_exactly_the_ceiling_fits(app: Flask) -> None:
    scene = make_scene((5, 4), ceiling_cents=2 * TEN_THOUSAND)
    scene.confirm(award(scene, 0))
    scene.confirm(award(scene, 1))
    assert ledger.left_of(scene.round) == 0


def test_a_renewed_award_gives_back_and_takes_in_one_breath(app: Flask) -> None:
    scene = make_scene((5,), ceiling_cents=TEN_THOUSAND)
    old = scene.confirm(award(scene, 0))
    later = MOMENT + timedelta(days=8)
    new = proposing.renew(old, announce_on=date(2026, 3, 24), actor=scene.proposer, now=later)
    digest = scene.letter(new)
    confirming.confirm(scene.applications[0], letter_sha256=digest, actor=scene.confirmer, now=later)
    assert lines(scene) == [(old.id, TEN_THOUSAND), (old.id, -TEN_THOUSAND), (new.id, TEN_THOUSAND)]
    assert scene.round.promised_cents == TEN_THOUSAND


def test_the_database_keeps_the_ceiling_and_the_lines_by_itself(app: Flask) -> None:
    scene = make_scene((5,), ceiling_cents=TEN_THOUSAND)
    scene.confirm(award(scene, 0))
    with pytest.raises(DBAPIError, match="the sum of the ledger"), db.session.begin_nested():
        db.session.execute(update(Round).values(promised_cents=TEN_THOUSAND + 1))
    (taken,) = lines(scene)
    over = {"kind": "promised", "cents": 1, "booked_at": MOMENT}
    one_more = insert(LedgerLine).values(round_id=scene.round.id, decision_id=taken[0], **over)
    with pytest.raises(DBAPIError, match="ceiling_kept"), db.session.begin_nested():
        db.session.execute(one_more)
    with pytest.raises(DBAPIError, match="a line of the ledger never changes"), db.session.begin_nested():
        db.session.execute(update(LedgerLine).values(cents=1))


@dataclass
class Rivals:
    """Confirmations that happen at the same moment, each in a thread and a transaction of its own."""

    app: Flask
    heard: list[str] = field(default_factory=list)

    def run(self, orders: list[tuple[int, str]], officer: int | None) -> list[str]:
        """Confirm each letter (application, digest) at once; returns what each heard, sorted."""
        barrier = Barrier(len(orders), timeout=60)
        workers = [Thread(target=self._one, args=(barrier, officer, *order)) for order in orders]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=120)
        return sorted(self.heard)

    def _one(self, barrier: Barrier, officer: int | None, application_id: int, digest: str) -> None:
        with self.app.app_context():
            barrier.wait()
            try:
                actor = actor_of(db.session.get_one(User, officer))
                application = db.session.get_one(Application, application_id)
                confirming.confirm(application, letter_sha256=digest, actor=actor, now=MOMENT)
                db.session.commit()
                self.heard.append("confirmed")
            except DecisionError as error:
                db.session.rollback()
                self.heard.append(error.code)
            finally:
                db.session.remove()


def promised(app: Flask, round_id: int) -> int:
    with app.app_context():
        cents = db.session.get_one(Round, round_id).promised_cents
        db.session.remove()
    return cents


def test_two_officers_at_the_same_moment_never_go_over(real_app: Flask) -> None:
    with real_app.app_context():
        scene = make_scene((5, 4), ceiling_cents=TEN_THOUSAND)
        orders = [(one.application_id, scene.letter(one)) for one in (award(scene, 0), award(scene, 1))]
        round_id, officer = scene.round.id, scene.confirmer.user_id
        db.session.commit()
        db.session.remove()
    assert Rivals(real_app).run(orders, officer) == ["ceiling_exceeded", "confirmed"]
    assert promised(real_app, round_id) == TEN_THOUSAND


def test_two_clicks_at_the_same_moment_confirm_once(real_app: Flask) -> None:
    with real_app.app_context():
        scene = make_scene((5,))
        decision = award(scene, 0)
        order = (decision.application_id, scene.letter(decision))
        round_id, officer = scene.round.id, scene.confirmer.user_id
        db.session.commit()
        db.session.remove()
    assert Rivals(real_app).run([order, order], officer) == ["already_confirmed", "confirmed"]
    assert promised(real_app, round_id) == TEN_THOUSAND
