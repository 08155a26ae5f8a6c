"""Who takes part, as stored: a participation keeps its identity as long as its key stands in the form."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy.db import db
from subsidy.models import Application, Supplement
from subsidy.services import organisations, paper
from subsidy.services.entries import ParticipantEntry, PartnersEntry
from subsidy.services.entries.partners import AidEntry, partners_lack, stored_partners, write_partners
from subsidy.services.paper import Party
from tests.factories import MOMENT, make_application, make_round, make_user
from workflows.kinds import KINDS
from workflows.permissions import Actor, Grant, Role

LEAD = ParticipantEntry(
    "Gemeente", "gemeente", "27370911", "lead", "111222333", "NL91ABNA0417164300", "2712 HR"
)
PARTNERS = tuple(ParticipantEntry(f"Partner {n}", "overig", key=f"p{n}") for n in range(4))


@pytest.fixture
def application(app: Flask) -> Application:
    return make_application(make_round(), "draft")


def write(application: Application, entry: PartnersEntry) -> dict[str, int]:
    """Write and read back; give the id of each row by its key."""
    write_partners(application, entry)
    db.session.commit()
    db.session.expire_all()
    assert stored_partners(application) == entry
    assert [row.position for row in application.participations] == list(range(len(entry.everyone)))
    return {row.key: row.id for row in application.participations}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_partners_change_places_and_stay_who_they_are(
    application: Application, order: tuple[int, ...]
) -> None:
    before = write(application, PartnersEntry(LEAD, PARTNERS[:3]))
    after = write(application, PartnersEntry(LEAD, tuple(PARTNERS[n] for n in order)))
    assert after == before


def test_a_removed_partner_goes_and_the_others_stay(application: Application) -> None:
    before = write(application, PartnersEntry(LEAD, PARTNERS))
    after = write(application, PartnersEntry(LEAD, (PARTNERS[3], PARTNERS[1])))
    assert after == {key: before[key] for key in ("lead", "p1", "p3")}


def test_a_partner_becomes_the_lead(application: Application) -> None:
    before = write(application, PartnersEntry(LEAD, PARTNERS[:2]))
    after = write(application, PartnersEntry(PARTNERS[1], (LEAD, PARTNERS[0])))
    assert after == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(lists=st.lists(st.lists(st.sampled_from(PARTNERS), unique=True), max_size=4), lead=st.booleans())
def test_any_sequence_of_lists_reads_back(
    application: Application,
    lists: list[list[ParticipantEntry]],
    lead: bool,  # noqa: FBT001
) -> None:
    ids: dict[str, int] = {}
    for partners in lists:
        now = write(application, PartnersEntry(LEAD if lead else None, tuple(partners)))
        assert all(now[key] == ids[key] for key in now.keys() & ids.keys())
        ids = now


def test_aid_and_the_answer_about_it_are_kept_apart_from_other_answers(application: Application) -> None:
    application.answers = {"goal": "Dit"}
    aid = (
        AidEntry("lead", "de_minimis", date(2025, 1, 2), "Provincie", 100),
        AidEntry("p1", "sgei", None, "", 0),
    )
    write(application, PartnersEntry(LEAD, PARTNERS[:2], aid_received=True, aid=aid))
    write(application, PartnersEntry(LEAD, PARTNERS[:2], aid_received=False))
    assert application.answers["goal"] == "Dit"
    write(application, PartnersEntry(LEAD))
    assert application.answers == {"goal": "Dit"}


@pytest.mark.parametrize(
    ("asks_aid", "entry", "codes"),
    [
        (True, PartnersEntry(), ["lead", "aid_received"]),
        (
            True,
            PartnersEntry(ParticipantEntry("x", "overig")),
            ["lead_kvk", "lead_iban", "aid_received"],
        ),
        (True, PartnersEntry(LEAD, aid_received=False), []),
        (True, PartnersEntry(LEAD, aid_received=True), ["aid"]),
        (
            True,
            PartnersEntry(
                LEAD, (), aid_received=True, aid=(AidEntry("gone", "sgei", date(2025, 1, 1), "X", 1),)
            ),
            ["aid_details"],
        ),
        (
            True,
            PartnersEntry(
                LEAD, (), aid_received=True, aid=(AidEntry("lead", "sgei", date(2025, 1, 1), "X", 1),)
            ),
            [],
        ),
        (False, PartnersEntry(LEAD), []),
    ],
)
def test_what_is_missing(asks_aid: bool, entry: PartnersEntry, codes: list[str]) -> None:  # noqa: FBT001
    definition = KINDS["netwerk"].model_copy(update={"asks_state_aid": asks_aid})
    lacking = dict(partners_lack(entry, definition))
    assert list(lacking) == codes
    assert [code for code, blocking in lacking.items() if blocking] == [
        code for code in codes if code == "lead"
    ]


def test_who_becomes_another_organisation_is_not_linked_to_the_old_one(application: Application) -> None:
    write(application, PartnersEntry(LEAD, PARTNERS[:1]))
    organisations.settle(application, now=MOMENT)
    links = [row.organisation_id for row in application.participations]
    other = replace(PARTNERS[0], kvk="12345678")
    write(application, PartnersEntry(replace(LEAD, iban=None), (other,)))
    assert [row.organisation_id for row in application.participations] == [links[0], None]


def test_a_supplement_on_paper_keeps_who_took_part(app: Flask) -> None:
    application = make_application(make_round(), "supplement_requested", channel="paper")
    write(application, PartnersEntry(LEAD, PARTNERS[:3]))
    before = {row.name: (row.id, row.key) for row in application.participations}
    db.session.add(
        Supplement(
            application_id=application.id,
            sections=["partners"],
            asked="Wie doet er mee?",
            requested_by=make_user(Role.OFFICER).id,
            requested_at=MOMENT,
            last_day=(MOMENT + timedelta(days=14)).date(),
        )
    )
    db.session.flush()
    stored = paper.stored(application)
    zero, _one, two = stored.partners
    said = replace(
        stored,
        received_at=MOMENT + timedelta(days=1),
        lead=replace(stored.lead, name="Gemeente Zoetermeer"),
        partners=(two, zero, Party("Nieuw", "burgers")),
    )
    officer = Actor(make_user(Role.OFFICER).id, frozenset({Grant(Role.OFFICER)}))
    paper.supplement(application, said, reason="Per post", actor=officer, now=MOMENT + timedelta(days=2))
    after = {row.name: (row.id, row.key) for row in application.participations}
    assert list(after) == ["Gemeente Zoetermeer", "Partner 2", "Partner 0", "Nieuw"]
    assert after["Gemeente Zoetermeer"] == before["Gemeente"]
    assert (after["Partner 2"], after["Partner 0"]) == (before["Partner 2"], before["Partner 0"])
    assert application.participations[0].iban == LEAD.iban
    assert all(row.organisation_id for row in application.participations)
