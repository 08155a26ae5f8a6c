"""Who has an interest in a file, or left the room for it, finds nothing of it on any page or in any file.

Every address that answers GET is asked for. The file carries words that stand nowhere else; the total of the
other application of the round tells how files compare.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.routing import IntegerConverter, Rule

from subsidy.db import db
from subsidy.models import (
    AgendaItem,
    Application,
    Meeting,
    PanelAdvice,
    ProposalBatch,
    Review,
    Round,
    RoundDeclaration,
    User,
)
from subsidy.services import file_store
from tests import factories
from tests.conftest import MOMENT
from workflows.permissions import Role

# Words of the file that nobody with an interest may read, wherever they stand.
SECRETS = {
    "summary": "geheimsamenvatting",
    "motivation": "geheimmotivering",
    "advice": "geheimadvies",
    "deliberation": "geheimberaad",
    "intention": "geheimvoornemen",
    "view": "geheimzienswijze",
}
# Of the other application: what shows how files compare. The scores make this total.
SCORES = {"relevantie": "5", "kwaliteit": "4", "participatie": "3", "haalbaarheid": "2"}
TOTAL = ("67,5", "67.5")

# Every address, for many people.
pytestmark = pytest.mark.slow

OFFICE = (Role.OFFICER, Role.CHAIR, Role.FINANCE, Role.AUDITOR, Role.EVALUATOR)
REVIEWING = ("referent", "committee")


@dataclass
class Scene:
    """A round in review: the file that is kept from somebody, and another one."""

    round_: Round
    file: Application
    other: Application
    ids: dict[str, int] = field(default_factory=dict)

    def addresses(self, app: Flask) -> Iterator[str]:
        """Every address that is asked for with GET, once for the file and once for the other one."""
        for rule in app.url_map.iter_rules():
            if rule.endpoint in {"static", "account.logout"} or "GET" not in (rule.methods or ()):
                continue
            for application in (self.file, self.other):
                values = self.values(rule, application)
                yield app.url_map.bind("localhost").build(rule.endpoint, values)

    def values(self, rule: Rule, application: Application) -> dict[str, object]:
        known: dict[str, object] = {
            **self.ids,
            "slug": self.round_.slug,
            "application_id": application.id,
            "kind": "netwerk",
        }
        return {
            name: known.get(name, 1 if isinstance(rule._converters[name], IntegerConverter) else "onbekend")
            for name in rule.arguments
        }


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Make it, with advice on both applications and the file under discussion."""
    round_ = factories.make_round(phase_by_hand="panel", phase_reason="toets", state="published")
    file = factories.make_application(round_, "advised", summary=SECRETS["summary"])
    other = factories.make_application(round_, "advised")
    for application in (file, other):
        review = factories.make_review(application, factories.make_reviewer(round_), score=Decimal(4))
        if application is file:
            for row in review.scores:
                row.motivation = SECRETS["motivation"]
        factories.make_review(application, factories.make_reviewer(round_), score=Decimal(3))
        reason = SECRETS["advice"] if application is file else "Een goed plan."
        scores = {} if application is file else SCORES
        db.session.add(
            PanelAdvice(application_id=application.id, reason=reason, scores=scores, recorded_at=MOMENT)
        )
    factories.hear_before(
        file,
        "wrong_data",
        intention=SECRETS["intention"],
        answer=SECRETS["view"],
        answered_at=MOMENT,
    )
    minutes = file_store.put(SECRETS["deliberation"].encode(), media_type="application/pdf", now=MOMENT)
    meeting = factories.make_meeting(round_, file, other)
    meeting.minutes_sha256, meeting.minutes_at = minutes.sha256, MOMENT
    item = db.session.get_one(AgendaItem, (meeting.id, file.id))
    item.deliberation, item.started_at = SECRETS["deliberation"], MOMENT
    officer = factories.make_user(Role.OFFICER)
    scenario = factories.make_scenario(round_, officer)
    batch = ProposalBatch(
        round_id=round_.id,
        announce_on=MOMENT.date(),
        asked_by=officer.id,
        asked_at=MOMENT,
        finished_at=MOMENT,
        refused={file.reference: "motivation_needed"},
    )
    db.session.add(batch)
    db.session.flush()
    ids = {"meeting_id": meeting.id, "scenario": scenario.id, "batch_id": batch.id}
    return Scene(round_, file, other, ids)


