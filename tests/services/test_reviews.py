"""A reviewer's work: the interest first, then scores with reasons, and each handed in once."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Event, Review, User
from subsidy.services import review_lists, reviews, snapshots
from subsidy.services.reviews import (
    ClashError,
    Draft,
    IncompleteError,
    ReviewClosedError,
)
from tests.factories import MOMENT, grant, make_application, make_review, make_round, make_user
from workflows.permissions import Actor, Role

pytestmark = pytest.mark.usefixtures("app")
CRITERIA = ("relevantie", "kwaliteit", "participatie", "haalbaarheid")


def assigned(state: str = "in_review", **values: object) -> tuple[Review, User, Actor]:
    reviewer = make_user(Role.REVIEWER)
    review = make_review(make_application(make_round(), state), reviewer, **values)
    return review, reviewer, actor_of(reviewer)


REASONS = " ".join(["Goed onderbouwd met cijfers over de regio."] * 4)


def draft(score: str | None = "4", motivation: str = REASONS, notes: str = "") -> Draft:
    value = None if score is None else Decimal(score)
    return Draft(dict.fromkeys(CRITERIA, value), dict.fromkeys(CRITERIA, motivation), notes, "fund")


def hand_in(review: Review, actor: Actor, content: Draft, version: int | None = None) -> None:
    definition = snapshots.definition_of(review.application.round)
    version = review.version if version is None else version
    reviews.hand_in(review, content, definition=definition, version=version, actor=actor, now=MOMENT)


def happened() -> list[tuple[str, dict[str, object]]]:
    return [(event.name, event.facts) for event in db.session.scalars(select(Event).order_by(Event.id))]


class TestWriting:
    def test_a_draft_may_be_incomplete(self) -> None:
        review, _, _ = assigned(declared_at=MOMENT)
        part = Draft({"relevantie": Decimal(3), "kwaliteit": None}, {"kwaliteit": " reden "}, " let op ")
        reviews.save_draft(review, part, version=1, now=MOMENT)
        db.session.expire_all()
        kept = Draft({"relevantie": Decimal(3)}, {"kwaliteit": "reden"}, "let op")
        assert (reviews.draft_of(review), review.version, review.updated_at) == (kept, 2, MOMENT)
        reviews.save_draft(review, Draft({}, {}), version=2, now=MOMENT)
        db.session.expire_all()
        assert reviews.draft_of(review) == Draft({}, {}, "")

    def test_a_form_that_was_opened_earlier_does_not_overwrite(self) -> None:
        review, _, _ = assigned(declared_at=MOMENT)
        reviews.save_draft(review, draft("3"), version=1, now=MOMENT)
        with pytest.raises(ClashError):
            reviews.save_draft(review, draft("5"), version=1, now=MOMENT)
        assert reviews.draft_of(review) == draft("3")
        reviews.save_draft(review, draft("5"), version=2, now=MOMENT)
        assert reviews.draft_of(review) == draft("5")

    def test_the_same_twice_is_one_save(self) -> None:
        review, _, _ = assigned(declared_at=MOMENT)
        for _double_click in range(2):
            reviews.save_draft(review, draft("4.0"), version=1, now=MOMENT)
        assert review.version == 2

    @pytest.mark.parametrize(
        "values",
        [{}, {"declared_at": MOMENT, "conflict": "werk"}, {"declared_at": MOMENT, "handed_in_at": MOMENT}],
    )
    def test_nothing_is_written_before_a_declaration_after_an_interest_or_after_handing_in(
        self, values: dict[str, object]
    ) -> None:
        review, _, actor = assigned(**values)
        with pytest.raises(ReviewClosedError):
            reviews.save_draft(review, draft(), version=1, now=MOMENT)
        with pytest.raises(ReviewClosedError):
            hand_in(review, actor, draft())
        assert reviews.draft_of(review) == Draft({}, {}, "")

    @pytest.mark.parametrize("state", ["eligible", "rebuttal", "advised", "withdrawn"])
    def test_handing_in_is_for_applications_in_review(self, state: str) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        review.application.state = state
        db.session.flush()
        with pytest.raises(ReviewClosedError):
            hand_in(review, actor, draft())
        assert review.handed_in_at is None


class TestHandingIn:
    def test_a_complete_review_is_handed_in_once(self) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        hand_in(review, actor, draft())
        assert review.handed_in_at == MOMENT
        assert happened() == [("review.handed_in", {"review": review.id})]
        with pytest.raises(ReviewClosedError):
            hand_in(review, actor, draft())
        assert len(happened()) == 1

    def test_what_is_missing_is_named_in_order_and_the_draft_is_kept(self) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        content = Draft(
            {"relevantie": Decimal(4), "participatie": Decimal(9), "haalbaarheid": Decimal(1)},
            {"relevantie": REASONS, "participatie": "te kort", "haalbaarheid": " \n "},
        )
        with pytest.raises(IncompleteError) as refused:
            hand_in(review, actor, content)
        assert [(one.criterion and one.criterion.id, one.part) for one in refused.value.missing] == [
            ("kwaliteit", "score"),
            ("kwaliteit", "motivation"),
            ("participatie", "score"),
            ("participatie", "short"),
            ("haalbaarheid", "motivation"),
            (None, "recommendation"),
        ]
        assert review.handed_in_at is None
        assert reviews.draft_of(review).motivations == {"relevantie": REASONS, "participatie": "te kort"}
        assert happened() == []

    def test_a_clash_hands_nothing_in(self) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        reviews.save_draft(review, draft("3"), version=1, now=MOMENT)
        with pytest.raises(ClashError):
            hand_in(review, actor, draft("5"), version=1)
        assert review.handed_in_at is None

    def test_a_review_handed_in_counts_in_the_ranking(self) -> None:
        review, _, actor = assigned(declared_at=MOMENT)
        hand_in(review, actor, draft())
        (snapshot,) = snapshots.application_snapshots(review.application.round)
        assert [one.scores for one in snapshot.reviews] == [dict.fromkeys(CRITERIA, Decimal(4))]


class TestOwnList:
    def test_only_own_reviews_in_rounds_of_the_role_open_ones_first(self) -> None:
        mine, elsewhere = make_round(), make_round()
        reviewer = make_user(Role.REVIEWER, mine)
        done = make_review(make_application(mine, "in_review"), reviewer, score=4)
        late = make_review(make_application(mine, "in_review"), reviewer, due_at=MOMENT)
        make_review(make_application(elsewhere, "in_review"), reviewer)
        make_review(make_application(mine, "in_review"), make_user(Role.REVIEWER))
        rows = review_lists.own_list(actor_of(reviewer))
        assert [(row.review_id, row.open, row.scored, row.criteria) for row in rows] == [
            (late.id, True, 0, 4),
            (done.id, False, 4, 4),
        ]
        grant(reviewer, Role.CHAIR)
        assert len(review_lists.own_list(actor_of(reviewer))) == 3

    def test_the_outline_names_organisations_and_people(self) -> None:
        member = make_user(name="Anna")
        application = make_application(make_round(), member=member)
        application.participations[1].contact = "Piet"
        application.participations[2].contact = "Anna"
        db.session.flush()
        outline = review_lists.outline(application)
        assert outline.people == ("Anna", "Piet")
        assert outline.organisations[0] == ("Gemeente Zoetermeer", "gemeente", True)
        assert len(outline.organisations) == 4
