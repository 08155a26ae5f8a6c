"""One organisation once: by number, by name, at once with others, and for a whole round."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, Membership, Organisation, Participation, Round
from subsidy.services import organisations
from subsidy.services.organisation_names import legal_form, name_key
from subsidy.services.organisations import Suggestion
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_application, make_round, make_user


def party(name: str, kvk: str | None = None, **more: Any) -> Participation:
    return Participation(position=0, lead=True, name=name, domain="overig", kvk=kvk, **more)


def apply(round_: Round, *parties: Participation, state: str = "submitted") -> Application:
    for position, one in enumerate(parties):
        one.position, one.lead = position, position == 0
    return make_application(round_, state, participations=list(parties))


def settle(round_: Round, *parties: Participation) -> list[int | None]:
    application = apply(round_, *parties)
    organisations.settle(application, now=MOMENT)
    return [one.organisation_id for one in application.participations]


@pytest.fixture
def round_(app: Flask) -> Round:
    return make_round()


@pytest.mark.parametrize(
    ("name", "key", "form"),
    [
        ("Stichting Welzijn Zoetermeer", "welzijn zoetermeer", "stichting"),
        ("welzijn  ZOETERMEER", "welzijn zoetermeer", None),
        ("Zorg & Welzijn B.V.", "zorg en welzijn", "bv"),
        ("Coöperatie Zorg U.A.", "zorg", "cooperatie"),
        ("'s-Hertogenbosch", "s hertogenbosch", None),
        ("Vereniging van Stichtingen", "van stichtingen", "vereniging"),
        ("St. Jansdal", "st jansdal", None),
        ("B.V.", "bv", None),
        ("Stichting", "stichting", None),
        ("!!!", "!!!", None),
    ],
)
def test_names_are_compared_without_what_people_write_differently(
    name: str, key: str, form: str | None
) -> None:
    assert (name_key(name), legal_form(name)) == (key, form)


def test_the_number_decides_whatever_the_name(round_: Round) -> None:
    (first,) = settle(round_, party("Welzijn", "12345678"))
    assert settle(round_, party("Stichting Welzijn Zoetermeer e.o.", "12345678")) == [first]
    assert settle(round_, party("Welzijn", "87654321")) != [first]


def test_without_a_number_the_name_decides(round_: Round) -> None:
    (first,) = settle(round_, party("Stichting Welzijn"))
    assert settle(round_, party("WELZIJN"), party("Huisartsen"))[0] == first
    assert settle(round_, party("Welzijn B.V.")) != [first]
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 3


def test_an_organisation_known_by_name_gets_its_number(round_: Round) -> None:
    (first,) = settle(round_, party("Stichting Welzijn"))
    assert settle(round_, party("Welzijn", "12345678", rsin="111222333", postcode="2712 HR")) == [first]
    one = db.session.get_one(Organisation, first)
    assert (one.kvk, one.rsin, one.postcode) == ("12345678", "111222333", "2712 HR")
    assert settle(round_, party("Welzijn")) == [first]


def test_nothing_contradicts(round_: Round) -> None:
    (first,) = settle(round_, party("Welzijn", rsin="111222333"))
    (second,) = settle(round_, party("Welzijn", "12345678", rsin="123456782"))
    assert second != first


def test_of_two_with_one_name_in_the_register_neither_is_guessed(round_: Round) -> None:
    numbered = settle(round_, party("Zorg", "12345678"), party("Zorg", "87654321"))
    (third,) = settle(round_, party("Zorg"))
    assert len({*numbered, third}) == 3
    assert settle(round_, party("zorg")) == [third]


def test_many_that_send_in_at_once_make_each_organisation_once(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        ids = [
            apply(round_, *(party(name, kvk) for name, kvk in (("Zorg", "12345678"), ("Bewoners", None)))).id
            for _ in range(8)
        ]
        db.session.commit()

    def send_in(id_: int) -> tuple[int | None, ...]:
        with real_app.app_context():
            application = db.session.get_one(Application, id_)
            organisations.settle(application, now=MOMENT)
            links = tuple(one.organisation_id for one in application.participations)
            db.session.commit()
            return links

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send_in, ids))) == 1
    with real_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 2


@pytest.mark.parametrize("number", [1, 3])
def test_a_whole_round_takes_as_many_queries_as_one_application(round_: Round, number: int) -> None:
    for n in range(number):
        apply(round_, party(f"Zorg {n}", f"1234567{n}"), party(f"Bewoners {n}"), party("Gemeente"))
    db.session.commit()
    db.session.refresh(round_)
    with QueryCount() as queries:
        organisations.settle_round(round_, now=MOMENT)
    lookups = [one for one in queries.statements if one.startswith("SELECT") and "advisory" not in one]
    assert len(lookups) == 5
    assert len([one for one in queries.statements if one.startswith("UPDATE")]) == 1
    db.session.expire_all()
    links = db.session.scalars(select(Participation.organisation_id)).all()
    assert None not in links
    assert len(set(links)) == 2 * number + 1


def test_suggestions_come_from_what_was_sent_in_and_from_ones_own(round_: Round) -> None:
    me = make_user().id
    settle(round_, party("Stichting Welzijn Zoetermeer", "12345678"), party("Huisartsen"))
    apply(round_, party("Geheime welzijnsgroep"), state="draft")
    mine = apply(round_, party("Welzijn van mij"), state="draft")
    db.session.add(Membership(application_id=mine.id, user_id=me, capacity="edit"))
    db.session.commit()
    with QueryCount() as queries:
        found = organisations.suggest("WELZIJN", user_id=me)
    assert queries.count == 2
    assert found == [
        Suggestion("Stichting Welzijn Zoetermeer", "12345678"),
        Suggestion("Welzijn van mij", None),
    ]
    assert organisations.suggest("zoeter wel", user_id=me) == found[:1]
    assert organisations.suggest("1234", user_id=me) == found[:1]
    for nothing in ("", "w", "  ", "%", "__", "geheime"):
        assert organisations.suggest(nothing, user_id=me) == []


def test_at_most_eight_are_suggested_each_once(round_: Round) -> None:
    me = make_user().id
    settle(round_, *(party(f"Zorg {n}") for n in range(12)))
    mine = apply(round_, party("zorg 0", "12345678"), state="draft")
    db.session.add(Membership(application_id=mine.id, user_id=me, capacity="edit"))
    db.session.commit()
    found = organisations.suggest("zorg", user_id=me)
    assert len(found) == 8
    assert found[0] == Suggestion("zorg 0", "12345678")
    assert len({name_key(one.name) for one in found}) == 8
