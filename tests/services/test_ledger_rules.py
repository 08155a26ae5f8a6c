"""What the database itself refuses of money and decisions, whatever code asks: raw SQL, without a service."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from subsidy.db import db
from subsidy.models import (
    CeilingChange,
    Decision,
    FindingRow,
    FrozenRound,
    LedgerLine,
    Mandate,
    PanelAdvice,
    Supplement,
    Verdict,
)
from subsidy.services import basis_gathering, proposal, proposing
from subsidy.services.proposal import Proposal
from tests.conftest import MOMENT
from tests.factories import lower_ceiling, make_application, make_round
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.snapshot import Decision as Outcome

DAY = date(2026, 3, 17)
LINE = (
    "INSERT INTO ledger_line (round_id, decision_id, kind, cents, booked_at) "
    "VALUES (:round, :decision, :kind, :cents, '2026-03-17 09:00:00')"
)
# What an application was judged by: each table refuses in each way once its round was closed.
JUDGED = ("verdict", "finding", "panel_advice", "review", "review_score", "supplement")
WAYS = {
    "insert": "INSERT INTO {table} SELECT * FROM {table}",
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
}


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Give a round of two applications with a ceiling for one award; the first has it, the second waits."""
    scene = make_scene((5, 4), ceiling_cents=TEN_THOUSAND + 500)
    scene.confirm(award(scene, 0))
    award(scene, 1)
    return scene


def award(scene: Scene, number: int) -> Decision:
    wanted = Proposal(
        Outcome.AWARDED,
        DAY,
        amount_cents=TEN_THOUSAND,
        motivation="Past bij de regio.",
        departure="Het advies wordt niet gevolgd.",
        starts_on=DAY,
    )
    return proposing.propose(scene.applications[number], wanted, actor=scene.proposer, now=MOMENT)


def decision_of(scene: Scene, number: int) -> Decision:
    return db.session.query(Decision).filter_by(application_id=scene.applications[number].id).one()


def refuses(words: str, statement: str, **values: object) -> None:
    """Assert that the database refuses a statement, with these words."""
    with pytest.raises(DBAPIError, match=words), db.session.begin_nested():
        db.session.execute(text(statement), values)


def test_no_money_without_a_confirmed_decision(scene: Scene) -> None:
    waiting, taken = decision_of(scene, 1), decision_of(scene, 0)
    line = {"round": scene.round.id, "kind": "promised", "cents": 1}
    refuses("belongs to a confirmed decision", LINE, **line, decision=waiting.id)
    elsewhere = make_round("regiobeeld")
    refuses("belongs to a confirmed decision", LINE, **{**line, "round": elsewhere.id}, decision=taken.id)
    history = Decision(
        application_id=make_application(elsewhere, "awarded").id,
        round_id=elsewhere.id,
        outcome="awarded",
        amount_cents=1,
        imported=True,
        proposed_at=MOMENT,
        confirmed_at=MOMENT,
        announced_at=MOMENT,
    )
    db.session.add(history)
    db.session.flush()
    refuses("belongs to a confirmed decision", LINE, **{**line, "round": elsewhere.id}, decision=history.id)


def test_no_line_above_the_ceiling_nor_below_nothing(scene: Scene) -> None:
    line = {"round": scene.round.id, "decision": decision_of(scene, 0).id}
    refuses("ceiling_kept", LINE, **line, kind="promised", cents=501)
    refuses("ceiling_kept", LINE, **line, kind="released", cents=-TEN_THOUSAND - 1)
    db.session.execute(text(LINE), {**line, "kind": "promised", "cents": 500})
    db.session.refresh(scene.round)
    assert scene.round.promised_cents == scene.round.ceiling_cents == TEN_THOUSAND + 500


@pytest.mark.parametrize(("kind", "cents"), [("promised", -1), ("released", 1), ("outside", 0), ("gift", 1)])
def test_a_line_is_of_a_kind_that_fits(scene: Scene, kind: str, cents: int) -> None:
    words = "kind_fits|belongs to a confirmed decision"
    refuses(words, LINE, round=scene.round.id, decision=decision_of(scene, 0).id, kind=kind, cents=cents)


def test_only_a_remedy_stands_outside_the_ceiling(scene: Scene) -> None:
    line = {"round": scene.round.id, "decision": decision_of(scene, 0).id, "kind": "outside", "cents": 1}
    refuses("belongs to a confirmed decision", LINE, **line)


def test_what_is_promised_is_never_written_by_hand(scene: Scene) -> None:
    for cents in (0, 1, TEN_THOUSAND - 1, TEN_THOUSAND + 500):
        refuses("sum of the ledger", "UPDATE round SET promised_cents = :cents", cents=cents)


