"""Charts as SVG: every form says its words, and a picture is drawn once."""

from xml.etree import ElementTree as ET

import pytest

from subsidy.documents import charts
from subsidy.documents.chart_forms import FORMS
from subsidy.documents.charts import Chart

AMOUNTS = Chart(
    "amounts",
    [
        {"label": "Ronde 1", "series": name, "euros": euros}
        for name, euros in (("Plafond", 9), ("Gevraagd", 4))
    ],
    {"x": "Euro"},
)
EXAMPLES = {
    "totals": Chart(
        "totals",
        [{"label": "90-100", "order": 90, "series": "Komt in aanmerking", "number": 2}],
        {"x": "Totaal", "y": "Aanvragen"},
    ),
    "received": Chart(
        "received",
        [{"day": "2026-05-01", "together": 1}, {"day": "2026-05-03", "together": 4}],
        {"x": "Dag", "y": "Aanvragen"},
    ),
    "amounts": AMOUNTS,
    "outcomes": Chart(
        "outcomes",
        [{"label": "Regiobeeld", "series": "Toegekend", "number": 3, "order": 0}],
        {"x": "Aanvragen"},
    ),
    "mixes": Chart(
        "mixes",
        [{"mix": "burgers", "order": 0, "domain": "Burgers", "in": 1, "number": 3}],
        {"x": "Aanvragen"},
    ),
    "chances": Chart(
        "chances",
        [
            {"total": 81.5, "chance": 0.9, "series": "Boven de streep"},
            {"total": 60, "chance": 0.4, "series": "Onder de streep"},
        ],
        {"x": "Plaats", "y": "Kans"},
    ),
    "severities": Chart(
        "severities", [{"label": "referent-1", "effect": -4.5, "low": -6, "high": -3}], {"x": "Punten"}
    ),
    "rooms": Chart(
        "rooms", [{"label": "Relevantie", "low": 0.2, "high": 0.5, "share": 0.4}], {"x": "Aandeel"}
    ),
    "filling": Chart(
        "filling",
        [
            {"at": f"2026-05-{day:02}T12:00:00", "series": name, "euros": euros}
            for day, name, euros in ((1, "Toegekend", 0), (9, "Toegekend", 40), (9, "Plafond", 90))
        ],
        {"y": "Euro"},
    ),
    "places": Chart(
        "places",
        [
            {"place": 1, "number": 90, "series": "Toegekend", "tone": 1, "ends": 1},
            {"place": 2, "number": 60, "series": "Reservelijst", "tone": 2, "ends": 0},
        ],
        {"x": "Plaats", "y": "Totaal"},
    ),
}


def texts(svg: bytes) -> set[str]:
    root = ET.fromstring(svg)  # noqa: S314  # our own drawing
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return {"".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")}


def test_every_form_has_an_example() -> None:
    assert set(EXAMPLES) == set(FORMS)


@pytest.mark.parametrize("form", EXAMPLES)
def test_a_chart_says_its_words(form: str) -> None:
    chart = EXAMPLES[form]
    said = texts(charts.draw(chart))
    assert set(chart.words.values()) <= said
    names = {str(row[key]) for row in chart.rows for key in ("label", "series", "domain") if key in row}
    assert names <= said


def test_numbers_of_things_are_whole() -> None:
    ticks = {one for one in texts(charts.draw(EXAMPLES["received"])) if one.replace(",", "").isdigit()}
    assert ticks == {"0", "1", "2", "3", "4"}


@pytest.mark.parametrize(("language", "amount"), [("nl", "€ 8"), ("en", "€8")])
def test_amounts_are_written_as_in_the_language_of_the_page(language: str, amount: str) -> None:
    chart = Chart(AMOUNTS.form, AMOUNTS.rows, AMOUNTS.words, language)
    assert amount in {one.replace("\N{NO-BREAK SPACE}", " ") for one in texts(charts.draw(chart))}


@pytest.mark.usefixtures("app")
class TestKeeping:
    def test_a_picture_is_drawn_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn: list[Chart] = []
        real = charts.draw
        monkeypatch.setattr(charts, "draw", lambda chart: drawn.append(chart) or real(chart))
        digest = charts.keep("ronde-1", AMOUNTS)
        assert drawn == []
        first, second = charts.find_svg("ronde-1", digest), charts.find_svg("ronde-1", digest)
        assert first is not None
        assert first == second
        assert drawn == [AMOUNTS]
        assert "Plafond" in texts(first.read_bytes())

    def test_other_numbers_or_words_are_another_chart(self) -> None:
        other = Chart(AMOUNTS.form, AMOUNTS.rows[:1], AMOUNTS.words)
        english = Chart(AMOUNTS.form, AMOUNTS.rows, AMOUNTS.words, "en")
        assert len({AMOUNTS.digest(), other.digest(), english.digest()}) == 3

    def test_one_scope_cannot_look_into_another(self) -> None:
        digest = charts.keep("ronde-2", AMOUNTS)
        assert charts.find_svg("ronde-3", digest) is None

    @pytest.mark.parametrize(
        "digest", ["", "0" * 64, "../../../etc/passwd", "../" * 21 + "x", "0" * 63 + "/"]
    )
    def test_what_was_never_kept_is_not_there(self, digest: str) -> None:
        assert charts.find_svg("ronde-1", digest) is None
