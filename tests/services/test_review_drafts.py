"""Writing a review in two windows: what only one changed is taken, and of the rest nothing is lost."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from subsidy.db import db
from subsidy.models import Review
from subsidy.services import review_drafts
from subsidy.services.review_drafts import ClashError, Draft, ReviewClosedError, draft_of, save_draft
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")
TEXTS = st.sampled_from(["", "kort", "anders"])
SCORES = st.sampled_from([None, Decimal(1), Decimal("4.0"), Decimal(4)])
DRAFTS = st.builds(
    Draft,
    st.fixed_dictionaries({"relevantie": SCORES, "kwaliteit": SCORES}),
    st.fixed_dictionaries({"relevantie": TEXTS, "kwaliteit": TEXTS}),
    TEXTS,
    st.sampled_from(["", "fund", "do_not_fund"]),
)


def begun(**values: object) -> Review:
    application = make_application(make_round(), "in_review")
    return make_review(application, make_user(Role.REVIEWER), declared_at=MOMENT, **values)


def with_reasons(**motivations: str) -> Draft:
    return Draft({}, motivations)


class TestTwoWindows:
    def test_in_different_criteria_both_texts_stay(self) -> None:
        review = begun()
        seen = draft_of(review).marks
        save_draft(review, with_reasons(relevantie="tablet"), version=1, seen=seen, now=MOMENT)
        theirs = save_draft(review, with_reasons(kwaliteit="bureau"), version=1, seen=seen, now=MOMENT)
        assert theirs == {"motivation-relevantie"}
        assert draft_of(review).motivations == {"relevantie": "tablet", "kwaliteit": "bureau"}
        assert review.version == 3

    def test_a_page_that_shows_older_text_never_puts_it_back(self) -> None:
        review = begun()
        seen = draft_of(review).marks
        save_draft(review, with_reasons(relevantie="tablet"), version=1, seen=seen, now=MOMENT)
        mine = with_reasons(kwaliteit="bureau")
        save_draft(review, mine, version=1, seen=seen, now=MOMENT)
        more = with_reasons(kwaliteit="bureau en meer")
        assert save_draft(review, more, version=None, seen=mine.marks, now=MOMENT) == {
            "motivation-relevantie"
        }
        assert draft_of(review).motivations == {"relevantie": "tablet", "kwaliteit": "bureau en meer"}

    def test_the_same_part_is_a_clash_and_changes_nothing(self) -> None:
        review = begun()
        seen = draft_of(review).marks
        save_draft(review, with_reasons(relevantie="tablet"), version=1, seen=seen, now=MOMENT)
        with pytest.raises(ClashError) as clash:
            save_draft(review, with_reasons(relevantie="bureau"), version=1, seen=seen, now=MOMENT)
        assert clash.value.parts == {"motivation-relevantie"}
        assert draft_of(review) == with_reasons(relevantie="tablet")

    @given(base=DRAFTS, mine=DRAFTS, theirs=DRAFTS)
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_text_of_either_is_lost(self, base: Draft, mine: Draft, theirs: Draft) -> None:
        review = begun()
        save_draft(review, base, version=1, now=MOMENT)
        seen, version = draft_of(review).marks, review.version
        save_draft(review, theirs, version=version, seen=seen, now=MOMENT)
        there, here = draft_of(review).parts, review_drafts.normal(mine).parts
        was = review_drafts.normal(base).parts
        both = frozenset(
            name
            for name in {*there, *here, *was}
            if len({str(one.get(name)) for one in (there, here, was)}) == 3
        )
        if both:
            with pytest.raises(ClashError) as clash:
                save_draft(review, mine, version=version, seen=seen, now=MOMENT)
            assert (clash.value.parts, draft_of(review).parts) == (both, there)
            return
        save_draft(review, mine, version=version, seen=seen, now=MOMENT)
        found = draft_of(review).parts
        for name in {*there, *here, *was}:
            changed = here.get(name) != was.get(name)
            assert found.get(name) == (here.get(name) if changed else there.get(name))


class TestKept:
    def test_what_one_window_kept_the_other_does_not_take_away(self) -> None:
        review = begun()
        mark = review_drafts.keep(review, [["notes", "een"]], knows="")
        assert mark is not None
        assert review_drafts.keep(review, [["notes", "twee"]], knows="") is None
        again = review_drafts.keep(review, [["notes", "drie"]], knows=mark)
        db.session.expire_all()
        assert (review.kept, review.kept_mark) == ([["notes", "drie"]], again)
        review_drafts.let_go(review, knows=mark)
        assert review.kept_mark == again
        review_drafts.let_go(review, knows=again or "")
        db.session.expire_all()
        assert (review.kept, review.kept_mark) == (None, "")

    def test_saving_in_another_window_leaves_it(self) -> None:
        review = begun()
        review_drafts.keep(review, [["notes", "een"]], knows="")
        save_draft(review, with_reasons(relevantie="bureau"), version=1, now=MOMENT)
        db.session.expire_all()
        assert review.kept == [["notes", "een"]]


@pytest.mark.parametrize("version", [1, None])
def test_what_was_released_is_closed(version: int | None) -> None:
    review = begun()
    db.session.execute(update(Review).values(released_at=MOMENT))
    with pytest.raises(ReviewClosedError):
        save_draft(review, with_reasons(relevantie="te laat"), version=version, now=MOMENT)
