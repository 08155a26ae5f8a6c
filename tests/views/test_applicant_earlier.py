"""What went before: the predecessor, the regiobeeld, other money, and an application used again."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Attachment, Decision, Membership, Round, StoredFile, User
from subsidy.services import completeness, snapshots
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_application, make_round, make_user
from tests.pages import parse, words
from tests.section_pages import fields_on, with_values
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
DAY = timedelta(days=1)


@pytest.fixture
def applicant(app: object) -> User:
    return make_user(Role.APPLICANT)


def plan_round(**rules: Any) -> Round:
    """A round that asks for a predecessor, a regiobeeld and other money."""
    content = KINDS["actieplan"].model_dump(mode="json")
    content["rules"] |= {"regiobeeld_required": True, **rules}
    return make_round("actieplan", definition=RoundDefinition.model_validate(content))


def decided(
    kind: str, state: str, member: User | None, reference: str, *, announced: bool = True
) -> Application:
    round_ = make_round(kind, opens_at=MOMENT - 90 * DAY, closes_at=MOMENT - 60 * DAY)
    application = make_application(
        round_, state, member=member, reference=reference, title=f"Over {reference}"
    )
    db.session.add(
        Decision(
            application_id=application.id,
            round_id=round_.id,
            outcome=state,
            amount_cents=100 if state == "awarded" else 0,
            motivation="Goed.",
            imported=True,
            decided_on=MOMENT.date(),
            proposed_at=MOMENT,
            confirmed_at=MOMENT,
            announced_at=MOMENT if announced else None,
            basis={},
        )
    )
    db.session.flush()
    return application


def address_of(application: Application, section: str = "project") -> str:
    db.session.commit()
    return f"/aanvragen/{application.id}/onderdelen/{section}"


def save(client: FlaskClient, address: str, **typed: str) -> Any:
    """Open the section and save it with these values in the place of what it showed."""
    names = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(address, data=with_values(fields_on(client.get(address).text), names))


def stored(address: str) -> Application:
    db.session.expire_all()
    return db.session.get_one(Application, int(address.split("/")[2]))


def told(page: str, about: str) -> str:
    found = re.search(rf'<p id="{about}-told"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert found
    return found[1].strip()


def test_the_list_holds_ones_own_announced_awards_of_the_kinds_asked(as_user: LogIn, applicant: User) -> None:
    other = make_user(Role.APPLICANT)
    decided("netwerk", "awarded", applicant, "NET-EIGEN")
    decided("doorontwikkeling", "awarded", applicant, "DOO-EIGEN")
    decided("regiobeeld", "awarded", applicant, "RB-EIGEN")
    decided("netwerk", "awarded", applicant, "NET-NOGNIET", announced=False)
    decided("netwerk", "rejected", applicant, "NET-NEE")
    decided("netwerk", "awarded", other, "NET-ANDER")
    address = address_of(make_application(plan_round(), "draft", member=applicant))
    page = parse(as_user(applicant).get(address).text)
    offered = {
        str(select_.get("name")): [option.get("value", "") for option in select_.iter("option")]
        for select_ in page.iter("select")
    }
    assert sorted(offered["predecessor_own"]) == ["", "DOO-EIGEN", "NET-EIGEN"]
    assert offered["regiobeeld_own"] == ["", "RB-EIGEN"]
    labels = " ".join(words(one) for one in page.iter("option"))
    assert "NET-EIGEN: Over NET-EIGEN (Ronde" in labels


def test_a_reference_that_is_typed_goes_before_the_list(as_user: LogIn, applicant: User) -> None:
    decided("netwerk", "awarded", applicant, "NET-EIGEN")
    address = address_of(make_application(plan_round(), "draft", member=applicant))
    client = as_user(applicant)
    assert save(client, address, predecessor_own="NET-EIGEN").status_code == 303
    assert stored(address).predecessor == "NET-EIGEN"
    page = dict(fields_on(client.get(address).text))
    assert (page["predecessor_own"], page["predecessor"]) == ("NET-EIGEN", "")
    assert save(client, address, predecessor="NET-ANDER").status_code == 303
    assert stored(address).predecessor == "NET-ANDER"
    page = dict(fields_on(client.get(address).text))
    assert (page["predecessor_own"], page["predecessor"]) == ("", "NET-ANDER")
    assert save(client, address, predecessor="", predecessor_own="VREEMD").status_code == 422
    assert stored(address).predecessor == "NET-ANDER"


def test_it_is_told_at_once_whether_a_reference_fits(as_user: LogIn, applicant: User) -> None:
    other = make_user(Role.APPLICANT)
    decided("netwerk", "awarded", other, "NET-ANDER")
    decided("netwerk", "awarded", applicant, "NET-NOGNIET", announced=False)
    decided("netwerk", "rejected", other, "NET-NEE")
    decided("regiobeeld", "awarded", other, "RB-ANDER")
    application = make_application(plan_round(), "draft", member=applicant)
    client = as_user(applicant)
    at = f"/aanvragen/{application.id}/eerder"
    db.session.commit()

    def answer(**typed: str) -> str:
        return client.get(at, query_string=typed).text

    fits = told(answer(predecessor="NET-ANDER"), "predecessor")
    unknown = told(answer(predecessor="ZO-MAAR"), "predecessor")
    assert "NET-ANDER" in fits
    assert "ZO-MAAR" in unknown
    assert fits.replace("NET-ANDER", "ZO-MAAR") != unknown
    # An award that was not announced reads as one that was refused: the letter tells it first.
    not_yet = told(answer(predecessor="NET-NOGNIET"), "predecessor")
    refused = told(answer(predecessor="NET-NEE"), "predecessor")
    assert not_yet.replace("NET-NOGNIET", "NET-NEE") == refused
    assert told(answer(), "predecessor") == ""
    made = told(answer(regiobeeld_from="award", regiobeeld_award="RB-ANDER"), "regiobeeld")
    none = told(answer(regiobeeld_from="award", regiobeeld_award="NET-ANDER"), "regiobeeld")
    assert made.replace("RB-ANDER", "NET-ANDER") != none
    assert "Over NET-ANDER" not in answer(predecessor="NET-ANDER")  # the title of another's stays theirs
    stranger = as_user(other)
    assert stranger.get(at).status_code == 404


def test_what_is_told_costs_one_query_whatever_is_named(
    as_user: LogIn, applicant: User, count_queries: type[QueryCount]
) -> None:
    counts = []
    for many in (1, 3):
        for number in range(many):
            decided("netwerk", "awarded", applicant, f"NET-{many}{number}")
        address = address_of(make_application(plan_round(), "draft", member=applicant, predecessor="NET-10"))
        client = as_user(applicant)
        client.get(address)
        db.session.expire_all()
        with count_queries() as counted:
            client.get(address)
        counts.append(counted.count)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://voorbeeld.nl/beeld?x=1#y", "https://voorbeeld.nl/beeld?x=1#y"),
        ("www.voorbeeld.nl/beeld", "https://www.voorbeeld.nl/beeld"),
        ("HTTP://voorbeeld.nl:8080", "HTTP://voorbeeld.nl:8080"),
        ("javascript:alert(1)", None),
        ("ftp://voorbeeld.nl", None),
        ("https://", None),
        ("https://naam:geheim@voorbeeld.nl", None),
        ("op onze website", None),
        ("https://[::1", None),
        ("https://voorbeeld.nl:99999", None),
    ],
)
def test_a_link_to_the_regiobeeld_is_a_web_address(
    as_user: LogIn, applicant: User, typed: str, kept: str | None
) -> None:
    address = address_of(make_application(plan_round(), "draft", member=applicant))
    client = as_user(applicant)
    answer = save(client, address, regiobeeld_from="link", regiobeeld_link=typed)
    application = stored(address)
    if kept is None:
        assert answer.status_code == 422
        assert ("regiobeeld_link", typed) in fields_on(answer.text)
        assert application.regiobeeld is None
    else:
        assert answer.status_code == 303
        assert (application.regiobeeld_from, application.regiobeeld) == ("link", kept)


def test_an_attached_regiobeeld_is_there_when_its_file_is(as_user: LogIn, applicant: User) -> None:
    round_ = make_round("doorontwikkeling")
    application = make_application(round_, "draft", member=applicant)
    definition = snapshots.definition_of(round_)
    address = address_of(application)
    client = as_user(applicant)
    assert save(client, address, regiobeeld_from="file").status_code == 303
    application = stored(address)
    assert (application.regiobeeld_from, application.regiobeeld) == ("file", None)
    lacking = {one.code for one in completeness.missing(application, definition)}
    assert "regiobeeld" not in lacking
    assert "regiobeeld_file" in lacking
    assert snapshots.application_snapshot(application, now=MOMENT).regiobeeld is None
    db.session.merge(StoredFile(sha256="ab" * 32, media_type="application/pdf", size=3, stored_at=MOMENT))
    for question, name in (("regiobeeld_file", "beeld.pdf"), ("other", "iets.pdf")):
        application.attachments.append(
            Attachment(
                question=question,
                file_name=name,
                media_type="application/pdf",
                size=3,
                sha256="ab" * 32,
                uploaded_at=MOMENT,
            )
        )
    db.session.commit()
    assert snapshots.application_snapshot(application, now=MOMENT).regiobeeld == "beeld.pdf"
    lacking = {one.code for one in completeness.missing(application, definition)}
    assert "regiobeeld_file" not in lacking


def test_an_earlier_award_may_be_the_regiobeeld(as_user: LogIn, applicant: User) -> None:
    decided("regiobeeld", "awarded", applicant, "RB-EIGEN")
    address = address_of(make_application(plan_round(), "draft", member=applicant))
    client = as_user(applicant)
    save(client, address, regiobeeld_from="award", regiobeeld_own="RB-EIGEN")
    assert (stored(address).regiobeeld_from, stored(address).regiobeeld) == ("award", "RB-EIGEN")
    page = dict(fields_on(client.get(address).text))
    assert (page["regiobeeld_own"], page["regiobeeld_award"]) == ("RB-EIGEN", "")
    save(client, address, regiobeeld_award="RB-ANDER")
    assert stored(address).regiobeeld == "RB-ANDER"


def test_what_said_where_the_regiobeeld_is_before_is_not_lost(as_user: LogIn, applicant: User) -> None:
    application = make_application(
        plan_round(), "draft", member=applicant, regiobeeld="Op te vragen bij de coalitie"
    )
    address = address_of(application)
    client = as_user(applicant)
    assert save(client, address, title="Anders").status_code == 303
    assert (stored(address).title, stored(address).regiobeeld) == ("Anders", "Op te vragen bij de coalitie")


def test_other_money_is_none_or_lines_with_a_sum(as_user: LogIn, applicant: User) -> None:
    application = make_application(plan_round(), "draft", member=applicant)
    definition = snapshots.definition_of(application.round)
    address = address_of(application)
    client = as_user(applicant)

    def lacks() -> bool:
        return "other_money" in {one.code for one in completeness.missing(stored(address), definition)}

    assert lacks()
    assert save(client, address, gets_other_money="no").status_code == 303
    assert stored(address).answers == {"own_other_money": False}
    assert not lacks()
    lines = {
        "other_money__0__source": "iza",
        "other_money__0__description": "Regioplan",
        "other_money__0__amount": "1.250,50",
        "other_money__1__source": "spuk",
        "other_money__1__amount": "10",
    }
    refused = save(client, address, **lines)  # the answer still says no
    assert refused.status_code == 422
    assert ("other_money-0-description", "Regioplan") in fields_on(refused.text)
    assert stored(address).other_money == []
    half = save(client, address, gets_other_money="yes", other_money__0__amount="")
    assert half.status_code == 422
    assert save(client, address, gets_other_money="yes", **lines).status_code == 303
    found = [(one.source, one.description, one.amount_cents) for one in stored(address).other_money]
    assert found == [("iza", "Regioplan", 125_050), ("spuk", "", 1_000)]
    assert stored(address).answers == {"own_other_money": True}
    review = client.get(f"/aanvragen/{address.split('/')[2]}/nakijken").text
    assert "Regioplan" in review
    assert "1.260,50" in review


def test_a_round_that_does_not_ask_it_shows_nothing_of_it(as_user: LogIn, applicant: User) -> None:
    address = address_of(make_application(make_round("regiobeeld"), "draft", member=applicant))
    page = as_user(applicant).get(address).text
    for name in ("gets_other_money", "predecessor", "regiobeeld_from"):
        assert f'name="{name}"' not in page


def test_using_an_application_again(as_user: LogIn, applicant: User) -> None:
    application = decided("netwerk", "rejected", applicant, "NET-OUD")
    later = make_round("netwerk")
    client = as_user(applicant)
    at, slug, later_id = f"/aanvragen/{application.id}/overnemen", later.slug, later.id
    first = client.post(at, data={"round": slug})
    assert first.status_code == 303
    again = client.post(at, data={"round": slug})
    assert again.location == first.location
    draft = db.session.scalars(select(Application).where(Application.round_id == later_id)).one()
    assert (draft.title, draft.copied_from, draft.state) == ("Over NET-OUD", "NET-OUD", "draft")
    assert client.get(first.location).status_code == 200
    closed = client.post(at, data={"round": "gesloten"})
    assert (closed.status_code, closed.location) == (303, at.removesuffix("/overnemen"))


def test_a_decision_that_was_not_announced_does_not_show_by_trying(as_user: LogIn, applicant: User) -> None:
    hidden = decided("netwerk", "rejected", applicant, "NET-STIL", announced=False)
    open_ = make_application(make_round("netwerk"), "in_review", member=applicant)
    later = make_round("netwerk")
    client = as_user(applicant)
    slug = later.slug
    answers = [
        client.post(f"/aanvragen/{key}/overnemen", data={"round": slug}) for key in (hidden.id, open_.id)
    ]
    assert [one.status_code for one in answers] == [404, 404]


def test_only_who_may_write_may_use_it_again(as_user: LogIn, applicant: User) -> None:
    application = decided("netwerk", "withdrawn", applicant, "NET-OUD")
    reader, stranger = make_user(Role.APPLICANT), make_user(Role.APPLICANT)
    db.session.add(Membership(application_id=application.id, user_id=reader.id, capacity="view"))
    slug, at = make_round("netwerk").slug, f"/aanvragen/{application.id}/overnemen"
    for user in (reader, stranger):
        assert as_user(user).post(at, data={"round": slug}).status_code == 404
    assert db.session.scalars(select(Application).where(Application.state == "draft")).all() == []
