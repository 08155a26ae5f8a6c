"""The commands on a round: what they print, how they refuse, and what they leave alone."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Decision, Event, Round
from subsidy.services import calculations, scenario_results, scenarios
from subsidy.services.scenarios import ScenarioValues
from tests import factories
from tests.services.files import DEMO, OUTCOME, broken, content, demo, equal_values
from workflows.permissions import Role

Run = Callable[..., Result]
EXPECTED = json.loads((Path(__file__).parents[1] / "data" / "regiobeeld-1.expected.json").read_text())


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a function that runs `flask round` with arguments."""
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["round", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def demo_round(run: Run) -> str:
    """Bring the demo round in; give its slug."""
    assert run("import", DEMO).exit_code == 0
    return "regiobeeld-1"


def told(result: Result) -> list[str]:
    """Give the places that the refusal names."""
    assert (result.exit_code, result.stdout) == (2, "")
    return [line.split(": ")[0] for line in result.stderr.splitlines()]


def test_import_prints_the_slug(run: Run) -> None:
    result = run("import", DEMO)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "regiobeeld-1\n", "")
    assert db.session.scalar(select(func.count()).select_from(Application)) == 10


def test_a_dry_run_stores_nothing(run: Run) -> None:
    result = run("import", DEMO, "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "regiobeeld-1\n")
    assert db.session.scalar(select(func.count()).select_from(Round)) == 0


def test_a_broken_file_lists_every_fault(run: Run, tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["round"]["number"] = 0
        document["applications"][1]["months"] = None
        document["applications"][4]["region"]["municipalities"] = ["GM9999"]

    path = tmp_path / "broken.json"
    path.write_bytes(broken(change))
    for arguments in ((path,), (path, "--dry-run")):
        assert told(run("import", *arguments)) == [
            "/round/number",
            "/applications/1/months",
            "/applications/4/region/municipalities/0",
        ]
    assert db.session.scalar(select(func.count()).select_from(Round)) == 0
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0


def test_importing_twice_names_what_exists(run: Run, demo_round: str) -> None:
    result = run("import", DEMO)
    assert told(result)[0] == "/round/slug"
    assert demo_round in result.stderr
    assert "JZOJP-RB-010" in result.stderr


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert run("import", tmp_path / "none.json").exit_code == 2


def test_the_example_gives_what_was_worked_out(run: Run, demo_round: str) -> None:
    screened = json.loads(run("screen", demo_round, "--json").stdout)
    assert [one["reference"] for one in screened] == sorted(EXPECTED["screen"])
    assert {
        one.pop("reference"): one | {"findings": {each["check"]: each["outcome"] for each in one["findings"]}}
        for one in screened
    } == EXPECTED["screen"]
    ranking = json.loads(run("rank", demo_round, "--json").stdout, parse_float=Decimal)
    for given, (reference, total, values, reviews, ground, rank) in zip(
        ranking, EXPECTED["rank"], strict=True
    ):
        assert (given["reference"], given["reviews"], given["ground"], given["rank"]) == (
            reference,
            reviews,
            ground,
            rank,
        )
        assert given["fundable"] is (rank is not None)
        assert abs(given["total"] - Decimal(_fraction(total))) <= Decimal("0.00005")
        assert len(given["criteria"]) == len(values)
    division = json.loads(run("allocate", demo_round, "--json").stdout)
    assert {
        one["reference"]: [one["outcome"], one["amount_cents"], one["ground"]] for one in division
    } == EXPECTED["allocate"]


def _fraction(text: str) -> Decimal:
    above, _, below = str(text).partition("/")
    return Decimal(above) / Decimal(below or 1)


def test_findings_have_words_and_a_basis(run: Run, demo_round: str) -> None:
    for one in json.loads(run("screen", demo_round, "--json").stdout):
        for finding in one["findings"]:
            assert set(finding) == {"check", "outcome", "message", "basis"}
            assert finding["message"].endswith(".")
            assert finding["basis"]


def test_another_ceiling_is_a_what_if(run: Run, demo_round: str) -> None:
    division = json.loads(run("allocate", demo_round, "--json", "--ceiling", 1_000_000).stdout)
    assert sum(one["amount_cents"] for one in division) == 1_000_000
    assert run("allocate", demo_round, "--ceiling", -1).exit_code == 2
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 0


@pytest.mark.parametrize("command", ["screen", "rank", "allocate"])
def test_without_json_there_is_a_line_for_each(run: Run, demo_round: str, command: str) -> None:
    lines = run(command, demo_round).stdout.splitlines()
    assert len(lines) == 10
    assert sorted(line.split("\t")[0] for line in lines) == [f"JZOJP-RB-{n:03d}" for n in range(1, 11)]


def test_export_gives_the_same_round(run: Run, demo_round: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("export", demo_round, "--out", out).stdout == ""
    printed = run("export", demo_round).stdout
    assert json.loads(printed) == json.loads(out.read_text())
    assert equal_values(json.loads(printed)["applications"]) == equal_values(demo()["applications"])


@pytest.mark.parametrize(
    "arguments",
    [("screen", "geen"), ("rank", "geen"), ("allocate", "geen"), ("export", "geen"), ("evaluate", "geen")],
)
def test_a_round_that_is_not_there(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "geen" in result.stderr


@pytest.mark.slow
def test_letters_for_every_application(run: Run, demo_round: str, tmp_path: Path) -> None:
    result = run("letters", demo_round, "--out", tmp_path / "letters")
    assert (result.exit_code, result.stdout) == (0, "10\n")
    names = sorted(path.name for path in (tmp_path / "letters").iterdir())
    assert names == [f"JZOJP-RB-{number:03d}.pdf" for number in range(1, 11)]
    with pikepdf.open(tmp_path / "letters" / names[0]) as letter:
        assert "besluit.json" in letter.attachments


@pytest.mark.parametrize("command", ["letters", "evaluate", "export"])
def test_a_place_that_cannot_be_written(run: Run, demo_round: str, tmp_path: Path, command: str) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    result = run(command, demo_round, "--out", taken / "below")
    assert result.exit_code == 2
    assert str(taken) in result.stderr


def test_evaluation_of_work_in_hand_and_of_history(run: Run, demo_round: str, tmp_path: Path) -> None:
    document = demo()
    document["round"]["slug"] = "netwerk-0"
    document["round"]["kind"] = "netwerk"
    for number, application in enumerate(document["applications"]):
        application["reference"] = f"OUD-{number}"
        application["predecessor"] = f"OUD-{number - 1}"
        application["outcome"] = dict(OUTCOME)
        if number < 3:
            application["outcome"] = {"decision": "awarded", "decided_on": "2019-09-01", "amount_cents": 100}
    path = tmp_path / "old.json"
    path.write_bytes(content(document))
    assert run("import", path).exit_code == 0
    figures = json.loads(run("evaluate", "--json").stdout)
    asked = sum(application["requested_cents"] for application in document["applications"])
    assert figures["rounds"]["regiobeeld-1"] == EXPECTED_FIGURES | {"requested_cents": asked}
    assert figures["rounds"]["netwerk-0"] == EXPECTED_FIGURES | {
        "awarded": 3,
        "rejected": 7,
        "requested_cents": asked,
        "awarded_cents": 300,
        "success_rate": 0.3,
    }
    assert figures["kinds"] == {
        "netwerk": figures["rounds"]["netwerk-0"],
        "regiobeeld": figures["rounds"]["regiobeeld-1"],
    }
    assert figures["total"]["applications"] == 20
    assert figures["pathway"] == {"netwerk": {"netwerk": 2}}
    one = json.loads(run("evaluate", demo_round, "--json").stdout)
    assert list(one["rounds"]) == [demo_round]
    assert one["pathway"] == {}


EXPECTED_FIGURES = {
    "applications": 10,
    "eligible": 10,
    "awarded": 0,
    "rejected": 0,
    "not_processed": 0,
    "withdrawn": 0,
    "requested_cents": 0,
    "awarded_cents": 0,
    "success_rate": None,
}


@pytest.mark.slow
def test_evaluation_as_files(run: Run, demo_round: str, tmp_path: Path) -> None:
    result = run("evaluate", demo_round, "--out", tmp_path / "cijfers")
    written = [Path(line) for line in result.stdout.splitlines()]
    assert all(path.parent == tmp_path / "cijfers" for path in written)
    whole = json.loads((tmp_path / "cijfers" / "evaluation.json").read_text())
    assert whole["total"]["applications"] == 10
    with (tmp_path / "cijfers" / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["level"], row["name"], row["applications"]) for row in rows] == [
        ("total", "", "10"),
        ("kinds", "regiobeeld", "10"),
        ("rounds", "regiobeeld-1", "10"),
    ]


def rules_file(folder: Path, **changes: object) -> Path:
    path = folder / "rules.json"
    rules = demo()["round"]["rules"] | changes
    path.write_text(json.dumps(rules), encoding="utf-8")
    return path


def test_allocate_by_other_rules_stores_nothing(run: Run, demo_round: str, tmp_path: Path) -> None:
    own = run("allocate", demo_round, "--json").stdout
    assert run("allocate", demo_round, "--json", "--rules", rules_file(tmp_path)).stdout == own
    narrow = rules_file(tmp_path, max_awards=2)
    given = json.loads(run("allocate", demo_round, "--json", "--rules", narrow).stdout)
    assert sum(one["outcome"] == "award" for one in given) == 2
    assert {one["ground"] for one in given if one["outcome"] == "reserve"} == {"max_awards"}
    nothing = json.loads(run("allocate", demo_round, "--json", "--rules", narrow, "--ceiling", 0).stdout)
    assert sum(one["amount_cents"] for one in nothing) == 0
    assert run("allocate", demo_round, "--json").stdout == own


def test_faults_of_a_rules_file_are_told_each_at_its_place(run: Run, demo_round: str, tmp_path: Path) -> None:
    path = rules_file(
        tmp_path,
        max_awards=0,
        tie_break=["relevantie", "geluk"],
        allowed_municipalities=["GM9999"],
        scale=["gemeente"],
    )
    result = run("allocate", demo_round, "--json", "--rules", path)
    assert set(told(result)) == {"/max_awards", "/tie_break/1", "/allowed_municipalities/0", "/scale"}
    for content_, place in ((b"{", ""), (b"[]", ""), (b"{}", ""), (b"\xff", "")):
        path.write_bytes(content_)
        assert told(run("allocate", demo_round, "--rules", path)) == [place]


def test_allocate_by_a_scenario_gives_what_the_page_gives(run: Run, demo_round: str, tmp_path: Path) -> None:
    round_ = db.session.scalars(select(Round)).one()
    actor = actor_of(factories.make_user(Role.OFFICER))
    rules = calculations.material_of(round_).round.rules.model_copy(update={"max_awards": 1})
    values = ScenarioValues("Eén toekenning", "", 2_000_000, rules)
    scenario = scenarios.make(round_, values, actor=actor, now=factories.MOMENT)
    found = scenario_results.compare(scenario_results.content_of(round_, [scenario])).ways[0].places
    given = json.loads(run("allocate", demo_round, "--json", "--scenario", "Eén toekenning").stdout)
    assert {one["reference"]: (one["outcome"], one["amount_cents"], one["ground"]) for one in given} == {
        name: (place.outcome, place.amount_cents, place.ground) for name, place in found.items()
    }
    refused = run("allocate", demo_round, "--scenario", "Bestaat niet")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Bestaat niet" in refused.stderr
    both = run("allocate", demo_round, "--scenario", "x", "--rules", rules_file(tmp_path))
    assert both.exit_code == 2
