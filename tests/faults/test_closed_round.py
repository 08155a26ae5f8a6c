"""A form that was open while the round was closed: what it asks is refused with words, and never a fault."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.documents import decision_letters
from subsidy.models import Application, PanelAdvice, Review, User, Verdict
from subsidy.services import rounds
from tests import factories
from tests.conftest import Clock
from tests.faults.test_strange_forms import FINE, forms_on
from tests.services.later import AFTER, make_decided
from tests.services.rounds import Scene, make_scene
from workflows.permissions import Role

ROOMS = ("office.", "panel.")


@pytest.fixture
def officer(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> User:
    """Give the officer who works in the rounds, and leads the committee."""
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: repr(content).encode())
    clock.now = AFTER
    user = factories.make_user(Role.OFFICER)
    factories.grant(user, Role.CHAIR)
    return user


def pages(app: Flask, client: FlaskClient, scene: Scene) -> Iterator[str]:
    """The pages of the office on this round and on its first application."""
    values = {"slug": scene.round.slug, "application_id": scene.applications[0].id}
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(ROOMS) or "GET" not in (rule.methods or ()):
            continue
        if rule.arguments and rule.arguments <= values.keys():
            known = {name: values[name] for name in rule.arguments}
            answer = client.get(app.url_map.bind("localhost").build(rule.endpoint, known))
            if answer.mimetype == "text/html":
                yield answer.get_data(as_text=True)
            answer.close()


def filled(fields: dict[str, list[str]]) -> dict[str, str]:
    """What somebody would send: the last choice of each, and words where nothing is filled in."""
    return {name: next((one for one in reversed(values) if one), "Omdat.") for name, values in fields.items()}


def judged(scene: Scene) -> list[object]:
    """What the applications of the round were judged by, and what came of it."""
    mine = select(Application.id).where(Application.round_id == scene.round.id)
    columns = (
        select(Application.id, Application.state).where(Application.round_id == scene.round.id),
        select(Review.id, Review.handed_in_at).where(Review.application_id.in_(mine)),
        select(Verdict.id).where(Verdict.application_id.in_(mine)),
        select(PanelAdvice.application_id, PanelAdvice.version).where(PanelAdvice.application_id.in_(mine)),
    )
    return [sorted(map(tuple, db.session.execute(query))) for query in columns]


def forms_for(
    app: Flask, client: FlaskClient, busy: Scene, closing: Scene
) -> list[tuple[str, dict[str, str]]]:
    """The forms of both rounds, those of the busy one aimed at the one that closes."""
    forms = []
    for page in (*pages(app, client, busy), *pages(app, client, closing)):
        for action, fields in forms_on(page):
            here = action.replace(busy.round.slug, closing.round.slug)
            for before, after in zip(busy.applications, closing.applications, strict=False):
                here = here.replace(f"/aanvragen/{before.id}/", f"/aanvragen/{after.id}/")
            forms.append((here, filled(fields)))
    return forms


def fault(client: FlaskClient, scene: Scene, action: str, typed: dict[str, str]) -> str | None:
    """What is wrong with the answer to a form, or with what it changed; None when all is well."""
    before = judged(scene)
    savepoint = db.session.begin_nested()
    try:
        status = client.post(action, data=typed).status_code
        db.session.expire_all()
        changed = judged(scene) != before
    except Exception as error:  # noqa: BLE001  # told with where it happened
        return f"{action} {typed!r:.200}: {error!r:.300}"
    finally:
        if savepoint.is_active:
            savepoint.rollback()
        db.session.expire_all()
    if status in FINE and not changed:
        return None
    return f"{action} {typed!r:.200}: {status}{', and it changed what was judged by' if changed else ''}"


def test_no_form_of_before_gets_through_or_breaks(
    app: Flask, as_user: Callable[[User], FlaskClient], officer: User
) -> None:
    busy, scene = make_scene((5, 4)), make_decided()
    for one in (busy, scene):
        factories.declare(officer, one.round)
    client = as_user(officer)
    forms = forms_for(app, client, busy, scene)
    rounds.close(scene.round, actor=scene.proposer, now=AFTER, today=AFTER.date())
    db.session.commit()
    wrong = [fault(client, scene, action, typed) for action, typed in forms]
    assert list(filter(None, wrong)) == []
    assert len({action for action, _ in forms if scene.round.slug in action or "/aanvragen/" in action}) > 12
