"""What an award gives is kept from who has an interest in the round, and from outside until it is announced.

Every address that answers GET is asked for. The amount, the reasons and the names that are looked for stand
nowhere else.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.documents import decision_letters
from subsidy.models import Application, Decision, Membership, User
from tests import factories
from tests.services.later import WITHDRAWAL, confirm, make_decided, propose
from tests.services.rounds import Scene
from tests.views import test_kept_from_the_conflicted as walk
from workflows.permissions import Role

# The ceiling leaves this for the second application; the rest is what a later decision says.
CEILING = 1_776_543
SECRETS = {
    "amount": "€\xa07.765,43",
    "reason": "geheimereden",
    "words": "geheimewoorden",
    "scenario": "geheimscenario",
}
pytestmark = pytest.mark.slow
OFFICE = (Role.OFFICER, Role.FINANCE, Role.EVALUATOR)


@pytest.fixture(autouse=True)
def quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of a few bytes: what they look like is not asked here."""
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: repr(content).encode())


@pytest.fixture
def scene(app: Flask) -> Scene:
    """A round whose first award is being withdrawn: confirmed, and not announced."""
    found = make_decided((5, 4, 3), ceiling_cents=CEILING)
    withdrawal = replace(WITHDRAWAL, reason=SECRETS["reason"], motivation=SECRETS["words"])
    confirm(found, propose(found, 0, withdrawal))
    officer = db.session.get_one(User, found.proposer.user_id)
    factories.make_scenario(found.round, officer, name=SECRETS["scenario"])
    found.propose_all(found.round.closes_at.date() + timedelta(days=900))
    return found


def pages(scene: Scene, file: int, other: int) -> walk.Scene:
    """The addresses of two applications, with the last decision of the other."""
    last = db.session.scalars(
        select(Decision.id)
        .where(Decision.application_id == scene.applications[other].id)
        .order_by(Decision.id.desc())
    ).first()
    ids = {"decision_id": last or 1, "batch_id": 1, "scenario_id": 1}
    return walk.Scene(scene.round, scene.applications[file], scene.applications[other], ids)


@pytest.mark.parametrize(
    ("role", "how"), [*((role, "interest") for role in OFFICE), (Role.OFFICER, "recusal")]
)
def test_no_amount_and_no_reason_reaches_who_has_an_interest(
    app: Flask, scene: Scene, as_user: Callable[[User], FlaskClient], role: Role, how: str
) -> None:
    user = factories.make_user(role)
    factories.declare(user, scene.round)
    if how == "interest":
        factories.make_interest(scene.applications[2], user)
    else:
        meeting = factories.make_meeting(scene.round, scene.applications[2])
        factories.make_recusal(meeting, scene.applications[2], user)
    db.session.commit()
    client = as_user(user)
    assert walk.found(app, client, pages(scene, 1, 0), SECRETS) == set()


def test_without_an_interest_they_are_found(
    app: Flask, scene: Scene, as_user: Callable[[User], FlaskClient]
) -> None:
    user = factories.make_user(Role.OFFICER)
    factories.declare(user, scene.round)
    db.session.commit()
    client = as_user(user)
    seen = walk.found(app, client, pages(scene, 1, 0), SECRETS)
    assert {name for _, name in seen} >= {"amount", "reason", "words", "scenario"}


def test_what_is_not_announced_reaches_no_applicant_and_no_stranger(
    app: Flask, scene: Scene, as_user: Callable[[User], FlaskClient]
) -> None:
    hidden = {name: SECRETS[name] for name in ("reason", "words", "scenario")} | {
        "state": "Subsidie ingetrokken"
    }
    lead = lead_of(scene.applications[0])
    db.session.commit()
    assert walk.found(app, app.test_client(), pages(scene, 0, 0), SECRETS) == set()
    assert walk.found(app, as_user(lead), pages(scene, 0, 0), hidden) == set()


def lead_of(application: Application) -> User:
    query = select(User).join(Membership).where(Membership.application_id == application.id)
    return db.session.scalars(query).one()
