"""A decision takes the place of another: what it says, what it moves, and what it never changes."""

from dataclasses import replace
from datetime import timedelta
from json import loads

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Decision, Event, Hearing
from subsidy.services import (
    announcements,
    confirming,
    earlier,
    events,
    following,
    later_decisions,
    ledger,
    proposing,
    snapshots,
    statistics,
)
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError
from subsidy.services.figures.cases import cases_of
from subsidy.services.ledger import CeilingExceededError
from subsidy.services.round_file_export import export_round
from tests.factories import make_user
from tests.services.later import (
    AFTER,
    CORRECTION,
    REMEDY,
    WITHDRAWAL,
    carry_out,
    coded,
    confirm,
    in_force_of,
    lines,
    make_decided,
    moving_up,
    post,
    propose,
)
from tests.services.rounds import TEN_THOUSAND, Scene
from workflows.permissions import Role
from workflows.snapshot import Decision as Outcome

pytestmark = pytest.mark.usefixtures("app")


def heard(scene: Scene, number: int, *grounds: str) -> None:
    """Let the applicant be heard, and the answer come in."""
    db.session.add(
        Hearing(
            application_id=scene.applications[number].id,
            grounds=list(grounds),
            intention="Wij willen de subsidie verlagen.",
            data="Uw verslag.",
            opened_by=scene.proposer.user_id,
            opened_at=AFTER - timedelta(days=1),
            last_day=AFTER.date(),
            answer="Akkoord.",
            answered_by=scene.proposer.user_id,
            answered_at=AFTER - timedelta(hours=1),
        )
    )
    db.session.flush()


class TestWithdrawal:
    def test_frees_the_money_and_names_the_old(self) -> None:
        scene = make_decided()
        old = in_force_of(scene.applications[0])
        content = (old.outcome, old.amount_cents, old.motivation, old.letter_sha256, dict(old.basis))
        new = carry_out(scene, 0, WITHDRAWAL)
        db.session.refresh(old)
        assert (old.outcome, old.amount_cents, old.motivation, old.letter_sha256, dict(old.basis)) == content
        assert old.replaced_at == AFTER
        assert (new.replaces_id, new.kind, new.outcome, new.amount_cents) == (
            old.id,
            "withdrawal",
            "withdrawn",
            0,
        )
        assert new.frozen_sha256 == old.frozen_sha256
        assert scene.applications[0].state == "withdrawn"
        assert lines(scene)[-1] == (old.id, "released", -TEN_THOUSAND)
        assert ledger.left_of(scene.round) == TEN_THOUSAND
        assert ledger.fits(scene.round)
        assert list(events.verify()) == []

    def test_until_it_is_announced_the_old_one_is_in_force_for_the_applicant(self) -> None:
        scene = make_decided()
        old = in_force_of(scene.applications[0])
        new = confirm(scene, propose(scene, 0, WITHDRAWAL))
        application = scene.applications[0]
        assert application.state == "withdrawn"
        own = following.own(application, now=AFTER)
        assert (own.state, own.decision) == (following.Public.AWARDED, old)
        post(scene, new, at=AFTER)
        own = following.own(application, now=AFTER)
        assert (own.state, own.decision) == (following.Public.AWARD_WITHDRAWN, new)
        assert not following.can_withdraw(application)

    def test_needs_a_ground_of_the_law_and_a_reason(self) -> None:
        scene = make_decided()
        for changes, code in (({"coded": ()}, "coded_needed"), ({"reason": " "}, "reason_needed")):
            with pytest.raises(DecisionError) as error:
                propose(scene, 0, replace(WITHDRAWAL, **changes))
            assert error.value.code == code

    def test_against_the_will_of_the_recipient_is_heard_first(self) -> None:
        scene = make_decided()
        forced = replace(WITHDRAWAL, coded=coded("activities_not_done"))
        with pytest.raises(DecisionError) as error:
            propose(scene, 0, forced)
        assert error.value.code == "hearing_needed"
        heard(scene, 0, "activities_not_done")
        assert propose(scene, 0, forced).kind == "withdrawal"

    def test_of_what_was_never_awarded(self) -> None:
        scene = make_decided()
        with pytest.raises(DecisionError) as error:
            propose(scene, 2, WITHDRAWAL)
        assert error.value.code == "kind_impossible"

    def test_before_the_announcement_of_the_first(self) -> None:
        scene = make_decided()
        propose(scene, 0, WITHDRAWAL)
        with pytest.raises(DecisionError) as error:
            propose(scene, 0, WITHDRAWAL)
        assert error.value.code == "already_proposed"

    def test_a_withdrawn_award_comes_back_by_a_correction_while_there_is_money(self) -> None:
        scene = make_decided()
        carry_out(scene, 0, WITHDRAWAL)
        again = carry_out(scene, 0, CORRECTION)
        assert scene.applications[0].state == "awarded"
        assert again.replaces_id is not None
        assert scene.round.promised_cents == 2 * TEN_THOUSAND
        assert ledger.fits(scene.round)


