"""From a table to a figure: words in both languages, and pictures of the same numbers."""

from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from subsidy.documents.evaluation_files import write
from subsidy.documents.figures import figure_of, names_of
from subsidy.services import statistics
from subsidy.services.figures import coverage, funnel, money, partnership
from subsidy.services.figures.table import table
from subsidy.services.reference import reference_of
from tests.factories import make_application, make_round
from tests.services.decided import cases, make_decided


def test_bars_say_what_the_table_says(app: Flask) -> None:
    round_ = make_round(ceiling_cents=2_000_000)
    make_decided(round_, "awarded", 500_000)
    with app.test_request_context(), force_locale("en"):
        figure = figure_of(money.money([round_], cases(round_)), names_of([round_]))
        assert (figure.bars[0].label, figure.bars[0].shown) == ("Ceiling", "€\N{NO-BREAK SPACE}20,000")
        assert figure.lines[0].cells == ("Ceiling", "€\N{NO-BREAK SPACE}20,000", "100%")
        assert figure.heads == ["What", ("Amount", "number"), ("Of the ceiling", "number")]


def test_codes_become_words(app: Flask) -> None:
    round_ = make_round()
    make_decided(round_, "rejected", ground="criterion:kwaliteit")
    with app.test_request_context(), force_locale("en"):
        names = names_of([round_])
        (line,) = figure_of(funnel.grounds(cases(round_)), names).lines
        assert line.cells == ("Rejected", "below the threshold of Quality", "1", "100%")
        (line,) = figure_of(partnership.kinds(cases(round_)), names).lines
        assert (line.code, line.cells[0]) == ("netwerk", "Network")


def test_tiles_are_darker_where_more_was_awarded(app: Flask) -> None:
    round_ = make_round()
    make_decided(round_, "awarded", 1)
    found = cases(round_)
    reached = coverage.reach_of(found, reference_of(round_.reference_version))
    with app.test_request_context(), force_locale("nl"):
        figure = figure_of(coverage.regions(coverage.Level.GGD, found, reached), {})
    steps = {tile.name: tile.step for tile in figure.tiles}
    assert len(steps) == 25
    assert {name for name, step in steps.items() if step} == {"GGD Haaglanden"}
    assert steps["GGD Haaglanden"] == 4
    assert len({(tile.x, tile.y) for tile in figure.tiles}) == 25


def test_shades_go_in_equal_parts() -> None:
    with_values = table(
        "province",
        ("region_code", "region", "awards_per_100000"),
        [("PV20", "A", 0.0), ("PV21", "B", 0.1), ("PV22", "C", 0.5), ("PV23", "D", 0.75), ("PV24", "E", 1.0)],
    )
    from subsidy.documents.figures import _tiles

    steps = {tile.name: tile.step for tile in _tiles(with_values) if tile.name in {
        "Groningen", "Fryslân", "Drenthe", "Overijssel", "Flevoland"
    }}  # fmt: skip
    assert steps == {"Groningen": 0, "Fryslân": 1, "Drenthe": 2, "Overijssel": 3, "Flevoland": 4}


def test_every_table_is_written_as_a_file(app: Flask, tmp_path: Path) -> None:
    round_ = make_round(slug="netwerk-7")
    make_decided(round_, "awarded", 1_000)
    make_application(round_)
    tables = statistics.tables_of_round(round_, cases(round_))
    written = {path.name for path in write(tmp_path / "uit", ["netwerk-7"])}
    assert {"evaluation.json", "figures.csv", "_all.applications.csv", "_all.rounds.svg"} <= written
    assert {f"netwerk-7.{name}.csv" for name in tables} <= written
    assert {path.name for path in (tmp_path / "uit").iterdir()} == written


def test_the_path_from_kind_to_kind_has_bars(app: Flask) -> None:
    steps = table("pathway", ("kind", "follows", "awarded"), [("netwerk", "regiobeeld", 3)])
    with app.test_request_context(), force_locale("en"):
        (bar,) = figure_of(steps, names_of([])).bars
    assert (bar.label, bar.value, bar.shown) == ("Network after Regional picture", 3.0, "3")
