"""A disk that takes no more: it is said, nothing is half stored, and what can wait is done later."""

import errno
import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Attachment, Decision, Mail, OutboxRow, StoredFile, User
from subsidy.services import basis_gathering, file_store, proposal, proposing
from tests.conftest import MOMENT
from tests.factories import make_application, make_round, make_user
from tests.faults.together import browser, count
from tests.pages import parse, words
from tests.services.rounds import make_scene
from workflows.permissions import Role

PDF = b"%PDF-1.7\n%%EOF\n"
Upload = Callable[[], tuple[int, str]]


def full(_handle: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def files_of(app: Flask) -> list[Path]:
    """Everything below the folder of files, half-written ones too."""
    return [path for path in (app.config["SETTINGS"].var_dir / "files").rglob("*") if path.is_file()]


@pytest.fixture
def upload(office: Flask) -> Upload:
    """Return a function that adds a file to a draft; gives the status, and the words of a refusal."""
    member = make_user(Role.APPLICANT, locale="en")
    application = make_application(make_round(), "draft", member=member)
    db.session.commit()
    client = browser(office, member.get_id())
    url = f"/aanvragen/{application.id}/onderdelen/attachments"

    def add() -> tuple[int, str]:
        fields = parse(client.get(url).text).iter("input")
        seen = next(one.get("value") for one in fields if one.get("name") == "seen")
        typed = {"seen": seen, "answer-support": (BytesIO(PDF), "plan.pdf"), "then": "stay"}
        answer = client.post(url, data=typed)
        return answer.status_code, "" if answer.status_code == 303 else words(parse(answer.text))

    return add


def test_an_upload_says_so_and_keeps_nothing(
    office: Flask, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(file_store.os, "fsync", full)
        status, page = upload()
    assert status == 422
    assert "plan.pdf could not be stored, by a fault of ours. Nothing was saved." in page
    assert (count(Attachment), count(StoredFile), files_of(office)) == (0, 0, [])
    assert upload()[0] == 303
    assert (count(Attachment), len(files_of(office))) == (1, 1)


def test_an_upload_says_so_when_the_folder_cannot_be_used(office: Flask, upload: Upload) -> None:
    folder = office.config["SETTINGS"].var_dir / "files"
    folder.write_text("where a folder should be")
    assert upload()[0] == 422
    folder.unlink()
    assert upload()[0] == 303


def test_nothing_is_left_of_a_move_that_failed(
    office: Flask, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        assert upload()[0] == 422
    assert files_of(office) == []


def test_a_letter_waits_for_room(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene((5,))
    (application,) = scene.applications
    suggested = proposal.suggest(
        basis_gathering.gather(scene.round)[application.id], announce_on=MOMENT.date()
    )
    decision_id = proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT).id
    db.session.commit()
    with monkeypatch.context() as patched:
        patched.setattr(file_store.os, "fsync", full)
        assert jobs.drain_here(300) == 0
    row = db.session.scalars(select(OutboxRow)).one()
    assert row.last_error == (
        f"CannotStoreError: cannot write in {office.config['SETTINGS'].var_dir / 'files'}: "
        "No space left on device"
    )
    assert (row.attempts, row.due_at) == (1, MOMENT + timedelta(seconds=30))
    assert db.session.get_one(Decision, decision_id).letter_sha256 is None
    assert (count(StoredFile), files_of(office)) == (0, [])
    office.config["CLOCK"] = lambda: MOMENT + timedelta(seconds=30)
    assert jobs.drain_here(300) == 1
    digest = db.session.get_one(Decision, decision_id, populate_existing=True).letter_sha256
    assert [path.name for path in files_of(office)] == [digest]


def test_a_full_database_is_a_closed_door(office: Flask) -> None:
    """SQLite really full: a page limit stands for the disk."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the disk of a PostgreSQL server is not ours to fill")
    client = office.test_client()
    db.session.remove()

    def register(number: int) -> int:
        typed = {"name": "Anna", "email": f"anna{number}@voorbeeld.nl"}
        return client.post("/account/registreren", data=typed).status_code

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # no fewer than there are, and not one more

    event.listen(db.engine, "connect", limit)
    db.engine.dispose()
    statuses = [register(number) for number in range(30)]
    event.remove(db.engine, "connect", limit)
    db.engine.dispose()
    assert statuses[-1] == 503
    assert set(statuses) <= {303, 503}
    assert count(User) == count(Mail) == count(OutboxRow) == statuses.count(303)
    assert register(31) == 303
