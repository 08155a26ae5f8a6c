"""The chair decides on declared interests: stays out, or takes part again."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Interest,
    Mail,
    Rebuttal,
)
from subsidy.services import (
    interest_decisions,
    interest_overview,
    interests,
    reviews,
    standing,
)
from subsidy.services.advance import NotAllowedError
from subsidy.services.interest_decisions import InterestDecisionError
from subsidy.services.interests import DeclarationRefusedError
from tests.factories import (
    MOMENT,
    make_application,
    make_interest,
    make_review,
    make_round,
    make_user,
)
from tests.services.declared import assigned, chair_of, decide, draft, hand_in, happened, report
from workflows.interests import Kind
from workflows.permissions import Can, Role, may

pytestmark = pytest.mark.usefixtures("app")


class TestTheChair:
    def test_upheld_stays_out_with_the_measure_that_is_settled(self) -> None:
        review, reviewer, actor = assigned()
        interest = interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)
        chair = chair_of(review.application.round)
        decide(interest, chair, "upheld", measure="Ook geen vergadering.")
        assert (interest.decision, interest.decision_measure) == ("upheld", "Ook geen vergadering.")
        assert review.conflict == "werk"
        assert happened()[-1] == ("interest.upheld", {"interest": interest.id})
        mail = db.session.scalars(select(Mail)).one()
        assert mail.recipient == reviewer.email
        assert "Te lang geleden." in mail.body
        with pytest.raises(DeclarationRefusedError, match="declared"):
            report(review.application, actor)

    def test_dismissed_gives_a_review_that_was_handed_in_back_as_it_was(self) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        hand_in(review, actor, draft())
        interest = interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)
        decide(interest, chair_of(review.application.round))
        assert (review.conflict, review.handed_in_at) == (None, MOMENT)
        assert reviews.draft_of(review) == draft()
        target = standing.to_application(actor, review.application, now=MOMENT)
        assert may(actor, Can.REVIEW_VIEW_FILE, target)

    @pytest.mark.parametrize("later", ["advised", "answered"])
    def test_it_does_not_count_again_behind_the_back_of_who_weighed_the_others(self, later: str) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        hand_in(review, actor, draft())
        interest = interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)
        if later == "advised":
            review.application.state = "advised"
        else:
            rebuttal = {"released_at": MOMENT, "last_day": MOMENT.date(), "max_words": 500, "reports": []}
            db.session.add(Rebuttal(application_id=review.application_id, **rebuttal))
        db.session.flush()
        decide(interest, chair_of(review.application.round))
        assert (review.conflict, review.handed_in_at) == (None, None)

    @pytest.mark.parametrize("state", ["in_review", "rebuttal"])
    def test_a_review_that_the_applicant_read_counts_again(self, state: str) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        hand_in(review, actor, draft())
        reports = [{"number": 1, "review": review.id, "parts": []}]
        rebuttal = {"released_at": MOMENT, "last_day": MOMENT.date(), "max_words": 500, "reports": reports}
        db.session.add(Rebuttal(application_id=review.application_id, **rebuttal))
        review.application.state = state
        db.session.flush()
        interest = interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)
        decide(interest, chair_of(review.application.round))
        assert (review.conflict, review.handed_in_at) == (None, MOMENT)

    @pytest.mark.parametrize("outcome", ["upheld", "dismissed"])
    def test_who_is_involved_is_no_reviewer_of_any_file_of_the_round(self, outcome: str) -> None:
        first, _, actor = assigned(declared_at=MOMENT)
        round_ = first.application.round
        others = [
            make_review(make_application(round_, state), first.account, declared_at=MOMENT)
            for state in ("in_review", "in_review", "awarded")
        ]
        elsewhere = make_review(make_application(make_round(), "in_review"), first.account, score=Decimal(4))
        for review in (first, others[0]):
            hand_in(review, actor, draft())
        interest = interests.declare_interest(
            first, nature="mede-aanvrager", measure="", actor=actor, now=MOMENT, kind=Kind.INVOLVED
        )
        barred = [one.conflict is not None for one in (first, *others, elsewhere)]
        assert barred == [True, True, True, False, False]
        assert (others[0].handed_in_at, elsewhere.handed_in_at) == (None, MOMENT)
        chair = chair_of(round_)
        assert interest_decisions.find_waiting(chair) == [interest]
        following = db.session.scalars(select(Interest).where(Interest.follows_id == interest.id)).first()
        assert following is not None
        decide(following, chair, outcome)
        assert {one.decision for one in db.session.scalars(select(Interest))} == {outcome}
        back = MOMENT if outcome == "dismissed" else None
        assert (first.handed_in_at, others[0].handed_in_at, others[1].handed_in_at) == (back, back, None)
        assert db.session.scalar(select(func.count()).select_from(Mail)) == 1

    def test_dismissed_opens_a_review_that_was_not_begun(self) -> None:
        review, _, actor = assigned()
        interest = interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)
        decide(interest, chair_of(review.application.round))
        target = standing.to_application(actor, review.application, now=MOMENT)
        assert may(actor, Can.REVIEW_WRITE, target)

    def test_declared_again_bars_again_and_is_decided_again(self) -> None:
        review, _, actor = assigned()
        chair = chair_of(review.application.round)
        first = interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)
        decide(first, chair)
        second = interests.declare_interest(review, nature="familie", measure="", actor=actor, now=MOMENT)
        assert review.conflict == "familie"
        decide(second, chair, "upheld")
        found = interest_overview.overview_of(review.application.round)
        assert [(one.nature, one.decision) for one in found] == [("werk", "dismissed"), ("familie", "upheld")]

    def test_two_chairs_decide_once(self) -> None:
        interest = make_interest(make_application(make_round(), "in_review"), make_user(Role.OFFICER))
        round_ = interest.application.round
        decide(interest, chair_of(round_), "upheld")
        with pytest.raises(InterestDecisionError, match="decided_already"):
            decide(interest, chair_of(round_))
        assert interest.decision == "upheld"

    def test_on_the_own_declaration_the_deputy_decides(self) -> None:
        application = make_application(make_round(), "in_review")
        chair, deputy = make_user(Role.CHAIR), make_user(Role.CHAIR)
        interest = report(application, actor_of(chair), capacity="chair")
        with pytest.raises(NotAllowedError):
            decide(interest, actor_of(chair))
        assert interest_decisions.count_waiting(actor_of(chair)) == 0
        assert interest_decisions.count_waiting(actor_of(deputy)) == 1
        assert interest_decisions.find_waiting(actor_of(deputy)) == [interest]
        decide(interest, actor_of(deputy))
        assert interest_decisions.count_waiting(actor_of(deputy)) == 0

    def test_a_chair_with_an_interest_in_the_same_file_decides_nothing_of_it(self) -> None:
        interest = make_interest(make_application(make_round(), "in_review"), make_user(Role.OFFICER))
        chair = make_user(Role.CHAIR)
        make_interest(interest.application, chair)
        with pytest.raises(NotAllowedError):
            decide(interest, actor_of(chair))
        assert interest_decisions.count_waiting(actor_of(chair)) == 0

    def test_a_decision_has_a_reason_and_an_outcome(self) -> None:
        interest = make_interest(make_application(make_round(), "in_review"), make_user(Role.OFFICER))
        chair = chair_of(interest.application.round)
        with pytest.raises(InterestDecisionError, match="reason_needed"):
            decide(interest, chair, reason=" ")
        with pytest.raises(InterestDecisionError, match="outcome_unknown"):
            decide(interest, chair, "maybe")
        assert happened() == []
