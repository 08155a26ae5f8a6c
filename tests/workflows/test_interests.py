"""Signs of an interest: each kind of sign, and what is no sign."""

from datetime import date
from typing import Any

import pytest

from workflows.interests import File, Person, domain_of, spelled, warnings_for, years_before

FILE = File(
    organisations={"gemeente zoetermeer": "Gemeente Zoetermeer", "huisartsen": "Stichting Huisartsen"},
    kvks={"12345678": "Gemeente Zoetermeer"},
    people=(spelled("Mevr. Ans de Wit, wethouder"), spelled("Jan")),
    members={7: "Bo Smit"},
    domains=frozenset({"zoetermeer.nl"}),
    places={"GM0637": "Zoetermeer", "GM0518": "Den Haag"},
)


def person(**values: Any) -> Person:
    name = values.pop("name", "Kim Bakker")
    return Person(**{"id": 1, "name": name, "words": spelled(name), **values})


@pytest.mark.parametrize(
    ("values", "code", "params"),
    [
        ({"organisation": "huisartsen"}, "same_organisation", {"organisation": "Stichting Huisartsen"}),
        ({"kvk": "12345678"}, "same_kvk", {"organisation": "Gemeente Zoetermeer"}),
        ({"domain": "zoetermeer.nl"}, "same_email_domain", {"domain": "zoetermeer.nl"}),
        ({"id": 7}, "partner", {"name": "Kim Bakker"}),
        ({"name": "ans  DE wit"}, "partner", {"name": "ans  DE wit"}),
        ({"name": "Jan"}, "partner", {"name": "Jan"}),
        ({"applied_with": frozenset({7, 8})}, "co_applicant", {"with": "Bo Smit"}),
        ({"applied_for": frozenset({"huisartsen"})}, "co_applicant", {"with": "Stichting Huisartsen"}),
        (
            {"own_places": frozenset({"GM0637", "GM0518", "GM0001"})},
            "own_region",
            {"places": "Den Haag, Zoetermeer"},
        ),
    ],
)
def test_each_sign(values: dict[str, Any], code: str, params: dict[str, str]) -> None:
    (found,) = warnings_for(person(**values), FILE)
    assert (found.code, found.params) == (code, params)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": "Ans"},
        {"name": "Wit"},
        {"name": ""},
        {"organisation": "", "kvk": None, "domain": None},
        {"organisation": "gemeente", "kvk": "87654321", "domain": "den-haag.nl"},
        {"applied_with": frozenset({8}), "applied_for": frozenset({"ggd"})},
        {"own_places": frozenset({"GM0001"})},
    ],
)
def test_no_sign(values: dict[str, Any]) -> None:
    assert warnings_for(person(**values), FILE) == ()


def test_a_file_of_which_little_is_known_gives_no_signs() -> None:
    assert warnings_for(person(organisation="", domain=None), File({}, {})) == ()


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@zoetermeer.nl", "zoetermeer.nl"),
        ("a@Zoetermeer.NL.", "zoetermeer.nl"),
        ("a@gmail.com", None),
        ("a@demo.example", None),
        ("", None),
    ],
)
def test_only_a_domain_of_work_counts(address: str, domain: str | None) -> None:
    assert domain_of(address) == domain


def test_years_are_counted_back_to_the_same_day() -> None:
    assert years_before(date(2026, 3, 10), 3) == date(2023, 3, 10)
    assert years_before(date(2024, 2, 29), 3) == date(2021, 2, 28)
