"""Interests as data: declared before a file opens, or later, by whoever has a hand in it."""

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    EventDetail,
    Interest,
    Membership,
    OverriddenWarning,
)
from subsidy.services import (
    events,
    interest_overview,
    interests,
    reviews,
    standing,
)
from subsidy.services.interests import DeclarationRefusedError
from subsidy.services.reach import rounds_for
from subsidy.services.reviews import ReviewClosedError
from tests.factories import (
    MOMENT,
    make_application,
    make_round,
    make_user,
)
from tests.services.declared import (
    assigned,
    assigned_hidden,
    chair_of,
    decide,
    draft,
    hand_in,
    happened,
    report,
)
from workflows.interests import Kind
from workflows.permissions import Can, Role, may

pytestmark = pytest.mark.usefixtures("app")


class TestDeclaring:
    def test_no_interest_opens_the_file_and_is_an_event(self) -> None:
        review, _, actor = assigned()
        interests.declare_no_interest(review, actor=actor, now=MOMENT)
        assert (review.declared_at, review.conflict) == (MOMENT, None)
        assert happened() == [("review.no_interest_declared", {"review": review.id})]

    def test_what_the_interest_is_lies_outside_the_chain(self) -> None:
        review, _, actor = assigned()
        interests.declare_interest(review, nature=" familie ", measure="ander", actor=actor, now=MOMENT)
        assert (review.conflict, review.conflict_measure) == ("familie", "ander")
        (interest,) = db.session.scalars(select(Interest))
        facts = {"interest": interest.id, "review": review.id, "was_handed_in": False}
        assert happened() == [("review.interest_declared", facts)]
        said = {"kind": "other", "nature": "familie", "measure": "ander"}
        assert db.session.scalars(select(EventDetail.body)).one() == said
        assert list(events.verify()) == []

    def test_an_interest_says_what_it_is(self) -> None:
        review, _, actor = assigned()
        with pytest.raises(DeclarationRefusedError, match="blank"):
            interests.declare_interest(review, nature=" \n", measure="", actor=actor, now=MOMENT)
        assert review.declared_at is None

    @pytest.mark.parametrize("interest", [True, False])
    def test_a_declaration_is_made_once(self, *, interest: bool) -> None:
        review, _, actor = assigned()

        def declare() -> None:
            if interest:
                interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)
            else:
                interests.declare_no_interest(review, actor=actor, now=MOMENT)

        declare()
        with pytest.raises(DeclarationRefusedError, match="declared"):
            declare()
        assert len(happened()) == 1

    def test_who_takes_part_in_the_round_cannot_declare_no_interest(self) -> None:
        review, reviewer, actor = assigned()
        other = make_application(review.application.round)
        db.session.add(Membership(application_id=other.id, user_id=reviewer.id, capacity="view"))
        db.session.flush()
        with pytest.raises(DeclarationRefusedError, match="involved"):
            interests.declare_no_interest(review, actor=actor, now=MOMENT)
        interests.declare_interest(review, nature="ik doe mee", measure="", actor=actor, now=MOMENT)

    def test_an_interest_found_later_keeps_what_was_written_and_takes_it_out_of_the_count(self) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        hand_in(review, actor, draft())
        interests.declare_interest(review, nature="nieuwe baan", measure="", actor=actor, now=MOMENT)
        assert review.handed_in_at is None
        assert reviews.draft_of(review) == draft()
        name, facts = happened()[-1]
        assert (name, facts["was_handed_in"]) == ("review.interest_declared", True)
        with pytest.raises(ReviewClosedError):
            hand_in(review, actor, draft())

    def test_after_no_interest_an_interest_can_be_declared_and_never_the_other_way(self) -> None:
        review, _, actor = assigned()
        interests.declare_no_interest(review, actor=actor, now=MOMENT)
        interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)
        with pytest.raises(DeclarationRefusedError, match="declared"):
            interests.declare_no_interest(review, actor=actor, now=MOMENT)
        assert review.conflict == "werk"

    def test_after_the_decision_an_interest_is_for_the_office(self) -> None:
        review, _, actor = assigned("withdrawn")
        with pytest.raises(DeclarationRefusedError, match="decided"):
            interests.declare_interest(review, nature="werk", measure="", actor=actor, now=MOMENT)


