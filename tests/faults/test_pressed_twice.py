"""A double click, or two people at once, over real connections: done once, and nobody gets a fault."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import ColumnElement

from subsidy import jobs
from subsidy.db import db
from subsidy.models import (
    ChainHead,
    Decision,
    Event,
    LedgerLine,
    Mail,
    OutboxRow,
    Round,
    User,
)
from subsidy.services import events
from tests.conftest import MOMENT
from tests.factories import lower_ceiling, make_round, make_user
from tests.faults.buttons import CASES, MIXED, Case, by_two, confirmed, ready_to_confirm
from tests.faults.together import Press, at_once, count, follow
from tests.services.rounds import TEN_THOUSAND, make_scene
from workflows.permissions import Role


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_what_is_pressed_twice_is_done_once(office: Flask, case: Callable[[], Case]) -> None:
    presses, rows, told = case()
    db.session.commit()
    db.session.remove()
    answers = at_once(office, presses)
    statuses = [answer.status_code for answer in answers]
    assert min(statuses) == 303, statuses
    assert set(statuses) <= {303, 404, 409, 422}, statuses
    ends = [follow(office, press, answer) for press, answer in zip(presses, answers, strict=True)]
    assert set(ends) <= {200, 404, 409, 422}, ends
    assert {model: count(model) for model in rows} == rows
    assert {name: count(Event, Event.name == name) for name in told} == told
    assert list(events.verify()) == []


@pytest.mark.parametrize("buttons", MIXED, ids=lambda buttons: buttons.__name__)
def test_different_buttons_at_once_end_in_order(office: Flask, buttons: Callable[[], list[Press]]) -> None:
    presses = buttons()
    db.session.commit()
    db.session.remove()
    answers = at_once(office, presses)
    assert {answer.status_code for answer in answers} <= {303, 404, 409, 422}
    assert any(answer.status_code == 303 for answer in answers)
    for press, answer in zip(presses, answers, strict=True):
        assert follow(office, press, answer) in {200, 404, 409, 422}
    assert list(events.verify()) == []


def test_two_confirmations_at_once_never_go_over_the_ceiling(office: Flask) -> None:
    """Both awards fit alone and not together: one is confirmed, the other officer hears why not."""
    scene = make_scene((5, 5), ceiling_cents=2 * TEN_THOUSAND)
    buttons = [ready_to_confirm(scene, number) for number in range(2)]
    lower_ceiling(scene.round, 2 * TEN_THOUSAND - 1)
    officer = db.session.get_one(User, scene.confirmer.user_id)
    officer.locale = "en"
    people = [officer.get_id() for _ in buttons]
    db.session.commit()
    round_id = scene.round.id
    db.session.remove()
    answers = at_once(
        office, [Press(person, url, typed) for person, (url, typed) in zip(people, buttons, strict=True)]
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    (refused,) = (answer.text for answer in answers if answer.status_code == 422)
    assert "does not fit under the ceiling any more" in refused
    round_ = db.session.get_one(Round, round_id)
    assert round_.promised_cents == TEN_THOUSAND
    assert count(LedgerLine) == count(Decision, Decision.confirmed_at.is_not(None)) == 1
    assert list(events.verify()) == []


def test_sending_twice_while_two_workers_run_tells_everybody_once(office: Flask) -> None:
    scene = make_scene((5,))
    decision = confirmed(scene, on_paper=False)
    decision_id, slug = decision.id, scene.round.slug
    presses = by_two(Role.OFFICER, f"/bureau/ronden/{slug}/brieven/verzenden/nu")
    db.session.commit()
    db.session.remove()
    assert [answer.status_code for answer in at_once(office, presses)] == [303, 303]
    work_at_once(office)
    decision = db.session.get_one(Decision, decision_id)
    assert decision.announced_at == MOMENT
    assert told("decision.announced") == 1
    assert count(Mail, Mail.key.like("decision:%"), Mail.delivery == "sent") == 1
    folder = office.config["SETTINGS"].var_dir / "mail"
    assert len(list(folder.glob("*.eml"))) == 1
    assert count(OutboxRow, OutboxRow.done_at.is_(None)) == 0


def work_at_once(app: Flask) -> None:
    """Let two workers do what waits."""

    def work(_number: int) -> int:
        with app.app_context():
            return jobs.drain_here(300)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))


def told(name: str) -> int:
    where: ColumnElement[bool] = Event.name == name
    return count(Event, where)


def test_the_first_two_events_of_a_chain_come_one_after_the_other(office: Flask) -> None:
    """Two people begin the chain of a round at the same moment: it does not exist yet to be locked."""
    round_ = make_round()
    people = [make_user(Role.APPLICANT).get_id() for _ in range(4)]
    slug, chain = round_.slug, f"round-{round_.id}"
    db.session.commit()
    db.session.remove()
    answers = at_once(office, [Press(one, f"/ronden/{slug}/aanvragen") for one in people])
    assert [answer.status_code for answer in answers] == [303] * 4
    assert db.session.get_one(ChainHead, chain).length == 4
    assert list(events.verify()) == []
