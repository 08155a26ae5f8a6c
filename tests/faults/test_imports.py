"""A round that comes in while others work: all or nothing, and nobody else is disturbed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Event, Round
from subsidy.services import events, round_file_import
from subsidy.services.file_faults import FaultyFileError
from tests.conftest import MOMENT
from tests.factories import make_application, make_round, make_user
from tests.faults.together import browser, count
from tests.services.files import content, many
from workflows.permissions import SYSTEM, Role

Document = dict[str, Any]


def bring_in(app: Flask, document: Document) -> str:
    """Bring a round in as the command does; gives its slug, or the codes of the faults."""
    with app.app_context():
        try:
            round_file_import.import_round(content(document), actor=SYSTEM, now=MOMENT)
            db.session.commit()
        except FaultyFileError as error:
            db.session.rollback()
            return ",".join(sorted({fault.code for fault in error.faults}))
        return "in"


@pytest.fixture
def checked_together(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two imports finish their check before either stores; on SQLite there is one writer at a time."""
    if db.engine.dialect.name == "sqlite":
        return
    check, both, asked = round_file_import.check_round_file, Barrier(2), []

    def wait(given: bytes) -> object:
        read = check(given)
        asked.append(1)
        if len(asked) <= 2:
            both.wait(timeout=60)
        return read

    monkeypatch.setattr(round_file_import, "check_round_file", wait)


def same_slug(document: Document) -> None:
    for one in document["applications"]:
        one["reference"] += "-b"


def same_references(document: Document) -> None:
    document["round"]["slug"] = "anders-1"


@pytest.mark.usefixtures("checked_together")
@pytest.mark.parametrize(
    ("change", "fault"), [(same_slug, "slug_taken"), (same_references, "reference_taken")]
)
def test_of_two_files_with_the_same_names_one_comes_in(
    office: Flask, change: Callable[[Document], None], fault: str
) -> None:
    first, second = many(20), many(20)
    change(second)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lambda one: bring_in(office, one), (first, second))) == sorted(["in", fault])
    assert (count(Round), count(Application)) == (1, 20)
    assert count(Event, Event.name == "round.imported") == 1
    assert list(events.verify()) == []


def test_sending_in_goes_on_during_an_import(office: Flask) -> None:
    member = make_user(Role.APPLICANT)
    round_ = make_round()
    ids = [make_application(round_, "draft", member=member).id for _ in range(8)]
    session, round_id = member.get_id(), round_.id
    db.session.commit()
    db.session.remove()

    def send_in(application_id: int) -> int:
        return browser(office, session).post(f"/aanvragen/{application_id}/indienen").status_code

    with ThreadPoolExecutor(4) as pool:
        coming = pool.submit(bring_in, office, many(300))
        statuses = list(pool.map(send_in, ids))
        assert coming.result(timeout=120) == "in"
    assert statuses == [303] * 8
    sent = db.session.scalars(select(Application.reference).where(Application.round_id == round_id))
    assert len(set(sent)) == 8
    assert count(Application, Application.state == "in_review") == 300
    assert list(events.verify()) == []