class TestCorrection:
    def test_a_lower_amount_releases_the_difference(self) -> None:
        scene = make_decided()
        heard(scene, 0, "awarded_wrongly")
        lower = replace(CORRECTION, amount_cents=600_000, ground="ceiling", coded=coded("awarded_wrongly"))
        carry_out(scene, 0, lower)
        assert [(kind, cents) for _, kind, cents in lines(scene)][-2:] == [
            ("released", -TEN_THOUSAND),
            ("promised", 600_000),
        ]
        assert ledger.left_of(scene.round) == 400_000

    def test_to_a_rejection_and_back(self) -> None:
        scene = make_decided()
        heard(scene, 0, "awarded_wrongly")
        refused = replace(
            CORRECTION,
            outcome=Outcome.REJECTED,
            amount_cents=0,
            starts_on=None,
            ground="below_threshold",
            coded=coded("awarded_wrongly"),
        )
        carry_out(scene, 0, refused)
        assert scene.applications[0].state == "rejected"
        carry_out(scene, 0, CORRECTION)
        assert scene.applications[0].state == "awarded"

    def test_over_the_ceiling_is_refused_and_leaves_everything(self) -> None:
        scene = make_decided()
        decision = propose(scene, 2, CORRECTION)
        with pytest.raises(CeilingExceededError):
            confirm(scene, decision)
        db.session.expire_all()
        assert scene.applications[2].state == "rejected"
        assert scene.round.promised_cents == 2 * TEN_THOUSAND

    def test_sent_back_leaves_the_old_one_in_force(self) -> None:
        scene = make_decided()
        old = in_force_of(scene.applications[0])
        proposal = propose(scene, 0, CORRECTION)
        confirming.send_back(scene.applications[0], reason="Andere datum.", actor=scene.confirmer, now=AFTER)
        assert in_force_of(scene.applications[0]) is old
        assert proposal.returned_at is not None
        assert propose(scene, 0, CORRECTION).replaces_id == old.id

    def test_missed_and_renewed_books_once(self) -> None:
        scene = make_decided()
        taken = confirm(scene, propose(scene, 0, WITHDRAWAL))
        late = AFTER + timedelta(days=1)
        renewed = proposing.renew(taken, announce_on=late.date(), actor=scene.proposer, now=late)
        digest = scene.letter(renewed)
        confirming.confirm(scene.applications[0], letter_sha256=digest, actor=scene.confirmer, now=late)
        post(scene, renewed, at=late)
        assert scene.applications[0].state == "withdrawn"
        assert sum(cents for _, kind, cents in lines(scene) if kind == "released") == -TEN_THOUSAND

    def test_of_brought_in_history(self) -> None:
        scene = make_decided()
        decision = in_force_of(scene.applications[0])
        assert later_decisions.kinds_for(decision, TEN_THOUSAND) != ()
        db.session.expunge(decision)
        decision.imported = True
        assert later_decisions.kinds_for(decision, TEN_THOUSAND) == ()