def person(scene: Scene, kind: str) -> User:
    """Somebody of the office, or who serves in the round; a referent reviews the file."""
    if kind in REVIEWING:
        user = factories.make_reviewer(scene.round_, kind)
        factories.declare(user, scene.round_)
        if kind == "referent":
            review = factories.make_review(scene.file, user, score=Decimal(4))
            scene.ids["review_id"] = review.id
        return user
    user = factories.make_user(Role(kind))
    factories.declare(user, scene.round_)
    return user


def text_of(response: object) -> str:
    """What an answer says; the sheets of a workbook too."""
    content = response.get_data()  # type: ignore[attr-defined]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return str(content.decode("utf-8", "replace"))


def found(app: Flask, client: FlaskClient, scene: Scene, words: dict[str, str]) -> set[tuple[str, str]]:
    """Which of the words stand behind which address."""
    leaks = set()
    for address in scene.addresses(app):
        response = client.get(address)
        if response.status_code == 200:
            page = text_of(response)
            leaks |= {(address, name) for name, word in words.items() if word in page}
        response.close()
    return leaks


COMPARING = {f"total {spelling}": spelling for spelling in TOTAL}


@pytest.mark.parametrize("kind", [*OFFICE, *REVIEWING])
def test_an_interest_hides_the_file_and_how_the_round_compares(
    app: Flask, scene: Scene, as_user: Callable[[User], FlaskClient], kind: str
) -> None:
    user = person(scene, kind)
    for review in db.session.scalars(select(Review).filter_by(reviewer_id=user.id)):
        review.conflict, review.handed_in_at = "Familie", None
    factories.make_interest(scene.file, user)
    db.session.commit()
    assert found(app, as_user(user), scene, {**SECRETS, **COMPARING}) == set()


@pytest.mark.parametrize("kind", [Role.OFFICER, Role.CHAIR, "committee"])
def test_a_recusal_hides_the_file_for_as_long_as_it_lasts(
    app: Flask, scene: Scene, as_user: Callable[[User], FlaskClient], kind: str
) -> None:
    user = person(scene, kind)
    meeting = db.session.get_one(Meeting, scene.ids["meeting_id"])
    recusal = factories.make_recusal(meeting, scene.file, user)
    db.session.commit()
    assert found(app, as_user(user), scene, {**SECRETS, **COMPARING}) == set()
    recusal.until_at = MOMENT
    db.session.commit()
    assert found(app, as_user(user), scene, SECRETS) != set()


@pytest.mark.parametrize("kind", [Role.OFFICER, Role.CHAIR, "committee"])
def test_without_an_interest_these_words_are_found(
    app: Flask, scene: Scene, as_user: Callable[[User], FlaskClient], kind: str
) -> None:
    user = person(scene, kind)
    db.session.commit()
    seen = {name for _address, name in found(app, as_user(user), scene, {**SECRETS, **COMPARING})}
    assert seen >= {"motivation", "advice", "deliberation"}
    assert seen & set(COMPARING)


@pytest.mark.parametrize("kind", [Role.OFFICER, Role.CHAIR, "committee"])
def test_who_did_not_declare_finds_nothing_in_the_rooms_of_the_committee(
    app: Flask, scene: Scene, as_user: Callable[[User], FlaskClient], kind: str
) -> None:
    user = person(scene, kind)
    db.session.execute(delete(RoundDeclaration))
    db.session.commit()
    leaks = found(app, as_user(user), scene, {**SECRETS, **COMPARING})
    assert {address for address, _name in leaks if address.startswith("/commissie")} == set()


@pytest.mark.parametrize("kind", [Role.OFFICER, Role.CHAIR, "committee", "referent"])
def test_who_is_involved_finds_nothing_of_any_file(
    app: Flask, scene: Scene, as_user: Callable[[User], FlaskClient], kind: str
) -> None:
    user = person(scene, kind)
    factories.make_interest(scene.other, user, extent="round")
    db.session.commit()
    assert found(app, as_user(user), scene, {**SECRETS, **COMPARING}) == set()
