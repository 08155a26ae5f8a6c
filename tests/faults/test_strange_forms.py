"""Every form of the reviewing answers strange input with words: never with a fault, whoever sends it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from subsidy.db import db
from subsidy.models import (
    AgendaItem,
    Application,
    AssignmentProposal,
    Calibration,
    ProposalBatch,
    ProposedPair,
    Rebuttal,
    RoundReviewer,
    User,
)
from subsidy.services import assignment_problem
from tests import factories
from tests.conftest import MOMENT
from tests.pages import parse
from tests.views.test_any_text import STRANGE
from workflows.permissions import Role

VALUES = (
    STRANGE[4],
    STRANGE[-1],
    "-1",
    "0",
    "1,5",
    str(2**31),
    str(2**63),
    "9" * 5_000,
    "1\x000",
    "x" * 100_001,
)
# Nothing, all empty, all twice, and the first of the strange values.
ENOUGH = 4
FINE = {200, 302, 303, 400, 403, 404, 409, 410, 413, 422, 429}
PEOPLE = ("officer", "chair", "referent", "committee", "member", "asked")
HERE = ("/commissie", "/beoordelen", "/bureau", "/evaluatie", "/aanvragen")
ELSEWHERE = ("/bureau/nieuw", "/bureau/rondes")
ROOMS = ("panel.", "reviewer.", "office.", "evaluator.", "applicant.rebuttal", "applicant.hearing")


@dataclass
class Scene:
    """A round in which everything of the reviewing goes on at once."""

    ids: Mapping[str, object]
    people: Mapping[str, User]


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Make it: a discussion, a proposal, a trial application, a rebuttal, a request and an interest."""
    round_ = factories.make_round(phase_by_hand="review", phase_reason="toets", state="published")
    people = {
        "officer": factories.make_user(Role.OFFICER),
        "chair": factories.make_user(Role.CHAIR),
        "referent": factories.make_reviewer(round_),
        "committee": factories.make_reviewer(round_, "committee"),
        "member": factories.make_user(Role.APPLICANT),
        "asked": factories.make_user(Role.APPLICANT),
    }
    for name in ("officer", "chair", "committee"):
        factories.declare(people[name], round_)
    application = factories.make_application(round_, "in_review")
    review = factories.make_review(application, people["referent"], declared_at=MOMENT)
    given = factories.make_review(application, factories.make_reviewer(round_), score=Decimal(4))
    meeting = factories.make_meeting(round_, application)
    item = db.session.get_one(AgendaItem, (meeting.id, application.id))
    item.started_at = MOMENT
    interest = factories.make_interest(application, factories.make_user(Role.FINANCE))
    heard = _heard(factories.make_application(round_, "rebuttal", member=people["member"]))
    factories.hear_before(heard, "wrong_data", last_day=MOMENT.date() + timedelta(days=9))
    asked = RoundReviewer(
        round_id=round_.id,
        user_id=people["asked"].id,
        email=people["asked"].email,
        body="referent",
        invited_at=MOMENT,
        reply_by=MOMENT.date() + timedelta(days=9),
    )
    trial = Calibration(
        round_id=round_.id, title="Proef", case_text="Een plan.", due_on=MOMENT.date(), opened_at=MOMENT
    )
    proposal = AssignmentProposal(
        round_id=round_.id,
        state="ready",
        due_on=MOMENT.date() + timedelta(days=20),
        settings=assignment_problem.usual_choices(round_, MOMENT.date()).to_json(),
        result={"objective": 0, "bound": 0, "gap": 0, "proven": True, "short": 0, "missing": {}, "most": {}},
        asked_by=people["officer"].id,
        asked_at=MOMENT,
    )
    batch = ProposalBatch(
        round_id=round_.id, announce_on=MOMENT.date(), asked_by=people["officer"].id, asked_at=MOMENT
    )
    db.session.add_all([asked, trial, batch, proposal])
    db.session.flush()
    pair = ProposedPair(
        proposal_id=proposal.id,
        application_id=application.id,
        user_id=people["referent"].id,
        origin="proposed",
    )
    db.session.add(pair)
    db.session.commit()
    ids = {
        "slug": round_.slug,
        "application_id": application.id,
        "review_id": review.id,
        "given_id": given.id,
        "meeting_id": meeting.id,
        "number": application.id,
        "interest_id": interest.id,
        "asked_id": asked.id,
        "calibration": trial.id,
        "proposal_id": proposal.id,
        "batch_id": batch.id,
        "file_id": application.id,
        "heard": heard.id,
        "scenario": factories.make_scenario(round_, people["officer"]).id,
        "kind": "netwerk",
    }
    return Scene(ids, people)