class TestRemedy:
    def test_is_outside_the_ceiling_and_keeps_the_original_round(self) -> None:
        scene = make_decided()
        old = in_force_of(scene.applications[2])
        new = carry_out(scene, 2, REMEDY)
        assert lines(scene)[-1] == (new.id, "outside", TEN_THOUSAND)
        assert (scene.round.promised_cents, ledger.left_of(scene.round)) == (2 * TEN_THOUSAND, 0)
        assert (new.frozen_sha256, new.remedy_of) == (old.frozen_sha256, REMEDY.remedy_of)
        assert scene.applications[2].state == "awarded"
        assert ledger.fits(scene.round)

    def test_says_what_it_follows(self) -> None:
        scene = make_decided()
        with pytest.raises(DecisionError) as error:
            propose(scene, 2, replace(REMEDY, remedy_of=""))
        assert error.value.code == "remedy_needed"

    def test_also_when_the_round_was_closed(self) -> None:
        scene = make_decided()
        scene.round.state = "decided"
        db.session.flush()
        carry_out(scene, 2, REMEDY)
        assert scene.applications[2].state == "awarded"


class TestWho:
    def test_who_proposes_never_confirms(self) -> None:
        scene = make_decided()
        decision = propose(scene, 0, WITHDRAWAL)
        with pytest.raises(NotAllowedError):
            confirming.confirm(
                scene.applications[0], letter_sha256=scene.letter(decision), actor=scene.proposer, now=AFTER
            )

    def test_an_auditor_proposes_nothing(self) -> None:
        scene = make_decided()
        with pytest.raises(NotAllowedError):
            later_decisions.propose_later(
                scene.applications[0], WITHDRAWAL, actor=actor_of(make_user(Role.AUDITOR)), now=AFTER
            )


class TestWhatFollows:
    """Every figure and file counts the decision that counts."""

    def test_figures_count_a_withdrawn_award_as_withdrawn(self) -> None:
        scene = make_decided()
        confirm(scene, propose(scene, 0, WITHDRAWAL))
        found = statistics.evaluation([scene.round.slug])["total"]
        assert {name: found[name] for name in ("awarded", "rejected", "withdrawn", "awarded_cents")} == {
            "awarded": 1,
            "rejected": 1,
            "withdrawn": 1,
            "awarded_cents": TEN_THOUSAND,
        }
        # It was eligible when it was awarded, and that does not end with the award.
        assert found["eligible"] == 3
        (case,) = [one for one in cases_of([scene.round]) if one.id == scene.applications[0].id]
        assert (case.outcome, case.awarded_cents) == ("withdrawn", 0)

    def test_the_file_of_the_round_has_the_last_outcome(self) -> None:
        scene = make_decided()
        carry_out(scene, 0, WITHDRAWAL)
        carry_out(scene, 2, moving_up(scene, scene.applications[2]))
        text = export_round(scene.round)
        outcomes = {one["reference"]: one["outcome"] for one in loads(text)["applications"]}
        names = [one.reference or "" for one in scene.applications]
        assert [outcomes[name]["decision"] for name in names] == ["withdrawn", "awarded", "awarded"]
        assert "amount_cents" not in outcomes[names[0]]
        assert outcomes[names[2]]["amount_cents"] == TEN_THOUSAND

    def test_a_withdrawn_award_is_no_predecessor(self) -> None:
        scene = make_decided()
        name = scene.applications[0].reference or ""
        member = scene.applications[0].members[0].user_id
        assert snapshots.prior_awards([name])[name].awarded
        assert [one.reference for one in earlier.own_awards(member, ["regiobeeld"])] == [name]
        carry_out(scene, 0, WITHDRAWAL)
        assert not snapshots.prior_awards([name])[name].awarded
        assert earlier.own_awards(member, ["regiobeeld"]) == []

    def test_the_chain_tells_of_it(self) -> None:
        scene = make_decided()
        new = carry_out(scene, 0, WITHDRAWAL)
        rows = db.session.scalars(
            select(Event).where(Event.application_id == scene.applications[0].id).order_by(Event.id)
        )
        names = [one.name for one in rows]
        assert names[-4:] == [
            "decision.proposed",
            "decision.letter_made",
            "application.award_withdrawn",
            "decision.posted",
        ]
        assert db.session.get_one(Decision, new.id).announced_at == AFTER
        assert announcements.deliveries_of([new]) == {new.id: []}
