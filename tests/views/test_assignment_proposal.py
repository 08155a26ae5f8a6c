"""A proposal for the reviewers in the browser: asked for, waited for, changed by hand, confirmed."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, AssignmentProposal, Event, Mail, ProposedPair, Review, Round, User
from subsidy.services import assignment_solving
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.pages import parse, words
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
TYPED = {"due_on": "2026-04-15", "most": "10"}


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round(phase_by_hand="closed", phase_reason="toets")


def eligible(round_: Round, **values: object) -> Application:
    return factories.make_application(round_, "eligible", **{"requested_cents": 3_000_000, **values})


def base(round_: Round) -> str:
    return f"/bureau/ronden/{round_.slug}/toewijzen"


def proposals() -> list[AssignmentProposal]:
    found = db.session.scalars(select(AssignmentProposal).order_by(AssignmentProposal.id)).all()
    for one in found:
        db.session.refresh(one)
    return list(found)


def proposed(client: FlaskClient, round_: Round, **typed: str) -> str:
    """Ask for a proposal, let the job make it, and give its address."""
    location = client.post(base(round_), data={**TYPED, **typed}).location
    assert location is not None
    assignment_solving.solve({"proposal_id": proposals()[-1].id})
    return location


def pairs() -> set[tuple[int, int, str]]:
    rows = db.session.execute(
        select(ProposedPair.application_id, ProposedPair.user_id, ProposedPair.origin).where(
            ProposedPair.proposal_id == proposals()[-1].id
        )
    )
    return {(row.application_id, row.user_id, row.origin) for row in rows}


def version() -> int:
    return proposals()[-1].version


def reviews() -> set[tuple[int, int | None]]:
    rows = db.session.execute(select(Review.application_id, Review.reviewer_id))
    return {(row.application_id, row.reviewer_id) for row in rows}


def test_from_asking_to_everybody_being_asked(round_: Round, as_user: AsUser) -> None:
    application = eligible(round_)
    people = [factories.make_reviewer(round_, name=name) for name in ("Ali", "Bo", "Cem")]
    client = as_user(Role.OFFICER)
    where = client.post(base(round_), data=TYPED).location
    assert client.post(base(round_), data=TYPED).location == where
    (proposal,) = proposals()
    waiting = client.get(where).get_data(as_text=True)
    assert "hx-get" in waiting
    progress = client.get(f"{where}/stand")
    assert "HX-Refresh" not in progress.headers
    assignment_solving.solve({"proposal_id": proposal.id})
    assignment_solving.solve({"proposal_id": proposal.id})
    assert client.get(f"{where}/stand").headers["HX-Refresh"] == "true"
    page = client.get(where).get_data(as_text=True)
    table, _loads = parse(page).findall(".//tbody")
    chosen = {user.id for user in people if user.name in words(table)}
    assert len(chosen) == 2
    assert reviews() == set()
    for _ in range(2):
        assert client.post(f"{where}/bevestigen", data={"version": version()}).location == where
    assert reviews() == {(application.id, one) for one in chosen}
    assert len(db.session.scalars(select(Mail)).all()) == 2
    names = db.session.scalars(select(Event.name).order_by(Event.id)).all()
    assert names == ["review.assigned", "assignment.confirmed"]
    assert client.get(where).status_code == 200


def test_changed_by_hand_and_made_again(round_: Round, as_user: AsUser) -> None:
    application = eligible(round_)
    people = [factories.make_reviewer(round_, name=name) for name in ("Ali", "Bo", "Cem", "Dee")]
    client = as_user(Role.OFFICER)
    where = proposed(client, round_)
    here = f"{where}/aanvraag/{application.id}"
    chosen = {person for _file, person, _origin in pairs()}
    ali, bo = (user for user in people if user.id in chosen)
    cem, dee = (user for user in people if user.id not in chosen)
    old = version()
    client.post(f"{here}/weghalen", data={"person": ali.id, "version": old})
    client.post(f"{here}/weghalen", data={"person": bo.id, "version": old})
    assert pairs() == {(application.id, bo.id, "proposed")}
    assert cem.name in client.get(here).get_data(as_text=True)
    assert client.post(here, data={"version": version()}).status_code == 422
    for _ in range(2):
        client.post(here, data={"person": dee.id, "version": version()})
    assert pairs() == {(application.id, bo.id, "proposed"), (application.id, dee.id, "by_hand")}
    again = client.post(f"{where}/opnieuw").location
    assert again != where
    assert again in client.get(where).get_data(as_text=True)
    assignment_solving.solve({"proposal_id": proposals()[-1].id})
    assert pairs() == {(application.id, bo.id, "proposed"), (application.id, dee.id, "by_hand")}
    client.post(f"{again}/bevestigen", data={"version": version()})
    assert reviews() == {(application.id, bo.id), (application.id, dee.id)}
    assert cem.id not in {person for _file, person in reviews()}


def test_a_world_that_changed_is_told_and_solved_again(round_: Round, as_user: AsUser) -> None:
    first, second = eligible(round_), eligible(round_)
    people = [factories.make_reviewer(round_, name=f"Mens {number}") for number in range(5)]
    client = as_user(Role.OFFICER)
    where = proposed(client, round_)
    before = pairs()
    gone = next(user for user in people if (first.id, user.id, "proposed") in before)
    factories.make_interest(first, gone, capacity="reviewer")
    db.session.commit()
    answer = client.post(f"{where}/bevestigen", data={"version": version()})
    assert answer.status_code == 409
    assert gone.name in answer.get_data(as_text=True)
    assert reviews() == set()
    again = client.post(f"{where}/opnieuw").location
    assignment_solving.solve({"proposal_id": proposals()[-1].id})
    after = pairs()
    assert before - after == {(first.id, gone.id, "proposed")}
    client.post(f"{again}/bevestigen", data={"version": version()})
    assert len(reviews()) == 4
    assert {file for file, _person in reviews()} == {first.id, second.id}


def test_a_close_connection_cannot_be_added_and_a_warning_can(round_: Round, as_user: AsUser) -> None:
    application = eligible(round_)
    own = factories.make_reviewer(round_, name="Eva Eigen", organisation="gemeente  ZOETERMEER")
    client = as_user(Role.OFFICER)
    where = proposed(client, round_)
    here = f"{where}/aanvraag/{application.id}"
    page = client.get(here).get_data(as_text=True)
    assert "Eva Eigen" in page
    assert f'value="{own.id}"' not in page
    assert client.post(here, data={"person": own.id, "version": version()}).status_code == 422
    assert pairs() == set()
    overview = client.get(where).get_data(as_text=True)
    assert 'id="advice-heading"' in overview


def test_who_has_an_interest_sees_and_confirms_nothing_of_the_file(round_: Round, as_user: AsUser) -> None:
    hidden, shown = eligible(round_, title="Verborgen plan"), eligible(round_, title="Open plan")
    for name in ("Ali", "Bo"):
        factories.make_reviewer(round_, name=name)
    where = proposed(as_user(Role.OFFICER), round_)
    biased = factories.make_user(Role.OFFICER)
    factories.make_interest(hidden, biased)
    client = as_user(biased)
    page = client.get(where).get_data(as_text=True)
    assert "Open plan" in page
    assert "Verborgen plan" not in page
    assert hidden.reference is not None
    assert hidden.reference not in page
    _table, loads = parse(page).findall(".//tbody")
    assert [words(row).split()[-2] for row in loads.findall("tr")] == ["1", "1"]
    assert client.get(f"{where}/aanvraag/{hidden.id}").status_code == 404
    refused = client.post(f"{where}/aanvraag/{hidden.id}/weghalen", data={"version": version()})
    assert refused.status_code == 404
    client.post(f"{where}/bevestigen", data={"version": version()})
    assert {file for file, _person in reviews()} == {shown.id}


def test_another_round_and_an_involved_officer_find_nothing(round_: Round, as_user: AsUser) -> None:
    eligible(round_)
    where = proposed(as_user(Role.OFFICER), round_)
    number = where.rsplit("/", 1)[1]
    other = factories.make_round()
    assert as_user(Role.OFFICER).get(f"{base(other)}/voorstel/{number}").status_code == 404
    assert as_user(Role.REVIEWER).get(where).status_code == 404
    involved = factories.make_user(Role.OFFICER)
    factories.make_application(round_, "draft", member=involved)
    assert as_user(involved).get(where).status_code == 404


def test_the_pages_cost_the_same_for_one_and_for_three(
    round_: Round, as_user: AsUser, count_queries: Callable[[], QueryCount]
) -> None:
    client, slug = as_user(Role.OFFICER), round_.slug
    counted: list[tuple[int, ...]] = []
    for extra in (1, 2):
        round_ = db.session.scalars(select(Round).where(Round.slug == slug)).one()
        for _ in range(extra):
            factories.make_review(eligible(round_), factories.make_reviewer(round_))
            factories.make_reviewer(round_)
        db.session.commit()
        where = proposed(client, round_)
        file_id = next(iter(pairs()))[0]
        shown = version()
        seen = []
        for method, path in (
            ("GET", where),
            ("GET", f"{where}/aanvraag/{file_id}"),
        ):
            db.session.expunge_all()
            with count_queries() as queries:
                client.open(path, method=method)
            seen.append(queries.count)
        db.session.expunge_all()
        assert shown == version()
        counted.append(tuple(seen))
    assert counted[0] == counted[1] == (11, 32)


def test_a_kind_without_referents_gets_no_proposal(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round("regiobeeld")
    definition = {**round_.definition, "uses_referents": False}
    bare = factories.make_round(state="draft", published_at=None)
    bare.definition = definition
    answer = as_user(Role.OFFICER).post(base(bare), data=TYPED)
    assert answer.status_code == 422
    assert proposals() == []


def test_who_dropped_out_is_replaced_and_nobody_else(round_: Round, as_user: AsUser) -> None:
    files = [eligible(round_) for _ in range(3)]
    people = [factories.make_reviewer(round_) for _ in range(4)]
    client = as_user(Role.OFFICER)
    where = proposed(client, round_)
    client.post(f"{where}/bevestigen", data={"version": version()})
    before = reviews()
    row = db.session.scalars(
        select(factories.RoundReviewer).filter_by(round_id=round_.id, user_id=people[0].id)
    ).one()
    row.dropped_at = MOMENT
    for review in db.session.scalars(select(Review).filter_by(reviewer_id=people[0].id)):
        review.released_at = MOMENT
    lost = {pair for pair in before if pair[1] == people[0].id}
    db.session.commit()
    again = proposed(client, round_)
    kept = {(file, person) for file, person, origin in pairs() if origin == "kept"}
    new = {(file, person) for file, person, origin in pairs() if origin == "proposed"}
    assert kept == before - lost
    assert {file for file, _person in new} == {file for file, _person in lost}
    client.post(f"{again}/bevestigen", data={"version": version()})
    assert all(sum(file == one.id for file, _person in reviews() - lost) == 2 for one in files)
