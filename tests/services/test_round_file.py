"""A round comes in whole, counts as it should, and leaves as it came."""

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, Decision, Event, Round
from subsidy.services import calculations, events, exact_json, snapshots, standing
from subsidy.services.round_file_export import export_round
from subsidy.services.round_file_import import import_round
from tests.conftest import MOMENT
from tests.services.files import OUTCOME, Document, content, demo, equal_values, many
from workflows.award import Allocation, AllocationOutcome
from workflows.permissions import ANONYMOUS, SYSTEM
from workflows.states import Phase


def bring_in(document: Document) -> Round:
    round_ = import_round(content(document), actor=SYSTEM, now=MOMENT)
    db.session.flush()
    return round_


def with_outcomes() -> Document:
    document = demo()
    for index, application in enumerate(document["applications"]):
        application["outcome"] = dict(OUTCOME)
        if index < 2:
            application["outcome"] = {
                "decision": "awarded",
                "decided_on": "2019-09-01",
                "amount_cents": application["requested_cents"] - index,
                "ends_on": "2020-03-31",
            }
    document["applications"][2]["outcome"] = {
        "decision": "withdrawn",
        "decided_on": "2019-08-01",
        "amount_cents": 0,
    }
    document["applications"][3]["outcome"] = {"decision": "not_processed", "decided_on": "2019-08-01"}
    return document


def rich() -> Document:
    """A round in which every field of the format is filled in, with numbers that floats round."""
    document = demo()
    rules = document["round"]["rules"]
    rules |= {
        "scales": ["gemeente", "subregio"],
        "min_inhabitants": 0,
        "max_inhabitants": 1_000_000,
        "min_municipalities": 0,
        "max_municipalities": 50,
        "min_amount_cents": 0,
        "predecessor_kinds": ["netwerk"],
        "one_per_lead": True,
        "one_award_per_region": False,
        "max_awards": 5,
        "tie_break": [],
        "lot_seed": "trekking",
        "allowed_municipalities": ["GM0637"],
        "min_municipalities_by_size": {"largest_over": 200_000, "then": 2, "else": 3},
        "regiobeeld_required": True,
        "predecessor_running": True,
        "one_per_region": True,
        "reviews_by_amount": [{"from_cents": 0, "reviews": 1}],
        "first_come_unit": "day",
        "aggregate": "median",
        "threshold_total": 0.1,
    }
    rules["criteria"][0] |= {"best": 1.005, "worst": 5, "threshold": 2.675}
    application = document["applications"][0]
    application |= {
        "completed_at": "2019-06-20T23:59:59.000001-05:00",
        "deadline_at": "2019-07-10T14:00:00Z",
        "summary": "Kort en goed",
        "cofinancing_cents": 0,
        "predecessor": "elders-" + "9" * 60,
        "regiobeeld": "https://voorbeeld.nl/regiobeeld",
        "answers": {
            "plan": "x",
            "jaren": [1, 2.5, None, True],
            "diep": {"leeg": None},
            "own_aid_received": ["elders"],
        },
        "panel": {"scores": {"kwaliteit": 3.123456789012345}, "priority": 2, "reason": "Besproken"},
    }
    application["lead"]["kvk"] = "00000000"
    application["region"] |= {"neighbourhoods": ["WK063701", "BU06370102"], "inhabitants": 12_000}
    application["reviews"] = [
        {"reviewer": "r" * 300, "scores": {"kwaliteit": 1.1}, "motivation": {"stijl": "geen criterium"}},
        {"reviewer": "referent-2", "conflict": "Werkt bij de aanvrager"},
        {"reviewer": "referent-3", "motivation": {"kwaliteit": ""}},
    ]
    for one in document["applications"]:
        for review in one["reviews"]:
            review.get("scores", {}).pop("relevantie", None)
    return document


@pytest.mark.slow
@pytest.mark.parametrize("make", [demo, rich, with_outcomes, lambda: many(450)])
def test_a_round_leaves_as_it_came(app: Flask, make: Callable[[], Document]) -> None:
    document = make()
    exported, faults = exact_json.read(export_round(bring_in(document)).encode())
    assert faults == []
    came, _ = exact_json.read(content(document))
    came_rules, left_rules = came["round"].pop("rules"), exported["round"].pop("rules")
    assert equal_values(exported) == equal_values(came)
    assert {name: left_rules[name] for name in came_rules} == came_rules
    defaults = {name: value for name, value in left_rules.items() if name not in came_rules}
    assert defaults.keys() <= {
        "one_per_lead",
        "one_award_per_region",
        "regiobeeld_required",
        "predecessor_running",
        "one_per_region",
        "first_come_unit",
    }


def test_a_definition_travels_when_it_came_along(app: Flask) -> None:
    first = bring_in(demo())
    definition = snapshots.definition_of(first)
    document = demo() | {"applications": []}
    document["round"] |= {"slug": "ander-1", "definition": definition.model_dump(mode="json")}
    document["round"]["definition"]["purpose"] = {"nl": "Een eigen doel", "en": "A purpose of its own"}
    second = bring_in(document)
    assert snapshots.definition_of(second).purpose.nl == "Een eigen doel"
    assert snapshots.definition_of(second).rules == definition.rules
    exported = json.loads(export_round(second))
    assert exported["round"]["definition"]["purpose"] == {
        "nl": "Een eigen doel",
        "en": "A purpose of its own",
    }
    assert "definition" not in json.loads(export_round(first))["round"]
    again = exported
    again["round"]["slug"] = "ander-2"
    third = bring_in(again)
    assert snapshots.definition_of(third) == snapshots.definition_of(second)


