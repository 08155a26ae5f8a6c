"""The chain of events: every way to tamper with it shows."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, text

from subsidy.db import db
from subsidy.models import ChainHead, EventDetail
from subsidy.services import events
from subsidy.services.events import Fault
from tests import factories
from tests.conftest import MOMENT


def add_events(count: int) -> int:
    """Append events with a personal part to the chain of a new round; returns the id of the round."""
    round_ = factories.make_round()
    for number in range(count):
        events.append(
            "review.handed_in",
            at=MOMENT,
            actor_id=number,
            round_id=round_.id,
            facts={"number": number},
            personal={"name": f"Persoon {number}"},
        )
    db.session.flush()
    return round_.id


def tamper(statement: str) -> None:
    """Change the table behind the program's back: also without the triggers, as who owns the database can."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("DROP TRIGGER event_frozen"))
        db.session.execute(text("DROP TRIGGER event_kept"))
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        db.session.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
    db.session.execute(text(statement))
    db.session.expire_all()


def test_whole_chain_has_no_fault(app: Flask) -> None:
    add_events(5)
    assert list(events.verify()) == []


def test_empty_database_has_no_fault(app: Flask) -> None:
    assert list(events.verify()) == []


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        pytest.param("UPDATE event SET name = 'review.lost' WHERE sequence = 2", 2, id="a change"),
        pytest.param("UPDATE event SET at = '2020-01-01 00:00:00' WHERE sequence = 3", 3, id="another time"),
        pytest.param("UPDATE event SET actor_id = 99 WHERE sequence = 4", 4, id="another actor"),
        pytest.param("DELETE FROM event WHERE sequence = 3", 3, id="a gap"),
        pytest.param("DELETE FROM event WHERE sequence = 5", 5, id="a cut tail"),
    ],
)
def test_tampering_shows(app: Flask, statement: str, sequence: int) -> None:
    add_events(5)
    if statement.startswith("DELETE"):
        db.session.execute(delete(EventDetail))
    tamper(statement)
    assert sequence in {fault.sequence for fault in events.verify()}


def test_reordering_shows(app: Flask) -> None:
    add_events(5)
    tamper("UPDATE event SET sequence = CASE sequence WHEN 2 THEN -3 ELSE -2 END WHERE sequence IN (2, 3)")
    db.session.execute(text("UPDATE event SET sequence = -sequence WHERE sequence < 0"))
    assert {fault.sequence for fault in events.verify()} >= {2, 3}


def test_cut_tail_with_a_mended_head_shows(app: Flask) -> None:
    round_id = add_events(3)
    db.session.execute(delete(EventDetail))
    tamper("DELETE FROM event WHERE sequence = 3")
    chain = events.chain_of(round_id)
    db.session.execute(
        text(
            "UPDATE chain_head SET length = 2, "
            "digest = (SELECT digest FROM event WHERE chain = :chain AND sequence = 2) WHERE chain = :chain"
        ),
        {"chain": chain},
    )
    db.session.expire_all()
    assert list(events.verify()) == [Fault(chain, 2, "the seal on the head does not fit")]


def test_erasing_personal_data_leaves_the_chain_whole(app: Flask) -> None:
    add_events(3)
    db.session.execute(delete(EventDetail))
    assert list(events.verify()) == []


def test_changed_personal_data_shows(app: Flask) -> None:
    add_events(1)
    detail = db.session.query(EventDetail).one()
    detail.body = {"name": "Iemand anders"}
    db.session.flush()
    assert [fault.problem for fault in events.verify()] == [
        "the personal part of event review.handed_in was changed"
    ]


def test_another_key_does_not_fit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    add_events(1)
    monkeypatch.setitem(app.config, "AUDIT_KEY", "cd" * 32)
    assert len(list(events.verify())) == 2


def test_each_round_has_a_chain_of_its_own(app: Flask) -> None:
    first, second = add_events(2), add_events(3)
    lengths = {head.chain: head.length for head in db.session.query(ChainHead)}
    assert lengths == {events.chain_of(first): 2, events.chain_of(second): 3}


@pytest.mark.parametrize("statement", ["UPDATE event SET name = 'x'", "DELETE FROM event"])
def test_database_refuses_to_change_an_event(app: Flask, statement: str) -> None:
    add_events(1)
    db.session.execute(delete(EventDetail))
    with pytest.raises(Exception, match=r"an event (never changes|is kept)"):
        db.session.execute(text(statement))


def test_command_tells_whether_the_chain_is_whole(app: Flask) -> None:
    add_events(2)
    run: Callable[..., object] = app.test_cli_runner().invoke
    result = run(args=["audit", "verify"])
    assert (result.exit_code, result.output) == (0, "every chain is whole\n")  # type: ignore[attr-defined]
    tamper("UPDATE event SET name = 'x' WHERE sequence = 1")
    result = run(args=["audit", "verify"])
    assert result.exit_code == 1  # type: ignore[attr-defined]
