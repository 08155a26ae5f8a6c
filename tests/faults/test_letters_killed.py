"""A round of letters goes out while its workers are killed: nothing is lost, and nothing is done twice.

`scripts/soak letters` kills fifty workers over two hundred letters on each database; here is a sample.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.clock import read
from subsidy.db import db
from subsidy.documents.decision_letters import content_for
from subsidy.documents.letter import render_letter
from subsidy.models import Decision, Event, Letter, Mail, Membership, OutboxRow, StoredFile, User
from subsidy.services import confirming, events, file_store, sending
from tests.conftest import MOMENT
from tests.faults.killed_workers import LONGEST_SECONDS, clock
from tests.faults.together import count
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene

ROOT = Path(__file__).resolve().parents[2]
LETTERS_A_KILL = 4
# Of so many letters the bytes are drawn again and compared.
DRAWN_AGAIN = 3


@dataclass(frozen=True)
class House:
    """An application that mails to a server in a process of its own, and the clock that all share."""

    app: Flask
    received: Path
    start: float

    def work(self, kills: int, seed: int) -> int:
        """Let workers do all that waits, and kill so many of them meanwhile; returns how many were."""
        settings = self.app.config["SETTINGS"]
        db.session.rollback()  # whoever works meanwhile waits for nobody
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "VAR_DIR": str(settings.var_dir),
            "DATABASE_URL": settings.database_url,
            "SECRET_KEY": settings.secret_key,
            "AUDIT_KEY": settings.audit_key,
            "SMTP_URL": settings.smtp_url,
        }
        command = [sys.executable, "tests/faults/killed_workers.py", str(kills), str(seed), str(self.start)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=LONGEST_SECONDS + 60,
        )
        return int(done.stdout)

    def messages(self) -> list[dict[str, str]]:
        """What the mail server accepted, in order."""
        return [json.loads(line) for line in self.received.read_text(encoding="utf-8").splitlines()]


@contextmanager
def mail_server(file: Path, seed: int) -> Iterator[str]:
    """Run the mail server; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "tests/faults/mail_sink.py", str(file), str(seed)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate(timeout=60)


@pytest.fixture
def house(office: Flask, tmp_path: Path, seed: int) -> Iterator[House]:
    """Give an application with a mail server, whose clock runs as that of the workers does."""
    start, received = time.monotonic(), tmp_path / "received.jsonl"
    office.config["CLOCK"] = lambda: clock(start)
    with mail_server(received, seed) as url:
        office.config["SETTINGS"] = replace(office.config["SETTINGS"], smtp_url=url)
        yield House(office, received, start)


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How many workers are killed."""
    asked: int = request.config.getoption("--letter-kills")
    return asked


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Give the same moments each time, and others in a long run."""
    asked: int | None = request.config.getoption("--letter-seed")
    return 1 if asked is None else asked


def propose(letters: int, random: Random) -> Scene:
    """Propose a round of so many applications, with one person each, and money for two thirds."""
    scene = make_scene(
        tuple(random.choice((3, 4, 5)) for _ in range(letters)),
        ceiling_cents=TEN_THOUSAND * letters * 2 // 3,
    )
    batch = scene.propose_all(MOMENT.date())
    assert (batch.proposed, batch.refused) == (letters, {})
    db.session.commit()
    return scene


def confirm_and_send(scene: Scene) -> None:
    """Let the second officer confirm every letter, and the first let them go."""
    for application in scene.applications:
        decision = db.session.scalars(select(Decision).where(Decision.application_id == application.id)).one()
        digest = decision.letter_sha256 or ""
        confirming.confirm(application, letter_sha256=digest, actor=scene.confirmer, now=read())
    sending.start(scene.round, actor=scene.proposer, now=read())
    db.session.commit()


def of_decisions(name: str) -> Counter[int]:
    """Count the events of this name by the decision that each is about."""
    return Counter(
        facts["decision"] for facts in db.session.scalars(select(Event.facts).where(Event.name == name))
    )


def test_every_letter_goes_out_once_whoever_is_killed(
    house: House, kills: int, seed: int, record_property: Callable[[str, object], None]
) -> None:
    wanted = LETTERS_A_KILL * kills
    random = Random(seed)  # noqa: S311  # chances, not secrets
    scene = propose(wanted, random)
    round_id, while_drawing = scene.round.id, kills // 2
    killed = house.work(while_drawing, seed)
    confirm_and_send(scene)
    killed += house.work(kills - while_drawing, seed + 1)
    assert killed == kills

    decisions = db.session.scalars(select(Decision).order_by(Decision.id)).all()
    once = Counter(one.id for one in decisions)
    assert len(once) == wanted
    assert {one.announced_at is not None for one in decisions} == {True}
    for name in ("decision.proposed", "decision.letter_made", "decision.announced"):
        assert of_decisions(name) == once, name

    rows = {one.decision_id: one for one in db.session.scalars(select(Letter))}
    digests = {one.letter_sha256 or "" for one in decisions}
    assert {one.id: one.letter_sha256 for one in decisions} == {id_: row.sha256 for id_, row in rows.items()}
    assert {(row.placed_at is None, row.notified_at is None) for row in rows.values()} == {(False, False)}
    assert set(db.session.scalars(select(StoredFile.sha256))) == digests
    assert len(digests) == wanted
    for digest in digests:
        assert hashlib.sha256(file_store.path_of(digest).read_bytes()).hexdigest() == digest
    for one in random.sample(decisions, DRAWN_AGAIN):
        again = render_letter(content_for(one, letter=rows[one.id]))
        assert hashlib.sha256(again).hexdigest() == one.letter_sha256

    mails = db.session.scalars(select(Mail)).all()
    assert Counter(one.delivery for one in mails) == {"sent": wanted}
    messages = house.messages()
    assert {one["id"] for one in messages} == {one.message_id for one in mails}
    assert len({one["id"] for one in messages}) == wanted
    addressed = db.session.execute(
        select(Mail.message_id, User.email)
        .join(Membership, Membership.application_id == Mail.application_id)
        .join(User)
    )
    assert {(one["id"], one["to"]) for one in messages} == {tuple(row) for row in addressed}
    assert len({(one["id"], one["text"]) for one in messages}) == wanted, "a repeat says the same"

    assert count(OutboxRow, OutboxRow.done_at.is_(None)) == 0
    interrupted = count(OutboxRow, OutboxRow.attempts > 1)
    assert interrupted > 0, "the kills came in the middle of work"
    assert list(events.faults_of(round_id)) == list(events.verify()) == []
    repeated = len(messages) - wanted
    assert repeated <= kills
    record_property(
        "done", {"letters": wanted, "killed": killed, "interrupted": interrupted, "repeated mails": repeated}
    )