def test_an_unknown_kind_gets_a_minimal_definition(app: Flask) -> None:
    document = demo()
    document["round"]["kind"] = "hartzorg"
    round_ = bring_in(document)
    assert snapshots.definition_of(round_).kind == "hartzorg"
    assert len(calculations.rank_round(round_)) == 10


def test_without_outcomes_everything_can_be_worked_on(app: Flask) -> None:
    round_ = bring_in(demo())
    assert (round_.state, round_.phase_by_hand, round_.imported) == ("published", "review", True)
    assert standing.phase_of(round_, datetime(2040, 1, 1, tzinfo=UTC)) is Phase.REVIEW
    assert set(db.session.scalars(select(Application.state))) == {"in_review"}
    names = db.session.scalars(select(Event.name).order_by(Event.sequence)).all()
    assert names == ["round.imported", *["application.imported"] * 10]
    assert list(events.verify()) == []


def test_with_outcomes_it_is_history(app: Flask) -> None:
    round_ = bring_in(with_outcomes())
    assert (round_.state, round_.phase_by_hand, round_.promised_cents) == ("decided", None, 0)
    states = db.session.scalars(select(Application.state).order_by(Application.reference)).all()
    assert states == ["awarded"] * 2 + ["withdrawn", "not_processed"] + ["rejected"] * 6
    decision = db.session.scalars(select(Decision).order_by(Decision.id)).first()
    assert decision is not None
    assert (decision.imported, decision.amount_cents, decision.decided_on) == (
        True,
        1_000_000,
        date(2019, 9, 1),
    )
    division = calculations.allocate_round(round_)
    assert division[:4] == (
        Allocation("JZOJP-RB-001", AllocationOutcome.AWARD, 1_000_000, None),
        Allocation("JZOJP-RB-002", AllocationOutcome.PARTIAL, 999_999, None),
        Allocation("JZOJP-RB-003", AllocationOutcome.REJECT, 0, None),
        Allocation("JZOJP-RB-004", AllocationOutcome.REJECT, 0, None),
    )
    assert {one.ground for one in division[4:]} == {"below_threshold"}
    replayed = calculations.allocate_round(round_, ceiling_cents=6_500_000)
    assert sum(one.amount_cents for one in replayed) == 6_500_000


def test_a_predecessor_in_an_imported_round_counts(app: Flask) -> None:
    bring_in(with_outcomes())
    document = demo()
    document["round"] |= {"slug": "netwerk-1", "kind": "netwerk"}
    document["round"]["rules"]["predecessor_kinds"] = ["regiobeeld"]
    for index, application in enumerate(document["applications"]):
        application["reference"] = f"N-{index}"
        application["predecessor"] = f"JZOJP-RB-{index + 1:03d}"
    document["applications"][9]["predecessor"] = "onbekend"
    del document["applications"][8]["predecessor"]
    screenings = calculations.screen_round(bring_in(document))
    reasons = [
        finding.params["reason"]
        for screening in screenings
        for finding in screening.findings
        if finding.check == "predecessor"
    ]
    assert reasons == [None, None, *["not_awarded"] * 6, "none", "unknown"]


def test_nobody_but_the_program_brings_applications_in(app: Flask) -> None:
    from subsidy.services.advance import NotAllowedError

    with pytest.raises(NotAllowedError):
        import_round(content(demo()), actor=ANONYMOUS, now=MOMENT)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    app: Flask, count: int, count_queries: Callable[[], Any]
) -> None:
    document = demo()
    document["applications"] = document["applications"][:count]
    round_ = bring_in(document)
    snapshots.definition_of(round_)  # kept from here on
    with count_queries() as queries:
        calculations.allocate_round(round_)
    assert queries.count == 10, queries.statements


def test_totals_are_exact(app: Flask) -> None:
    document = demo()
    document["round"]["rules"]["criteria"][0] |= {"weight": 0.1, "best": 0.3, "worst": 0}
    for application in document["applications"]:
        for review in application["reviews"]:
            if "scores" in review:
                review["scores"]["relevantie"] = 0.1
    ranked = calculations.rank_round(bring_in(document))[0]
    assert ranked.criteria["relevantie"] == Decimal("0.1")


TELLING_ITS_PEAK = """
import atexit, pathlib
from flask.cli import main
atexit.register(lambda: print(pathlib.Path("/proc/self/status").read_text()))
main()
"""


def processor_seconds() -> float:
    """What the programs that this process started and saw end took of the processor, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
def test_two_thousand_applications_come_in_quickly_in_little_memory(real_app: Flask, tmp_path: Path) -> None:
    """In a process of its own: the peak of this one tells of every test before.

    That process tells its own peak, because Linux hands a parent's peak on to its children.
    """
    file = tmp_path / "groot.json"
    file.write_bytes(content(many(2000)))
    settings = real_app.config["SETTINGS"]
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(settings.var_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "AUDIT_KEY": settings.audit_key,
    }
    before = processor_seconds()
    process = subprocess.run(
        [sys.executable, "-c", TELLING_ITS_PEAK, "--app", "wsgi", "round", "import", str(file)],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = processor_seconds() - before
    with real_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Application)) == 2000
    assert seconds < 60
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", process.stdout)
    assert int(peak) < 300 * 1024
