"""Closing a round: only when all is done and all fits, once, and from then on by new decisions alone."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.documents import decision_letters
from subsidy.models import Hearing, Round, User
from subsidy.services import closing, confirming, events, recomputing, rounds
from subsidy.services.advance import NotAllowedError
from subsidy.services.differences import Part
from tests.factories import make_interest, make_user
from tests.services.later import AFTER, WITHDRAWAL, carry_out, in_force_of, make_decided, moving_up, propose
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from tests.services.tampering import past_the_triggers
from workflows.machine import TransitionError
from workflows.permissions import Role

TODAY = AFTER.date()


@pytest.fixture(autouse=True)
def quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of a few bytes: what they look like is not asked here."""
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: repr(content).encode())


def close(scene: Scene) -> None:
    rounds.close(scene.round, actor=scene.proposer, now=AFTER, today=TODAY)


def refusal(scene: Scene) -> str:
    with pytest.raises(TransitionError) as error:
        close(scene)
    return error.value.code


def left(scene: Scene) -> tuple[int, int, int, int]:
    found = closing.remaining(scene.round, now=AFTER, today=TODAY)
    return found.undecided, found.under_way, found.unannounced, found.hearings


@pytest.mark.usefixtures("app")
class TestWhatRemains:
    def test_nothing_when_everybody_has_heard(self) -> None:
        scene = make_decided()
        assert left(scene) == (0, 0, 0, 0)
        found = closing.check(scene.round)
        assert (found.lines, found.money, found.ledger_fits, found.faults) == (2, [], True, [])
        assert found.events > 0
        close(scene)
        assert scene.round.state == "decided"

    def test_applications_without_a_decision(self) -> None:
        scene = make_scene((5, 4))
        assert left(scene) == (2, 0, 0, 0)
        assert [one.application_id for one in closing.named(scene.round, today=TODAY)["undecided"]] == [
            one.id for one in scene.applications
        ]
        assert refusal(scene) == "applications_undecided"

    def test_a_later_proposal_and_then_its_letter(self) -> None:
        scene = make_decided()
        later = propose(scene, 0, WITHDRAWAL)
        assert left(scene) == (0, 1, 0, 0)
        assert refusal(scene) == "decisions_under_way"
        confirming.confirm(
            later.application, letter_sha256=scene.letter(later), actor=scene.confirmer, now=AFTER
        )
        # The application is withdrawn by now, and the one concerned was not told.
        assert scene.applications[0].state == "withdrawn"
        assert left(scene) == (0, 0, 1, 0)
        assert refusal(scene) == "decisions_unannounced"

    def test_a_hearing_until_its_answer_or_its_term(self) -> None:
        scene = make_decided()
        hearing = Hearing(
            application_id=scene.applications[0].id,
            grounds=["activities_not_done"],
            intention="Wij willen de subsidie intrekken.",
            data="Uw bericht.",
            opened_by=scene.proposer.user_id,
            opened_at=AFTER,
            last_day=TODAY,
        )
        db.session.add(hearing)
        db.session.flush()
        assert left(scene) == (0, 0, 0, 1)
        assert refusal(scene) == "hearings_open"
        hearing.last_day = TODAY - timedelta(days=1)
        db.session.flush()
        close(scene)

    def test_money_that_does_not_add_up(self) -> None:
        scene = make_decided()
        award = in_force_of(scene.applications[0])
        past_the_triggers("ledger_line", "DELETE FROM ledger_line WHERE decision_id = :id", id=award.id)
        found = closing.check(scene.round)
        assert [(one.part, one.detail, one.then, one.now) for one in found.money] == [
            (Part.LEDGER, "promised_cents", TEN_THOUSAND, 2 * TEN_THOUSAND),
            (Part.LEDGER, scene.applications[0].reference, TEN_THOUSAND, 0),
        ]
        assert refusal(scene) == "ledger_differs"

    def test_a_chain_that_is_broken(self) -> None:
        scene = make_decided()
        past_the_triggers("event", "UPDATE event SET actor_id = 0 WHERE name = 'decision.proposed'")
        assert len(closing.check(scene.round).faults) == len(scene.applications)
        assert refusal(scene) == "chain_broken"

    def test_who_has_an_interest_does_not_close(self) -> None:
        scene = make_decided()
        officer = make_user(Role.OFFICER)
        make_interest(scene.applications[0], officer)
        with pytest.raises(NotAllowedError):
            rounds.close(scene.round, actor=actor_of(officer), now=AFTER, today=TODAY)


@pytest.mark.usefixtures("app")
class TestAfterwards:
    def test_a_second_click_is_told_that_it_is_closed(self) -> None:
        scene = make_decided()
        close(scene)
        assert refusal(scene) == "wrong_state"

    def test_new_decisions_stay_possible_and_move_the_reserve_up(self) -> None:
        scene = make_decided()
        close(scene)
        taken_back = carry_out(scene, 0, WITHDRAWAL)
        moved = carry_out(scene, 2, moving_up(scene, scene.applications[2]))
        assert [one.state for one in scene.applications] == ["withdrawn", "awarded", "awarded"]
        assert scene.round.promised_cents == 2 * TEN_THOUSAND
        assert scene.round.state == "decided"
        assert recomputing.recompute(taken_back).identical
        assert recomputing.recompute(moved).identical
        assert [found.identical for _, found in recomputing.recompute_all(scene.round)] == [True] * 5

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE review SET handed_in_at = NULL",
            "DELETE FROM review",
            "UPDATE application SET requested_cents = 1",
            (
                "INSERT INTO panel_advice (application_id, scores, recorded_at) "
                "SELECT id, '{}', submitted_at FROM application"
            ),
        ],
    )
    def test_what_it_was_judged_by_no_longer_changes(self, statement: str) -> None:
        scene = make_decided()
        close(scene)
        with pytest.raises(DBAPIError, match="a closed round changes by new decisions alone"):
            db.session.execute(text(statement))


def test_two_officers_at_the_same_moment_close_once(real_app: Flask) -> None:
    with real_app.app_context():
        scene = make_decided()
        round_id, officers = scene.round.id, (scene.proposer.user_id, scene.confirmer.user_id)
        db.session.commit()
        db.session.remove()
    barrier, heard = Barrier(2, timeout=60), list[str]()

    def one(officer: int | None) -> None:
        with real_app.app_context():
            barrier.wait()
            try:
                actor = actor_of(db.session.get_one(User, officer))
                rounds.close(db.session.get_one(Round, round_id), actor=actor, now=AFTER, today=TODAY)
                db.session.commit()
                heard.append("closed")
            except TransitionError as error:
                db.session.rollback()
                heard.append(error.code)
            finally:
                db.session.remove()

    workers = [Thread(target=one, args=(officer,)) for officer in officers]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert sorted(heard) == ["closed", "wrong_state"]
    with real_app.app_context():
        closed = db.session.get_one(Round, round_id)
        assert closed.state == "decided"
        assert events.holds(round_id)
        db.session.remove()
