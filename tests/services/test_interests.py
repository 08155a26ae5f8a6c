"""Interests as data: declared, decided, and what they close."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Event, EventDetail, Interest, Membership, Review, User
from subsidy.services import events, interests, reviews, snapshots
from subsidy.services.interests import DeclarationRefusedError
from subsidy.services.reviews import Draft, ReviewClosedError
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from workflows.permissions import Actor, Role

pytestmark = pytest.mark.usefixtures("app")
CRITERIA = ("relevantie", "kwaliteit", "participatie", "haalbaarheid")


def assigned(state: str = "in_review", **values: object) -> tuple[Review, User, Actor]:
    reviewer = make_user(Role.REVIEWER)
    review = make_review(make_application(make_round(), state), reviewer, **values)
    return review, reviewer, actor_of(reviewer)


def draft() -> Draft:
    return Draft(dict.fromkeys(CRITERIA, Decimal(4)), dict.fromkeys(CRITERIA, "Goed onderbouwd."), "")


def hand_in(review: Review, actor: Actor, content: Draft) -> None:
    definition = snapshots.definition_of(review.application.round)
    reviews.hand_in(review, content, definition=definition, version=review.version, actor=actor, now=MOMENT)


def happened() -> list[tuple[str, dict[str, object]]]:
    return [(event.name, event.facts) for event in db.session.scalars(select(Event).order_by(Event.id))]


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
