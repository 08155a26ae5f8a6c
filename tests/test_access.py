"""Every endpoint times every role: who may not is refused, and nothing is open by accident."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from subsidy import access
from subsidy.db import db
from subsidy.models import (
    Application,
    Decision,
    Interest,
    Meeting,
    ProposalBatch,
    Review,
    Round,
    Scenario,
    User,
)
from subsidy.services import basis_gathering, frozen, standing
from tests import factories
from tests.conftest import MOMENT
from workflows.permissions import ANONYMOUS, Actor, Can, Grant, Role, Target, may

# Who serves in the round and stands to the file in one of these ways.
REVIEWERS = (
    "reviewer of the file",
    "unassigned reviewer",
    "conflicted reviewer",
    "dismissed reviewer",
    "declined reviewer",
    "dropped reviewer",
    "member of the committee",
    "conflicted member",
    "recused member",
    "involved member",
)
# Who asks: a visitor, each role, and the people of the file itself.
PEOPLE = ("visitor", *Role, "member", "stranger", "conflicted officer", "conflicted chair", *REVIEWERS)

# Open to everyone, by name: a new one here is a decision that somebody reviews.
PUBLIC = {
    "public.index",
    "public.rounds",
    "public.round",
    "public.form",
    "public.kinds",
    "public.schema",
    "public.accessibility",
    "public.health",
    "account.set_language",
    "account.login",
    "account.register",
    "account.mail_sent",
    "account.logout",
    "account.confirm",
    "account.forgot",
    "account.reset",
    "panel.standing",
}


@dataclass
class World:
    """A round in review with a file, its people, and one of each role."""

    round_: Round
    application: Application
    reviews: dict[str, Review]
    meeting: Meeting
    interest: Interest
    decision: Decision
    scenario: Scenario
    batch: ProposalBatch
    people: dict[str, User]

    def arguments(self, rule: Rule, person: str) -> dict[str, object]:
        """A value for each part of the address; a review is one's own, for who has one."""
        review = self.reviews.get(person, self.reviews["reviewer of the file"])
        known: dict[str, object] = {
            "slug": self.round_.slug,
            "application_id": self.application.id,
            "review_id": review.id,
            "meeting_id": self.meeting.id,
            "interest_id": self.interest.id,
            "decision_id": self.decision.id,
            "scenario": self.scenario.id,
            "batch_id": self.batch.id,
            "what": "correctie",
            "user_id": self.people["stranger"].id,
            "kind": "netwerk",
        }
        converters = rule._converters
        return {
            name: known.get(name, 1 if isinstance(converters[name], IntegerConverter) else "onbekend")
            for name in rule.arguments
        }

    def actor(self, person: str) -> Actor:
        """The person as the policy sees them."""
        if person == "visitor":
            return ANONYMOUS
        user = self.people[person]
        return Actor(user.id, frozenset(Grant(Role(row.role), row.round_id) for row in user.grants))


@pytest.fixture
def world(app: Flask) -> World:
    """Make it."""
    round_ = factories.make_round(phase_by_hand="review", phase_reason="toets")
    people: dict[str, User] = {role.value: factories.make_user(role=role) for role in Role}
    people["member"] = factories.make_user(role=Role.APPLICANT)
    people["stranger"] = factories.make_user(role=Role.APPLICANT)
    people["conflicted officer"] = factories.make_user(role=Role.OFFICER)
    people["conflicted chair"] = factories.make_user(role=Role.CHAIR)
    people |= {name: factories.make_user(role=Role.REVIEWER) for name in REVIEWERS}
    application = factories.make_application(round_, "in_review", member=people["member"])
    reviews = {"reviewer of the file": factories.make_review(application, people["reviewer of the file"])}
    for name in ("conflicted officer", "conflicted chair", "conflicted member"):
        factories.make_interest(application, people[name])
    factories.make_interest(application, people["involved member"], extent="round")
    reviews["conflicted reviewer"] = factories.make_review(
        application, people["conflicted reviewer"], declared_at=MOMENT, conflict="Familie"
    )
    reviews["dismissed reviewer"] = factories.make_review(
        application, people["dismissed reviewer"], declared_at=MOMENT
    )
    factories.make_interest(
        application,
        people["dismissed reviewer"],
        decision="dismissed",
        decision_reason="Te lang geleden.",
        decided_by=people[Role.CHAIR].id,
        decided_at=MOMENT,
    )
    factories.serve(people["unassigned reviewer"], round_)
    factories.serve(people["declined reviewer"], round_, answer="declined", secrecy_at=None)
    factories.serve(people["dropped reviewer"], round_, dropped_at=MOMENT, drop_reason="Ziek")
    for name in ("declined reviewer", "dropped reviewer"):
        reviews[name] = factories.make_review(application, people[name], declared_at=MOMENT)
    for name in ("member of the committee", "conflicted member", "recused member", "involved member"):
        factories.serve(people[name], round_, "committee")
    meeting = factories.make_meeting(round_, application)
    factories.make_recusal(meeting, application, people["recused member"])
    interest = factories.make_interest(application, people[Role.FINANCE])
    asker = factories.make_user(Role.OFFICER)
    decision = propose(application, asker, people[Role.OFFICER])
    scenario = factories.make_scenario(round_, asker)
    batch = ProposalBatch(
        round_id=round_.id, announce_on=MOMENT.date(), asked_by=asker.id, asked_at=MOMENT, finished_at=MOMENT
    )
    db.session.add(batch)
    db.session.commit()
    return World(round_, application, reviews, meeting, interest, decision, scenario, batch, people)