def test_a_line_is_never_changed_nor_taken_away(scene: Scene) -> None:
    refuses("never changes", "UPDATE ledger_line SET cents = 1")
    refuses("never changes", "UPDATE ledger_line SET booked_at = booked_at")
    refuses("is kept", "DELETE FROM ledger_line")
    assert db.session.query(LedgerLine).count() == 1


def test_a_published_ceiling_changes_with_its_publication_only(scene: Scene) -> None:
    refuses("with its publication", "UPDATE round SET ceiling_cents = ceiling_cents + 1")
    lower_ceiling(scene.round, TEN_THOUSAND)
    # The row of one change is none for another.
    refuses("with its publication", "UPDATE round SET ceiling_cents = ceiling_cents + 500")
    with pytest.raises(DBAPIError, match="ceiling_kept"), db.session.begin_nested():
        lower_ceiling(scene.round, TEN_THOUSAND - 1)
    refuses("kept as it is", "UPDATE ceiling_change SET reason = 'Anders.'")
    refuses("is kept", "DELETE FROM ceiling_change")
    assert db.session.query(CeilingChange).count() == 1


@pytest.mark.parametrize("column", ["reason", "publication"])
def test_a_change_of_the_ceiling_says_why_and_where(scene: Scene, column: str) -> None:
    values = {"reason": "Meer geld.", "publication": "Staatscourant"} | {column: ""}
    refuses(
        "reasoned_and_published",
        "INSERT INTO ceiling_change (round_id, before_cents, after_cents, reason, publication, published_on, "
        "changed_at) VALUES (:round, 1, 2, :reason, :publication, '2026-03-10', '2026-03-10 09:00:00')",
        round=scene.round.id,
        **values,
    )


def test_nothing_is_announced_whose_money_is_not_booked(scene: Scene) -> None:
    waiting = decision_of(scene, 1)
    scene.letter(waiting)
    # Past the service: confirmed, and the ledger was never asked.
    db.session.execute(
        update(Decision)
        .where(Decision.id == waiting.id)
        .values(confirmed_by=scene.confirmer.user_id, confirmed_at=MOMENT, decided_on=MOMENT.date())
    )
    announce = "UPDATE decision SET announced_at = '2026-03-17 09:00:00' WHERE id = :id"
    refuses("is in the ledger", announce, id=waiting.id)
    db.session.execute(text(announce), {"id": decision_of(scene, 0).id})


def test_nobody_is_decided_on_without_a_decision(scene: Scene) -> None:
    second, first = scene.applications[1].id, scene.applications[0].id
    for state in ("awarded", "rejected", "not_processed"):
        refuses(
            "has a confirmed decision",
            "UPDATE application SET state = :state WHERE id = :id",
            state=state,
            id=second,
        )
    for state in ("rejected", "withdrawn"):
        refuses(
            "has a confirmed decision",
            "UPDATE application SET state = :state WHERE id = :id",
            state=state,
            id=first,
        )


@pytest.mark.parametrize(
    "change",
    [
        "amount_cents = 1",
        "kind = 'correction', replaces_id = id, reason = 'Anders.'",
        "reason = 'Anders.'",
        "mandate_id = NULL",
        "frozen_sha256 = NULL",
        "motivation = 'Anders.'",
        "letter_sha256 = NULL",
        "confirmed_at = NULL",
    ],
)
def test_what_a_decision_says_never_changes(scene: Scene, change: str) -> None:
    refuses(
        "never changes|confirmed_with_letter",
        f"UPDATE decision SET {change} WHERE id = :id",  # noqa: S608
        id=decision_of(scene, 0).id,
    )


def test_at_most_one_decision_waits(scene: Scene) -> None:
    refuses(
        "uq_decision_pending|decision.application_id",
        "INSERT INTO decision (application_id, round_id, outcome, amount_cents, motivation, imported, "
        "proposed_by, proposed_at, basis) SELECT application_id, round_id, outcome, amount_cents, "
        "motivation, imported, proposed_by, proposed_at, basis FROM decision WHERE id = :id",
        id=decision_of(scene, 1).id,
    )


def in_words(statement: str, table: str) -> str:
    return statement.format(table=table, column="review_id" if table == "review_score" else "application_id")


