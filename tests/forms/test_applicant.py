"""The forms of an application, made from a definition."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms.applicant import press_button, section_form
from forms.applicant_questions import answers_in, form_data, name_of
from forms.choices import Offer, Place
from workflows.definition import (
    Column,
    Condition,
    Option,
    Question,
    QuestionKind,
    RoundDefinition,
    Section,
    SectionKind,
)
from workflows.kinds import KINDS
from workflows.values import Text

OFFER = Offer(
    "nl",
    (("gemeente", "Gemeente"), ("burgers", "Burgers"), ("overig", "Overig")),
    (Place("GM0637", "Zoetermeer", "Zuid-Holland"), Place("GM0518", "Den Haag", "Zuid-Holland")),
    (Place("GG2707", "Haaglanden", "GGD"),),
)
NETWERK = KINDS["netwerk"]


def words(text: str) -> Text:
    return Text(nl=text, en=text)


def question(identifier: str, kind: QuestionKind, **values: Any) -> Question:
    return Question(id=identifier, kind=kind, label=words(identifier), **values)


EVERY_KIND = (
    question("short", QuestionKind.SHORT_TEXT),
    question("long", QuestionKind.LONG_TEXT, max_words=3),
    question(
        "choice", QuestionKind.CHOICE, options=tuple(Option(value=v, label=words(v)) for v in ("a", "b"))
    ),
    question(
        "choices", QuestionKind.CHOICES, options=tuple(Option(value=v, label=words(v)) for v in ("a", "b"))
    ),
    question("number", QuestionKind.NUMBER),
    question("money", QuestionKind.MONEY),
    question("date", QuestionKind.DATE),
    question("yes", QuestionKind.YES_NO),
    question(
        "table",
        QuestionKind.TABLE,
        columns=(
            Column(id="what", label=words("what")),
            Column(id="many", label=words("many"), kind=QuestionKind.NUMBER),
            Column(id="cost", label=words("cost"), kind=QuestionKind.MONEY),
            Column(id="when", label=words("when"), kind=QuestionKind.DATE),
            Column(id="sure", label=words("sure"), kind=QuestionKind.YES_NO),
        ),
    ),
    question("organisation", QuestionKind.ORGANISATION),
    question("places", QuestionKind.MUNICIPALITIES),
    question("file", QuestionKind.FILE),
    question("later", QuestionKind.SHORT_TEXT, when=Condition(question="yes", equals=True)),
)
TYPED = {
    "answer-short": " een\x00 antwoord ",
    "answer-long": "een twee\r\ndrie",
    "answer-choice": "b",
    "answer-choices": ["a", "b"],
    "answer-number": "1.200",
    "answer-money": "10,50",
    "answer-date": "18-5-2026",
    "answer-yes": "no",
    "answer-table-0-cell-what": "werk",
    "answer-table-0-cell-many": "0",
    "answer-table-0-cell-cost": "1.000",
    "answer-table-0-cell-when": "2026-05-18",
    "answer-table-0-cell-sure": "yes",
    "answer-table-4-cell-what": "",
    "answer-table-7-cell-what": "meer",
    "answer-organisation": "Stichting",
    "answer-places": ["GM0637"],
}
ANSWERS = {
    "short": "een antwoord",
    "long": "een twee\ndrie",
    "choice": "b",
    "choices": ["a", "b"],
    "number": 1200,
    "money": 1050,
    "date": "2026-05-18",
    "yes": False,
    "table": [
        {"what": "werk", "many": 0, "cost": 100_000, "when": "2026-05-18", "sure": True},
        {"what": "meer"},
    ],
    "organisation": "Stichting",
    "places": ["GM0637"],
}
QUESTIONS = Section(id="all", kind=SectionKind.QUESTIONS, title=words("all"), questions=EVERY_KIND)


def section_of(definition: RoundDefinition, kind: SectionKind) -> Section:
    return next(section for section in definition.sections if section.kind is kind)


def filled(section: Section, typed: dict[str, Any], definition: RoundDefinition = NETWERK) -> Form:
    return section_form(definition, section, OFFER)(MultiDict(typed))


def test_every_kind_of_question_is_read_as_json() -> None:
    form = filled(QUESTIONS, TYPED)
    assert form.validate(), form.errors
    assert answers_in(form, EVERY_KIND) == ANSWERS


def test_stored_answers_fill_the_form_so_that_saving_again_changes_nothing() -> None:
    form_class = section_form(NETWERK, QUESTIONS, OFFER)
    shown = form_class(data=form_data(EVERY_KIND, ANSWERS))
    sent: MultiDict[str, str] = MultiDict()
    for field in shown:
        for one in _controls(field):
            for value in _sent(one):
                sent.add(one.name, value)
    again = form_class(sent)
    assert again.validate(), again.errors
    assert answers_in(again, EVERY_KIND) == ANSWERS


def _controls(field: Any) -> list[Any]:
    if hasattr(field, "entries"):
        return [control for entry in field for cell in entry.form for control in _controls(cell)]
    return [field]


def _sent(field: Any) -> list[str]:
    if isinstance(field.data, list | tuple):
        return list(field.data)
    return (
        [field._value()]
        if hasattr(field, "_value") and field.type != "MultipleFileField"
        else [field.data or ""]
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("answer-long", "een twee drie vier"),
        ("answer-choice", "c"),
        ("answer-choices", ["a", "c"]),
        ("answer-number", "veel"),
        ("answer-money", "1.2.3"),
        ("answer-date", "31-2-2026"),
        ("answer-date", "gisteren"),
        ("answer-yes", "maybe"),
        ("answer-places", ["GM9999"]),
        ("answer-short", "x" * 501),
    ],
)
def test_what_cannot_be_read_is_refused_and_kept(name: str, typed: str | list[str]) -> None:
    form = filled(QUESTIONS, {**TYPED, name: typed})
    assert not form.validate()
    assert list(form.errors) == [name]
    kept = form[name].data if isinstance(typed, list) else form[name].raw_data[0]
    assert kept == typed


def test_an_empty_form_is_a_fine_draft() -> None:
    for definition in KINDS.values():
        for section in definition.sections:
            assert filled(section, {"category": ""}, definition).validate()


def test_a_conditional_question_says_when_to_answer_it_and_is_not_marked_needed() -> None:
    field = filled(QUESTIONS, {})[name_of(EVERY_KIND[-1])]
    assert "yes" in field.description
    assert not field.flags.required


def test_lines_are_added_and_removed_without_scripts_whatever_the_gaps() -> None:
    section = section_of(NETWERK, SectionKind.PARTNERS)
    typed = {"partners-0-name": "A", "partners-3-name": "B", "partners-9-name": "C", "partners-²-name": "D"}
    form = filled(section, typed)
    assert press_button(form, {"remove": "partners-3"}, {})
    assert [line.form["name"].data for line in form["partners"]] == ["A", "C"]
    assert press_button(form, {"add": "partners"}, {})
    assert [line.form["name"].data for line in form["partners"]] == ["A", "C", ""]
    assert press_button(form, {"remove": "partners-77"}, {})
    assert len(form["partners"]) == 3
    assert not press_button(form, {"then": "next"}, {})


def test_a_list_keeps_more_lines_than_its_most_and_refuses_them() -> None:
    form = filled(section_of(NETWERK, SectionKind.PARTNERS), {f"partners-{n}-name": "x" for n in range(200)})
    assert press_button(form, {"add": "partners"}, {})
    assert len(form["partners"]) == 200
    assert not form.validate()
    told = [line.form["name"].errors for line in form["partners"]]
    assert [len(errors) for errors in told] == [0] * 60 + [1] * 140


def test_a_partner_needs_a_name_and_a_domain_and_a_kvk_number_has_8_digits() -> None:
    section = section_of(NETWERK, SectionKind.PARTNERS)
    form = filled(
        section,
        {
            "lead-name": "Gemeente Zoetermeer",
            "lead-domain": "gemeente",
            "lead-kvk": "27.37 09 11",
            "partners-0-name": "",
            "partners-0-domain": "burgers",
            "partners-0-kvk": "123",
            "partners-1-name": "Raad",
        },
    )
    assert not form.validate()
    assert form["lead"].form["kvk"].data == "27370911"
    assert not form["lead"].errors
    first, second = form["partners"].errors
    assert set(first) == {"name", "kvk"}
    assert set(second) == {"domain"}


def test_a_region_is_added_at_once_and_neighbourhoods_lie_in_it() -> None:
    section = section_of(KINDS["regiobeeld"], SectionKind.REGION)
    definition = KINDS["regiobeeld"]
    form = filled(section, {"municipalities": ["GM0637"], "area": "GG2707"}, definition)
    assert press_button(form, {"add_area": "1"}, {"GG2707": ("GM0518", "GM0637")})
    assert form["municipalities"].data == ["GM0637", "GM0518"]
    assert not form["area"].data

    neighbourhoods = {"municipalities": ["GM0518"], "neighbourhoods": "wk051801, BU05180101"}
    without = filled(section, neighbourhoods, definition)
    assert not without.validate()
    assert list(without.errors) == ["inhabitants"]
    assert filled(section, {**neighbourhoods, "inhabitants": "12.000"}, definition).validate()
    outside = filled(
        section, {**neighbourhoods, "municipalities": ["GM0637"], "inhabitants": "1"}, definition
    )
    assert not outside.validate()
    assert list(outside.errors) == ["neighbourhoods"]
    strange = filled(section, {**neighbourhoods, "neighbourhoods": "WK1", "inhabitants": "1"}, definition)
    assert not strange.validate()
    assert list(strange.errors) == ["neighbourhoods"]


def test_a_cost_needs_a_description_and_an_amount_unless_the_line_is_empty() -> None:
    section = section_of(NETWERK, SectionKind.BUDGET)
    category = NETWERK.budget.cost_categories[0].value
    form = filled(
        section,
        {
            "costs-0-category": category,
            "costs-0-description": "",
            "costs-0-amount": "",
            "costs-1-category": category,
            "costs-1-description": "Projectleider",
            "costs-1-amount": "",
            "costs-2-category": category,
            "costs-2-description": "",
            "costs-2-amount": "12",
            "costs-3-category": category,
            "costs-3-description": "",
            "costs-3-amount": "veel",
        },
    )
    assert not form.validate()
    assert [set(errors) for errors in form["costs"].errors] == [
        set(),
        {"amount"},
        {"description"},
        {"description", "amount"},
    ]


def test_only_what_the_rules_need_is_asked() -> None:
    asked = {
        kind: set(filled(section_of(one, SectionKind.PROJECT), {}, one)._fields)
        for kind, one in KINDS.items()
    }
    assert "predecessor" in asked["actieplan"]
    assert "predecessor" not in asked["netwerk"]
    regiobeeld = {"regiobeeld_from", "regiobeeld_link", "regiobeeld_award"}
    assert regiobeeld <= asked["doorontwikkeling"]
    assert not regiobeeld & asked["netwerk"]
