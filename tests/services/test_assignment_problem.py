"""What the solver is asked: who can take on how much, who is away, what an officer may not see."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, ReviewerProfile, Round, RoundReviewer, User
from subsidy.services import assignable, assignment_problem
from subsidy.services.assignment_problem import Choices, here_enough
from tests import factories
from tests.conftest import MOMENT
from workflows.assignment import Problem, Reviewer
from workflows.permissions import Actor, Role

TODAY, DUE = date(2026, 3, 10), date(2026, 3, 29)


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round(phase_by_hand="closed", phase_reason="toets")


@pytest.fixture
def officer(app: Flask) -> Actor:
    return actor_of(factories.make_user(Role.OFFICER))


def eligible(round_: Round, **values: object) -> Application:
    return factories.make_application(round_, "eligible", **{"requested_cents": 3_000_000, **values})


def know(user: User, **values: Any) -> None:
    db.session.add(ReviewerProfile(**{"user_id": user.id, "updated_at": MOMENT, **values}))
    db.session.flush()


def read(round_: Round, actor: Actor, **values: Any) -> Problem:
    choices = Choices(**{"due_on": DUE, "most": 7, **values})
    return assignment_problem.read(round_, actor, choices, today=TODAY)


def person(problem: Problem, user: User) -> Reviewer:
    (found,) = [one for one in problem.reviewers if one.id == user.id]
    return found


def test_what_was_agreed_goes_before_the_profile_and_that_before_the_choice(
    round_: Round, officer: Actor
) -> None:
    agreed, said, silent = (factories.make_reviewer(round_) for _ in range(3))
    for user in (agreed, said):
        know(user, most_reviews=4, themes=["ouderen"], lay=True, languages=["en"])
    row = db.session.query(RoundReviewer).filter_by(user_id=agreed.id).one()
    row.most_reviews = 2
    problem = read(round_, officer)
    assert [person(problem, one).most for one in (agreed, said, silent)] == [2, 4, 7]
    assert person(problem, said).themes == {"ouderen"}
    assert person(problem, said).languages == {"en"}
    assert person(problem, said).lay
    assert person(problem, silent).languages == {"nl"}
    assert not person(problem, silent).themes


def test_a_file_tells_its_themes_domains_and_places(round_: Round, officer: Actor) -> None:
    eligible(round_)
    (file,) = read(round_, officer).files
    assert file.themes == {"preventie"}
    assert file.municipalities == {"GM0637"}
    assert {"gemeente", "burgers"} <= file.domains
    assert file.needed == 2


@pytest.mark.parametrize(
    ("away", "there"),
    [
        ([], True),
        ([["2026-03-20", "2026-03-29"]], True),
        ([["2026-03-19", "2026-04-20"]], False),
        ([["2026-03-01", "2026-03-14"], ["2026-03-20", "2026-03-30"]], False),
        ([["2026-01-01", "2026-01-31"]], True),
    ],
)
def test_who_is_away_for_most_of_the_time_is_not_asked(away: list[list[str]], *, there: bool) -> None:
    assert here_enough(away, TODAY, DUE) is there


def test_interests_bar_and_signs_warn(round_: Round, officer: Actor) -> None:
    application = eligible(round_)
    own = factories.make_reviewer(round_, organisation="Gemeente Zoetermeer")
    near, reported, asked = (factories.make_reviewer(round_) for _ in range(3))
    know(near, own_municipalities=["GM0637"])
    factories.make_interest(application, reported, capacity="reviewer")
    factories.make_review(application, asked, declared_at=MOMENT, conflict="Familie")
    problem = read(round_, officer)
    assert problem.barred == {(application.id, one.id) for one in (own, reported, asked)}
    assert dict(problem.doubtful) == {(application.id, near.id): ("own_region",)}
    assert problem.kept == frozenset()


def test_who_is_involved_in_the_round_is_no_reviewer(round_: Round, officer: Actor) -> None:
    application, involved = eligible(round_), factories.make_reviewer(round_)
    interest = factories.make_interest(application, involved, capacity="reviewer", extent="round")
    assert read(round_, officer).reviewers == ()
    interest.decision, interest.decision_reason = "dismissed", "Het was een ander."
    interest.decided_by, interest.decided_at = officer.user_id, MOMENT
    db.session.flush()
    assert len(read(round_, officer).reviewers) == 1


def test_a_hidden_file_is_no_part_of_it_and_still_takes_time(round_: Round, officer: Actor) -> None:
    hidden, shown = eligible(round_), eligible(round_)
    busy = factories.make_reviewer(round_)
    factories.make_review(hidden, busy)
    factories.make_review(shown, busy)
    biased = factories.make_user(Role.OFFICER)
    factories.make_interest(hidden, biased)
    problem = read(round_, actor_of(biased))
    assert [one.id for one in problem.files] == [shown.id]
    assert person(problem, busy).load == 1
    assert problem.taken() == {busy.id: 2}
    assert person(read(round_, officer), busy).load == 0
    (seen,) = assignable.find_reviewers(round_, unseen={hidden.id})
    assert seen.total_here == 1


def test_a_review_without_an_account_counts_and_is_nobodys(round_: Round, officer: Actor) -> None:
    application = eligible(round_)
    factories.make_review(application, None, score=3)
    (file,) = read(round_, officer).files
    assert file.needed == 1


def test_what_was_fixed_by_hand_counts_as_there_unless_it_is_barred(round_: Round, officer: Actor) -> None:
    application = eligible(round_)
    one, other = factories.make_reviewer(round_), factories.make_reviewer(round_)
    factories.make_interest(application, other, capacity="reviewer")
    fixed = frozenset(
        {(application.id, one.id), (application.id, other.id), (0, one.id), (application.id, 0)}
    )
    assert read(round_, officer, fixed=fixed).kept == {(application.id, one.id)}
    without = read(round_, officer, fixed=fixed, without=frozenset({(application.id, one.id)}))
    assert without.kept == frozenset()


def test_choices_come_back_as_they_were_stored() -> None:
    choices = Choices(DUE, 5, frozenset({"own_region"}), wants_lay=True, previous=frozenset({(1, 2)}))
    assert Choices.from_json(choices.to_json(), DUE) == choices