def close(scene: Scene) -> None:
    """Close the round with everything by which its applications were judged in place."""
    first, officer = scene.applications[0], scene.proposer.user_id
    db.session.add_all(
        [
            Verdict(
                application_id=first.id,
                verdict="eligible",
                motivation="Goed.",
                officer_id=officer,
                given_at=MOMENT,
            ),
            FindingRow(application_id=first.id, position=0, check_id="in_time", outcome="pass"),
            PanelAdvice(application_id=first.id, reason="Goed.", recorded_at=MOMENT),
            Supplement(
                application_id=first.id,
                asked="Het plan.",
                requested_by=officer,
                requested_at=MOMENT,
                last_day=DAY,
            ),
        ]
    )
    db.session.flush()
    db.session.execute(text("UPDATE round SET state = 'decided' WHERE id = :id"), {"id": scene.round.id})


@pytest.mark.parametrize("table", JUDGED)
def test_a_closed_round_keeps_what_was_judged(scene: Scene, table: str) -> None:
    close(scene)
    for statement in WAYS.values():
        refuses("by new decisions alone", in_words(statement, table))


def test_a_running_round_changes_what_was_judged(scene: Scene) -> None:
    close(scene)
    db.session.execute(text("UPDATE round SET state = 'published'"))
    for table in JUDGED:
        for way in ("update", "delete"):
            with db.session.begin_nested() as undone:
                if table == "review":
                    db.session.execute(text("DELETE FROM review_score"))
                db.session.execute(text(in_words(WAYS[way], table)))
                undone.rollback()


@pytest.mark.parametrize(
    "change",
    ["state = 'advised'", "requested_cents = 1", "months = 99", "reference = 'X-1'", "submitted_at = NULL"],
)
def test_a_closed_round_keeps_its_applications(scene: Scene, change: str) -> None:
    close(scene)
    refuses(
        "by new decisions alone|has a confirmed decision",
        f"UPDATE application SET {change} WHERE id = :id",  # noqa: S608
        id=scene.applications[1].id,
    )


@pytest.mark.parametrize(
    "change",
    [
        "user_id = :other",
        "powers = '[]'",
        "up_to_cents = 1",
        "round_id = :round",
        "function = 'directeur'",
        "reference = 'Anders'",
        "from_day = '2020-01-01'",
        "until_day = '2099-01-01'",
        "given_at = '2020-01-01 09:00:00'",
    ],
)
def test_what_a_mandate_says_never_changes(scene: Scene, change: str) -> None:
    mandate = decision_of(scene, 0).mandate
    assert mandate is not None
    refuses(
        "what a mandate says never changes",
        f"UPDATE mandate SET {change} WHERE id = :id AND :other > 0 AND :round > 0",  # noqa: S608
        id=mandate.id,
        other=scene.proposer.user_id,
        round=scene.round.id,
    )


def test_a_mandate_is_withdrawn_once_and_kept(scene: Scene) -> None:
    mandate = decision_of(scene, 0).mandate
    assert mandate is not None
    mandate.withdrawn_at, mandate.withdrawn_by = MOMENT, scene.proposer.user_id
    db.session.flush()
    refuses("never changes", "UPDATE mandate SET withdrawn_at = NULL WHERE id = :id", id=mandate.id)
    refuses("is kept", "DELETE FROM mandate WHERE id = :id", id=mandate.id)
    assert db.session.query(Mandate).count() == 2


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("function", "''", "says_where_from"),
        ("reference", "''", "says_where_from"),
        ("up_to_cents", "0", "limit_positive"),
        ("until_day", "'2020-01-01'", "ends_after_it_begins"),
        ("given_by", "user_id", "given_by_another"),
    ],
)
def test_a_mandate_makes_sense(scene: Scene, column: str, value: str, words: str) -> None:
    columns = {
        "user_id": "user_id",
        "powers": "powers",
        "function": "function",
        "reference": "reference",
        "from_day": "from_day",
        "given_at": "given_at",
    } | {column: value}
    refuses(
        words,
        f"INSERT INTO mandate ({', '.join(columns)}) SELECT {', '.join(columns.values())} "  # noqa: S608
        "FROM mandate LIMIT 1",
    )


def test_a_frozen_round_is_kept_as_it_is(scene: Scene) -> None:
    assert db.session.query(FrozenRound).count() >= 1
    refuses("never changes", "UPDATE frozen_round SET frozen_at = frozen_at")
    refuses("is kept", "DELETE FROM frozen_round")


def test_a_rejection_needs_no_line_to_be_announced(app: Flask) -> None:
    scene = make_scene((1,))
    suggested = proposal.suggest(
        basis_gathering.gather(scene.round)[scene.applications[0].id], announce_on=DAY
    )
    rejected = scene.confirm(
        proposing.propose(scene.applications[0], suggested, actor=scene.proposer, now=MOMENT)
    )
    rejected.announced_at = MOMENT
    db.session.flush()
    assert db.session.query(LedgerLine).count() == 0
