"""Addresses and fields that nobody types: a page that is not there, or a refusal; never a fault."""

from collections.abc import Callable, Mapping
from time import process_time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter

from subsidy.models import User
from tests.factories import make_application, make_round, make_user
from tests.test_access import World, rules, world
from workflows.permissions import Role

__all__ = ["world"]

LogIn = Callable[[User | Role], FlaskClient]
HUGE = 99_999_999_999_999_999_999
NUL = "a\x00b"
QUERIES = (
    {
        "na": str(HUGE),
        "voor": str(HUGE),
        "soort": NUL,
        "ronde": NUL,
        "wacht": NUL,
        "search": NUL,
        "next": NUL,
    },
    {
        "na": NUL,
        "voor": "-1",
        "soort": "\U0001f600" * 99,
        "search": "%",
        "staff": "y",
        "ronde": "\x7f",
        "onderdeel": NUL,
    },
    {"na": "0", "voor": "1e9", "search": "a" * 8000, "zoek": NUL, "q": NUL, "vanaf": NUL, "stand": NUL},
)


@pytest.mark.parametrize("person", ["visitor", "member", "officer", "administrator", "evaluator", "auditor"])
def test_strange_addresses_are_no_faults(app: Flask, world: World, as_user: LogIn, person: str) -> None:
    client = app.test_client() if person == "visitor" else as_user(world.people[person])
    wrong = []
    for rule in rules(app):
        if "GET" not in (rule.methods or ()):
            continue
        for strange in ({}, *strange_parts(rule._converters)):
            arguments = {**world.arguments(rule, person), **strange}
            url = app.url_map.bind("localhost").build(rule.endpoint, arguments)
            for query in QUERIES if not strange else ({},):
                answer = client.get(url, query_string=query)
                if answer.status_code >= 500:
                    wrong.append(f"{url} {query}: {answer.status_code}")
    assert wrong == []


def strange_parts(converters: Mapping[str, object]) -> list[dict[str, object]]:
    """Each part of an address in turn as no link has it."""
    return [
        {name: value}
        for name, converter in converters.items()
        for value in ([HUGE] if isinstance(converter, IntegerConverter) else [NUL, "\x7f", "x" * 5000])
    ]


@pytest.mark.parametrize("person", ["visitor", "member", "officer", "administrator", "reviewer of the file"])
@pytest.mark.parametrize("value", [NUL, str(HUGE), "-1", "1e400", "\U0001f600" * 50, "9" * 5000])
def test_strange_fields_are_no_faults(
    app: Flask,
    world: World,
    as_user: LogIn,
    monkeypatch: pytest.MonkeyPatch,
    person: str,
    value: str,
) -> None:
    monkeypatch.setattr(app, "test_client_class", FlaskClient)  # a page may show what was typed as it was
    client = app.test_client() if person == "visitor" else as_user(world.people[person])
    for rule in rules(app):
        if "POST" not in (rule.methods or ()) or rule.endpoint == "account.logout":
            continue
        url = app.url_map.bind("localhost").build(rule.endpoint, world.arguments(rule, person))
        names = FIELDS | {"lead-name", "lead-domain", "lead-kvk", "partners-0-name", "costs-0-amount"}
        answer = client.post(url, data=dict.fromkeys(names, value))
        assert answer.status_code < 500, f"{url}: {answer.status_code}"


@pytest.mark.parametrize("name", ["partners-{}-x", "aid-{}-x"])
def test_a_form_with_more_lines_than_people_fill_in_is_not_read(
    app: Flask, as_user: LogIn, name: str
) -> None:
    member = make_user(Role.APPLICANT)
    draft = make_application(make_round("netwerk"), "draft", member=member)
    client, typed = as_user(member), {name.format(number): "" for number in range(20_000)}
    for address in ("", "/tussendoor"):
        begun = process_time()
        answer = client.post(f"/aanvragen/{draft.id}/onderdelen/partners{address}", data=typed)
        assert answer.status_code == 413
        assert process_time() - begun < 3  # it was ten seconds


FIELDS = {
    *("email", "name", "organisation", "password", "current", "locale", "next", "role", "round_id", "search"),
    *("seen", "version", "notes", "interest", "nature", "measure", "reason", "review", "reviewers", "due_on"),
    *("announce_on", "outcome", "amount", "ground", "motivation", "departure", "missing", "reserve_place"),
    *(
        "list_until",
        "starts_on",
        "letter_sha256",
        "read",
        "phase",
        "priority",
        "received_at",
        "title",
        "slug",
    ),
    *("summary", "region_name", "municipalities", "requested_cents", "requested", "months", "inhabitants"),
    *("neighbourhoods", "remove_file", "then", "number", "opens_at", "closes_at", "ceiling_cents", "themes"),
    *("verdict-conclusion", "verdict-motivation", "supplement-asked", "supplement-sections", "again-reason"),
    *("agreed-kwaliteit", "reason-kwaliteit", "score-kwaliteit", "motivation-kwaliteit", "predecessor"),
}