def propose(application: Application, officer: User, other: User) -> Decision:
    """A rejection that one officer proposed and the other could confirm."""
    gathered = basis_gathering.gather(application.round)
    decision = Decision(
        application_id=application.id,
        round_id=application.round_id,
        outcome="rejected",
        ground="criterion:relevantie",
        motivation="De aanvraag is te algemeen.",
        announce_on=MOMENT.date(),
        proposed_by=officer.id,
        proposed_at=MOMENT,
        mandate_id=factories.give_mandate(other).id,
        frozen_sha256=frozen.keep(application.round, gathered.material, now=MOMENT),
        basis=gathered[application.id].stored(),
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def rules(app: Flask) -> Iterator[Rule]:
    """Every address but static files."""
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def test_every_view_names_its_guard(whole_app: Flask) -> None:
    bare = {
        rule.endpoint
        for rule in rules(whole_app)
        if not hasattr(whole_app.view_functions[rule.endpoint], "guard")
    }
    assert bare == set()


def test_public_views_are_these(whole_app: Flask) -> None:
    found = {
        rule.endpoint
        for rule in rules(whole_app)
        if getattr(whole_app.view_functions[rule.endpoint], "guard", "none") is None
    }
    assert found <= PUBLIC, f"public by accident: {sorted(found - PUBLIC)}"


def test_view_without_guard_is_refused(real_app: Flask) -> None:
    real_app._got_first_request = False
    real_app.add_url_rule("/vergeten", "vergeten", lambda: "geheim")
    assert real_app.test_client().get("/vergeten").status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_not_is_refused_everywhere(
    app: Flask, world: World, as_user: Callable[[User], FlaskClient], person: str
) -> None:
    client = app.test_client() if person == "visitor" else as_user(world.people[person])
    actor = world.actor(person)
    wrong = []
    for rule, guard, url, permitted in questions(app, world, person, actor):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            status = answer(client, method, url)
            if not permitted and status not in REFUSED:
                wrong.append(f"{method} {rule.endpoint}: {person} got {status} without {guard}")
            if permitted and status in {403, "login"}:
                wrong.append(f"{method} {rule.endpoint}: {person} was refused with {guard}")
    assert wrong == []


def questions(app: Flask, world: World, person: str, actor: Actor) -> list[tuple[Rule, Can, str, bool]]:
    """Each address with its guard, and whether the policy permits it: all asked before anybody goes there."""
    found, targets = [], dict[frozenset[str], Target]()
    for rule in rules(app):
        view = inspect.unwrap(app.view_functions[rule.endpoint], stop=lambda f: hasattr(f, "guard"))
        guard: Can | None = getattr(view, "guard", None)
        if guard is None or rule.endpoint == "account.logout":
            continue
        parts = frozenset(rule.arguments)
        if parts not in targets:
            targets[parts] = target_of(world, rule, actor)
        url = app.url_map.bind("localhost").build(rule.endpoint, world.arguments(rule, person))
        found.append((rule, guard, url, may(actor, guard, targets[parts])))
    return found


REFUSED = {403, 404, "login", "declare"}


def answer(client: FlaskClient, method: str, url: str) -> int | str:
    """The status, or "login" or "declare" for being sent there; what it changed is undone."""
    # Not with "with": an error page rolls back and then reads the person again, which "with" forbids.
    savepoint = db.session.begin_nested()
    response = client.open(url, method=method)
    if savepoint.is_active:
        savepoint.rollback()
    if response.status_code in {302, 303} and "/account/inloggen" in response.headers.get("Location", ""):
        return "login"
    if response.status_code in {302, 303} and response.headers.get("Location", "").endswith("/belang"):
        return "declare"
    return response.status_code


def target_of(world: World, rule: Rule, actor: Actor) -> Target:
    """What the policy knows when this address is asked for."""
    if "application_id" in rule.arguments or "review_id" in rule.arguments:
        return standing.to_application(actor, world.application, now=MOMENT)
    if "interest_id" in rule.arguments:
        target = standing.to_application(actor, world.application, now=MOMENT)
        return replace(target, owner_id=world.interest.user_id)
    if {"slug", "meeting_id"} & rule.arguments:
        return standing.to_round(actor, world.round_, now=MOMENT)
    if "user_id" in rule.arguments:
        return replace(access.door(), owner_id=world.people["stranger"].id)
    return access.door()