class TestSigns:
    def test_no_interest_despite_a_sign_says_why_and_that_is_kept(self) -> None:
        review, reviewer, actor = assigned()
        reviewer.organisation = "Gemeente Zoetermeer"
        with pytest.raises(DeclarationRefusedError, match="why_needed"):
            interests.declare_no_interest(review, actor=actor, now=MOMENT, why=" ")
        assert (review.declared_at, happened()) == (None, [])
        interests.declare_no_interest(review, actor=actor, now=MOMENT, why=" Een andere afdeling. ")
        (kept,) = interest_overview.overridden_in(review.application.round)
        assert (kept.name, kept.reason, [sign.code.value for sign in kept.signs]) == (
            reviewer.name,
            "Een andere afdeling.",
            ["same_organisation"],
        )
        assert happened() == [("review.no_interest_declared", {"review": review.id})]
        assert db.session.scalars(select(EventDetail.body)).one() == {"why": "Een andere afdeling."}

    def test_a_round_that_hides_who_applies_asks_for_ties_and_tells_nothing_by_a_sign(self) -> None:
        review, reviewer, actor = assigned_hidden()
        reviewer.organisation = "Huisartsen Zoetermeer"
        other = make_application(review.application.round)
        other.participations[1].name = "GGD Elders"
        db.session.flush()
        offered = dict(interests.organisations_in(review.application.round))
        assert list(offered.values()) == sorted(offered.values(), key=str.casefold)
        assert len(offered) == 5
        with pytest.raises(DeclarationRefusedError, match="blank"):
            interests.declare_ties(review, ["ggd elders"], nature=" ", actor=actor, now=MOMENT)
        assert interests.declare_ties(review, ["ggd elders"], nature="Werk", actor=actor, now=MOMENT) is None
        assert (review.declared_at, review.conflict) == (MOMENT, None)
        assert db.session.scalars(select(OverriddenWarning.reason)).all() == [""]

    def test_an_organisation_of_the_file_that_is_ticked_closes_it(self) -> None:
        review, _, actor = assigned_hidden()
        tie = "huisartsen zoetermeer"
        found = interests.declare_ties(review, [tie], nature="Ik werk daar.", actor=actor, now=MOMENT)
        assert found is not None
        assert review.conflict == "Ik werk daar."


class TestReporting:
    def test_who_is_of_the_office_declares_without_a_review(self) -> None:
        application = make_application(make_round(), "in_review")
        officer = make_user(Role.OFFICER)
        interest = report(application, actor_of(officer), measure="Ik loop de kamer uit.")
        assert (interest.extent, interest.capacity, interest.handed_in_at) == ("file", "officer", None)
        assert happened() == [("interest.declared", {"interest": interest.id})]
        with pytest.raises(DeclarationRefusedError, match="declared"):
            report(application, actor_of(officer))
        target = standing.to_application(actor_of(officer), application, now=MOMENT)
        assert not may(actor_of(officer), Can.APPLICATION_VIEW, target)

    def test_a_review_of_the_same_person_closes_with_it(self) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        hand_in(review, actor, draft())
        report(review.application, actor, capacity="committee")
        assert (review.handed_in_at, review.conflict) == (None, "Ik werk daar.")

    @pytest.mark.parametrize(("state", "code"), [("withdrawn", "decided"), ("draft", "not_sent_in")])
    def test_not_of_every_application(self, state: str, code: str) -> None:
        with pytest.raises(DeclarationRefusedError, match=code):
            report(make_application(make_round(), state), actor_of(make_user(Role.OFFICER)))

    def test_who_is_directly_involved_is_out_of_every_file_of_the_round(self) -> None:
        round_ = make_round()
        involved, other = make_application(round_, "in_review"), make_application(round_, "in_review")
        officer = actor_of(make_user(Role.OFFICER))
        interest = report(involved, officer, kind=Kind.INVOLVED)
        assert interest.extent == "round"
        target = standing.to_application(officer, other, now=MOMENT)
        assert not may(officer, Can.APPLICATION_VIEW, target)
        assert not may(officer, Can.ROUND_VIEW, standing.to_round(officer, round_, now=MOMENT))
        assert db.session.scalars(rounds_for(officer, Role.OFFICER)).all() == []
        decide(interest, chair_of(round_))
        assert may(officer, Can.APPLICATION_VIEW, standing.to_application(officer, other, now=MOMENT))
