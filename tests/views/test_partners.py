"""The section about who takes part, as a browser meets it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import AidReceived, Application, Participation, User
from subsidy.services import organisations
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_application, make_round, make_user
from workflows.kinds import KINDS
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]

WITHOUT_AID = KINDS["netwerk"].model_copy(update={"asks_state_aid": False})
LEAD = {
    "lead-name": "Gemeente Zoetermeer",
    "lead-domain": "gemeente",
    "lead-kvk": "27370911",
    "lead-key": "0000000000000001",
}


@pytest.fixture
def applicant(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def draft(applicant: User) -> Application:
    return make_application(make_round("netwerk"), "draft", member=applicant)


def address_of(application: Application) -> str:
    return f"/aanvragen/{application.id}/onderdelen/partners"


def fields(page: str) -> dict[str, str]:
    """What the inputs of a page would send, but for the blank lines that scripts copy."""
    shown = re.sub(r"<template>.*?</template>", "", page, flags=re.DOTALL)
    inputs = re.findall(r"<input[^>]*>", shown)
    named = ((re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs)
    return {name[1]: value[1] if value else "" for name, value in named if name}


def save(client: FlaskClient, application: Application, **typed: Any) -> Any:
    """Open the section and save it as typed."""
    address = address_of(application)
    db.session.expunge_all()
    seen = fields(client.get(address).text)["seen"]
    return client.post(address, data={"seen": seen, **typed})


def reload(application_id: int) -> Application:
    db.session.expire_all()
    return db.session.get_one(Application, application_id)


def test_a_partner_stays_who_it_is_when_another_is_removed(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, id_ = as_user(applicant), draft.id
    before = {one.name: (one.id, one.key) for one in draft.participations}
    page = client.get(address_of(draft)).text
    sent = fields(page)
    assert sent["partners-1-key"] == before["Bewonersraad Zoetermeer"][1]
    typed = {
        **LEAD,
        "lead-key": sent["lead-key"],
        "partners-7-key": sent["partners-2-key"],
        "partners-7-name": "Welzijn",
        "partners-7-domain": "sociaal_domein",
        "partners-9-key": sent["partners-1-key"],
        "partners-9-name": "Bewonersraad Zoetermeer",
        "partners-9-domain": "burgers",
        "partners-9-rsin": "111222333",
        "partners-9-postcode": "2712hr",
    }
    assert save(client, draft, **typed).status_code == 303
    after = {one.name: (one.id, one.key) for one in reload(id_).participations}
    assert list(after) == ["Gemeente Zoetermeer", "Welzijn", "Bewonersraad Zoetermeer"]
    assert after["Welzijn"] == before["Welzijn Zoetermeer"]
    assert after["Bewonersraad Zoetermeer"] == before["Bewonersraad Zoetermeer"]
    stored = reload(id_).participations[2]
    assert (stored.rsin, stored.postcode) == ("111222333", "2712 HR")


def test_a_line_with_only_a_key_is_no_partner_and_a_doubled_key_becomes_two(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, id_ = as_user(applicant), draft.id
    typed = {**LEAD, "partners-0-key": "abc", "partners-0-name": "", "partners-0-domain": ""}
    typed |= {
        f"partners-{n}-{name}": value
        for n in (1, 2)
        for name, value in (("key", "def"), ("domain", "overig"))
    }
    typed |= {"partners-1-name": "Een", "partners-2-name": "Twee"}
    assert save(client, draft, **typed).status_code == 303
    keys = [one.key for one in reload(id_).participations]
    assert keys[:2] == ["0000000000000001", "def"]
    assert len(set(keys)) == 3


def test_the_same_organisation_twice_is_told_at_the_second_line_and_nothing_changes(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    id_ = draft.id
    typed = {
        **LEAD,
        "partners-0-name": "De gemeente nog eens",
        "partners-0-domain": "overig",
        "partners-0-kvk": "2737.0911",
    }
    answer = save(as_user(applicant), draft, **typed)
    assert answer.status_code == 422
    assert 'id="partners-0-kvk-error"' in answer.text
    assert 'id="lead-kvk-error"' not in answer.text
    assert "De gemeente nog eens" in answer.text
    assert len(reload(id_).participations) == 4


def test_the_account_of_the_lead_is_stored_plain_and_shown_in_groups(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, id_ = as_user(applicant), draft.id
    assert save(client, draft, **LEAD, **{"lead-iban": "nl91abna 0417164300"}).status_code == 303
    assert reload(id_).participations[0].iban == "NL91ABNA0417164300"
    assert fields(client.get(address_of(draft)).text)["lead-iban"] == "NL91 ABNA 0417 1643 00"
    review = client.get(f"/aanvragen/{id_}/nakijken").text
    assert "NL91 ABNA 0417 1643 00" in review


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lead-kvk", "1234"),
        ("lead-rsin", "111222334"),
        ("lead-iban", "NL00 ABNA 0417 1643 00"),
        ("lead-postcode", "12 AB"),
        ("partners-0-rsin", "x" * 5000),
        ("partners-0-kvk", "\u202e12345678<b>"),
    ],
)
def test_a_wrong_number_is_told_and_kept(
    as_user: LogIn, applicant: User, draft: Application, name: str, value: str
) -> None:
    typed = {**LEAD, "partners-0-name": "Wijkraad", "partners-0-domain": "burgers", name: value}
    answer = save(as_user(applicant), draft, **typed)
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert "Wijkraad" in answer.text


AID = {
    **LEAD,
    "aid_received": "yes",
    "aid-0-participant": LEAD["lead-key"],
    "aid-0-regulation": "de_minimis",
    "aid-0-granted_on": "2025-05-18",
    "aid-0-grantor": "Provincie",
    "aid-0-amount": "295.000",
}


def test_the_summary_of_mistakes_tells_whose_number_is_wrong(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    answer = save(
        as_user(applicant),
        draft,
        **{
            "lead-kvk": "1",
            "partners-0-name": "Welzijn",
            "partners-0-domain": "sociaal_domein",
            "partners-1-kvk": "1",
        },
    )
    assert answer.status_code == 422
    summary = answer.text.split("error-summary", 1)[1].split("</ul>", 1)[0]
    told = [" ".join(one.split()) for one in re.findall(r'<a href="#[^"]*">([^<]*)</a>', summary)]
    assert "Hoofdaanvrager: KvK-nummer" in [one.rsplit(":", 1)[0] for one in told]
    assert "Partners, regel 2: KvK-nummer" in [one.rsplit(":", 1)[0] for one in told]
    assert not any(one.startswith("Partners, regel 1") for one in told)


def test_earlier_aid_is_added_up_with_what_is_asked_and_never_blocks(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, id_ = as_user(applicant), draft.id
    assert save(client, draft, **AID).status_code == 303
    (stored,) = reload(id_).aid
    assert (stored.participation_key, stored.amount_cents) == (LEAD["lead-key"], 29_500_000)
    page = client.get(address_of(draft)).text
    # 295,000 and the 10,000 that are asked, against 300,000 and 750,000.
    assert "5.000" in page
    assert "740.000" in page
    assert f'<option selected value="{LEAD["lead-key"]}">Gemeente Zoetermeer</option>' in page
    review = client.get(f"/aanvragen/{id_}/nakijken")
    assert review.status_code == 200
    assert "295.000" in review.text
    assert client.post(f"/aanvragen/{id_}/indienen").status_code == 303


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"aid-0-granted_on": (MOMENT + timedelta(days=1)).date().isoformat()}, "aid-0-granted_on"),
        ({"aid-0-granted_on": "31-2-2025"}, "aid-0-granted_on"),
        ({"aid-0-amount": "-1"}, "aid-0-amount"),
        ({"aid-0-amount": ""}, "aid-0-amount"),
        ({"aid-0-participant": "nobody"}, "aid-0-participant"),
        ({"aid-0-regulation": "other"}, "aid-0-regulation"),
        ({"aid_received": "no"}, "aid_received"),
    ],
)
def test_a_mistake_in_earlier_aid_is_told(
    as_user: LogIn, applicant: User, draft: Application, changed: dict[str, str], error: str
) -> None:
    client, id_ = as_user(applicant), draft.id
    answer = save(client, draft, **{**AID, **changed})
    assert answer.status_code == 422
    assert f'id="{error}-error"' in answer.text
    assert "Provincie" in answer.text
    assert reload(id_).aid == []
    again = save(client, draft, **{**AID, **changed, "recount": "1"})
    assert again.status_code == 200


def test_the_room_for_aid_is_worked_out_again_without_saving(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, id_ = as_user(applicant), draft.id
    shown = client.post(f"/aanvragen/{id_}/staatssteun", data={**AID, "aid-0-amount": "123.456"})
    assert shown.status_code == 200
    assert "123.456" in shown.text
    assert "<h1" not in shown.text
    for typed in (
        {},
        {"aid_received": "no"},
        {**AID, "aid-0-regulation": "x", "aid-0-amount": "\u202e9" * 999},
    ):
        assert client.post(f"/aanvragen/{id_}/staatssteun", data=typed).status_code == 200
    assert reload(id_).aid == []
    voucher = make_application(make_round(definition=WITHOUT_AID), "draft", member=applicant).id
    assert client.post(f"/aanvragen/{voucher}/staatssteun", data=AID).status_code == 404


def test_aid_can_be_of_a_partner_that_was_typed_just_now(
    as_user: LogIn, applicant: User, draft: Application
) -> None:
    client, id_ = as_user(applicant), draft.id
    new = {
        "partners-5-key": "00ff00ff00ff00ff",
        "partners-5-name": "Nieuwe partner",
        "partners-5-domain": "overig",
        "aid-0-participant": "00ff00ff00ff00ff",
    }
    shown = save(client, draft, **{**AID, **new, "add": "aid"})
    assert shown.status_code == 200
    assert len(re.findall(r'<option (?:selected )?value="00ff00ff00ff00ff">Nieuwe partner', shown.text)) == 2
    assert save(client, draft, **{**AID, **new}).status_code == 303
    assert reload(id_).aid[0].participation_key == "00ff00ff00ff00ff"


def test_aid_of_a_partner_that_is_gone_is_told(as_user: LogIn, applicant: User, draft: Application) -> None:
    client, id_ = as_user(applicant), draft.id
    draft.aid = [
        AidReceived(position=0, participation_key="gone", regulation="sgei", grantor="Rijk", amount_cents=100)
    ]
    draft.answers = {"own_aid_received": True}
    db.session.commit()
    page = client.get(address_of(draft))
    assert page.status_code == 200
    assert client.get(f"/aanvragen/{id_}/nakijken").status_code == 200
    assert client.get(f"/aanvragen/{id_}").status_code == 200


def test_a_round_that_does_not_ask_it_shows_nothing_of_state_aid(as_user: LogIn, applicant: User) -> None:
    draft = make_application(make_round(definition=WITHOUT_AID), "draft", member=applicant)
    page = as_user(applicant).get(address_of(draft)).text
    assert "aid_received" not in page
    assert "aid-0" not in page


def test_suggestions_are_for_who_may_write(as_user: LogIn, applicant: User, draft: Application) -> None:
    round_ = make_round()
    sent = make_application(
        round_,
        participations=[
            Participation(position=0, lead=True, name="Stichting Wijkzorg", domain="overig", kvk="12345678")
        ],
        member=applicant,
    )
    organisations.settle(sent, now=MOMENT)
    viewer = make_user(Role.APPLICANT)
    db.session.commit()
    client, address = as_user(applicant), f"/aanvragen/{draft.id}/organisaties"
    found = client.get(address, query_string={"q": "wijk"})
    assert found.json == [{"name": "Stichting Wijkzorg", "kvk": "12345678"}]
    assert client.get(address).json == []
    assert client.get(address, query_string={"q": "%" * 5000}).status_code == 200
    # Not for strangers, nor about an application that was sent in.
    assert as_user(viewer).get(address, query_string={"q": "wijk"}).status_code == 404
    assert client.get(f"/aanvragen/{sent.id}/organisaties", query_string={"q": "wijk"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_as_many_queries_for_more_partners(
    as_user: LogIn, applicant: User, draft: Application, number: int
) -> None:
    del draft.participations[1 + number :]
    draft.aid = [
        AidReceived(
            position=n,
            participation_key=draft.participations[n].key,
            regulation="sgei",
            grantor="Rijk",
            amount_cents=100,
        )
        for n in range(number)
    ]
    draft.answers = {"own_aid_received": True}
    client = as_user(applicant)
    address = address_of(draft)
    client.get(address)
    db.session.expunge_all()
    with QueryCount() as queries:
        assert client.get(address).status_code == 200
    assert queries.count == 10