def _heard(application: Application) -> Application:
    part = {"criterion": "relevantie", "score": "4", "motivation": "Goed."}
    db.session.add(
        Rebuttal(
            application_id=application.id,
            reports=[{"number": 1, "review": 1, "parts": [part]}],
            released_at=MOMENT,
            last_day=MOMENT.date() + timedelta(days=10),
            max_words=500,
        )
    )
    db.session.flush()
    return application


def addresses(app: Flask, scene: Scene, method: str) -> Iterator[str]:
    """Every address of the reviewing that takes this method, once or (of an application) twice."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(ROOMS) and method in (rule.methods or ()):
            for application_id in (scene.ids["application_id"], scene.ids["heard"]):
                values = _values(rule, {**scene.ids, "application_id": application_id})
                if values is not None:
                    yield app.url_map.bind("localhost").build(rule.endpoint, values)


def _values(rule: Rule, known: Mapping[str, object]) -> dict[str, object] | None:
    return {name: known[name] for name in rule.arguments} if rule.arguments <= known.keys() else None


def forms_on(page: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The forms that post: where to, and each field with what a browser would send for it."""
    for form in parse(page).iter("form"):
        if (form.get("method") or "").lower() != "post":
            continue
        fields: dict[str, list[str]] = {}
        for kind in ("input", "textarea", "select", "button"):
            for field in form.iter(kind):
                options = [one.get("value", "") for one in field.iter("option")]
                typed = (field.text or "") if kind == "textarea" else field.get("value", "")
                if field.get("name"):
                    fields.setdefault(field.get("name", ""), []).extend(options or [typed])
        yield form.get("action") or "", fields


def strange(fields: Mapping[str, list[str]]) -> Iterator[MultiDict[str, str]]:
    """Nothing at all, everything empty, everything twice, and in turn something strange in each field."""
    yield MultiDict()
    yield MultiDict((name, "") for name in fields)
    yield MultiDict((name, value) for name, values in fields.items() for value in [*values, *values])
    usual = {name: next((one for one in values if one), "") for name, values in fields.items()}
    for turn, value in enumerate(VALUES):
        # The others as they should be, so that what is strange comes further than the first check.
        yield MultiDict(
            {
                name: value if number % 3 == turn % 3 else known or VALUES[(turn + number) % len(VALUES)]
                for number, (name, known) in enumerate(usual.items())
            }
        )


def answer(client: FlaskClient, url: str, typed: MultiDict[str, str]) -> int | str:
    """The status, or in words what is wrong with the answer; what it changed is undone."""
    savepoint = db.session.begin_nested()
    try:
        status = client.post(url, data=typed).status_code
    except Exception as error:  # noqa: BLE001  # told with what was sent
        return f"{url} {dict(typed)!r:.300}: {error!r:.400}"
    finally:
        if savepoint.is_active:
            savepoint.rollback()
        db.session.expire_all()
    return status if status in FINE else f"{url} {dict(typed)!r:.300}: {status}"


def fault(client: FlaskClient, url: str, fields: Mapping[str, list[str]]) -> str | None:
    """The first wrong answer to strange input, or None."""
    refused = 0
    for typed in strange(fields):
        found = answer(client, url, typed)
        if isinstance(found, str):
            return found
        refused = refused + 1 if found in {403, 404} else -len(VALUES)
        # Who may not, is refused before anything typed is read: so is whatever else they would type.
        if refused == ENOUGH:
            return None
    return None


@pytest.mark.parametrize("name", PEOPLE)
def test_strange_input_gets_words(
    app: Flask,
    scene: Scene,
    as_user: Callable[[User], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    # What a browser shows is checked elsewhere; here a page may well hold what no browser sends.
    monkeypatch.setattr(app, "test_client_class", FlaskClient)
    client = as_user(scene.people[name])
    forms: dict[str, dict[str, list[str]]] = {url: {} for url in addresses(app, scene, "POST")}
    for url in addresses(app, scene, "GET"):
        response = client.get(url)
        if response.mimetype == "text/html" and "</html>" in response.text:
            for action, fields in forms_on(response.text):
                for field, values in fields.items():
                    forms.setdefault(action, {}).setdefault(field, []).extend(values)
        response.close()
    wrong = []
    for url, fields in sorted(forms.items()):
        if url.startswith(ELSEWHERE) or not url.startswith(HERE):
            continue
        found = fault(client, url, fields or {"person": [""], "version": [""]})
        if found:
            wrong.append(found)
    assert wrong == []
