"""Interests in the browser of the office, the committee and the chair."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, Interest, Review, Round, RoundDeclaration, User
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.pages import parse
from workflows.kinds import KINDS
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
SAID = {"kind": "work", "nature": "Ik werk daar.", "measure": "usual"}
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round()


@pytest.fixture
def application(round_: Round) -> Application:
    return factories.make_application(round_, "in_review", title="Samen in Zoetermeer")


def own(round_: Round, rest: str = "") -> str:
    return f"/bureau/ronden/{round_.slug}/belangen/mijn{rest}"


def shown(client: FlaskClient, round_: Round) -> dict[str, str]:
    """The hidden fields of the declaration, as the page gives them."""
    fields = parse(client.get(own(round_)).text).iter("input")
    return {
        one.get("name", ""): one.get("value", "")
        for one in fields
        if one.get("name") in {"number", "highest"}
    }


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


class TestTheOwnPage:
    @pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.FINANCE])
    @pytest.mark.usefixtures("application")
    def test_somebody_of_the_office_sees_who_applies_and_declares(
        self, round_: Round, as_user: AsUser, role: Role
    ) -> None:
        client = as_user(role)
        page = client.get(own(round_)).text
        assert "Samen in Zoetermeer" in page
        assert "Gemeente Zoetermeer" in page
        refused = client.post(own(round_), data=shown(client, round_))
        assert (refused.status_code, count(RoundDeclaration)) == (422, 0)
        for _double_click in range(2):
            answer = client.post(own(round_), data={**shown(client, round_), "seen": "y"})
            assert (answer.status_code, answer.location) == (303, own(round_))
        assert count(RoundDeclaration) == 1

    @pytest.mark.usefixtures("application")
    def test_what_came_in_meanwhile_is_shown_first(self, round_: Round, as_user: AsUser) -> None:
        client = as_user(Role.OFFICER)
        before = shown(client, round_)
        factories.make_application(round_, title="Later gekomen")
        answer = client.post(own(round_), data={**before, "seen": "y"})
        assert answer.status_code == 422
        assert "Later gekomen" in answer.text
        assert count(RoundDeclaration) == 0
        for strange in ("", "x", "-1", "9" * 400):
            assert (
                client.post(own(round_), data={**before, "highest": strange, "seen": "y"}).status_code == 422
            )

    @pytest.mark.usefixtures("application")
    def test_a_sign_needs_a_sentence_that_is_kept_on_the_page(self, round_: Round, as_user: AsUser) -> None:
        client = as_user(factories.make_user(Role.OFFICER, organisation="Gemeente Zoetermeer"))
        data = {**shown(client, round_), "seen": "y"}
        refused = client.post(own(round_), data=data)
        assert refused.status_code == 422
        assert 'id="why-error"' in refused.text
        assert client.post(own(round_), data={**data, "why": "Oude baan."}).status_code == 303

    def test_an_interest_is_reported_once_and_closes_the_file(
        self, round_: Round, application: Application, as_user: AsUser
    ) -> None:
        client, here = as_user(Role.OFFICER), own(round_, f"/{application.id}")
        empty = client.post(here, data={"nature": SCRIPT, "measure": "other"})
        assert empty.status_code == 422
        assert "&lt;script&gt;" in empty.text
        assert SCRIPT not in empty.text
        assert count(Interest) == 0
        assert client.get(f"/bureau/aanvragen/{application.id}").status_code == 200
        for _double_click in range(2):
            answer = client.post(here, data=SAID)
            assert (answer.status_code, answer.location) == (303, own(round_))
        assert count(Interest) == 1
        assert client.get(f"/bureau/aanvragen/{application.id}").status_code == 404
        assert client.get(f"/bureau/ronden/{round_.slug}/ranglijst").status_code == 404
        assert "Ik werk daar." in client.get(own(round_)).text

    def test_a_draft_and_a_file_of_another_round_are_not_there(self, round_: Round, as_user: AsUser) -> None:
        client = as_user(Role.OFFICER)
        for one in (
            factories.make_application(round_, "draft"),
            factories.make_application(factories.make_round()),
        ):
            assert client.get(own(round_, f"/{one.id}")).status_code == 404
            assert client.post(own(round_, f"/{one.id}"), data=SAID).status_code == 404

    @pytest.mark.usefixtures("application")
    def test_a_referent_is_asked_per_file_and_a_member_of_the_committee_for_the_round(
        self, round_: Round, as_user: AsUser
    ) -> None:
        assert as_user(factories.make_reviewer(round_)).get(own(round_)).status_code == 404
        assert as_user(factories.make_reviewer(round_, "committee")).get(own(round_)).status_code == 200

    def test_who_takes_part_in_the_round_does_not_see_who_else_applies(
        self, round_: Round, application: Application, as_user: AsUser
    ) -> None:
        officer = factories.make_user(Role.OFFICER)
        factories.make_application(round_, member=officer, title="Eigen plan")
        client = as_user(officer)
        assert "Samen in Zoetermeer" not in client.get(own(round_)).text
        assert client.get(own(round_, f"/{application.id}")).status_code == 404
        answer = client.post(own(round_), data={"number": "2", "highest": "2", "seen": "y"})
        assert (answer.status_code, count(RoundDeclaration)) == (422, 0)

    @pytest.mark.usefixtures("application")
    def test_the_list_is_searched(self, round_: Round, as_user: AsUser) -> None:
        factories.make_application(round_, title="Iets anders", region_name="Texel")
        client = as_user(Role.OFFICER)
        assert "Samen in Zoetermeer" not in client.get(own(round_, "?zoek=texel")).text
        assert "Samen in Zoetermeer" in client.get(own(round_, "?zoek=SAMEN")).text

    def test_where_names_are_hidden_the_committee_ticks_organisations(self, as_user: AsUser) -> None:
        netwerk = KINDS["netwerk"]
        hiding = netwerk.reviewing.model_copy(update={"hide_applicants": True})
        round_ = factories.make_round(definition=netwerk.model_copy(update={"reviewing": hiding}))
        application = factories.make_application(round_, "in_review")
        client = as_user(factories.make_reviewer(round_, "committee"))
        table = next(parse(client.get(own(round_)).text).iter("table"))
        assert "Gemeente Zoetermeer" not in "".join(table.itertext())
        there = f"/bureau/ronden/{round_.slug}/belangen/banden"
        assert client.post(there, data={"ties": "huisartsen zoetermeer"}).status_code == 422
        assert client.post(there, data={"ties": "onbekend", "nature": "x"}).status_code == 422
        assert client.post(there, data={"ties": "huisartsen zoetermeer", "nature": "Werk"}).status_code == 303
        assert db.session.scalars(select(Interest.application_id)).all() == [application.id]
        assert "Gemeente Zoetermeer" not in client.get(own(round_, f"/{application.id}")).text
        assert as_user(Role.OFFICER).post(there, data={}).status_code == 404


class TestTheReviewer:
    def test_a_sign_is_shown_and_no_interest_says_why(
        self, application: Application, as_user: AsUser
    ) -> None:
        reviewer = factories.make_reviewer(application.round, organisation="Gemeente Zoetermeer")
        review = factories.make_review(application, reviewer)
        client, here = as_user(reviewer), f"/beoordelen/{review.id}/belang"
        refused = client.post(here, data={"interest": "none", "measure": "usual"})
        assert refused.status_code == 422
        assert 'id="why-error"' in refused.text
        assert client.post(here, data={"interest": "none", "why": "Oude baan."}).status_code == 303

    def test_where_names_are_hidden_nothing_tells_who_is_behind_the_file(self, as_user: AsUser) -> None:
        netwerk = KINDS["netwerk"]
        hiding = netwerk.reviewing.model_copy(update={"hide_applicants": True})
        round_ = factories.make_round(definition=netwerk.model_copy(update={"reviewing": hiding}))
        application = factories.make_application(
            round_, "in_review", member=factories.make_user(name="Bo Smit")
        )
        other = factories.make_application(round_)
        other.participations[0].name = "GGD Elders"
        reviewer = factories.make_reviewer(round_, organisation="Gemeente Zoetermeer")
        review = factories.make_review(application, reviewer)
        client, here = as_user(reviewer), f"/beoordelen/{review.id}/belang"
        page = client.get(here).text
        assert "GGD Elders" in page
        assert "Bo Smit" not in page
        assert client.post(here, data={"ties": ["gemeente zoetermeer"]}).status_code == 422
        answer = client.post(here, data={"ties": ["gemeente zoetermeer"], "nature": "Ik werk daar."})
        assert answer.location == "/beoordelen/"
        db.session.refresh(review)
        assert review.conflict == "Ik werk daar."


class TestTheChair:
    def test_decides_on_the_page_and_nothing_is_done_twice(
        self, application: Application, as_user: AsUser
    ) -> None:
        interest = factories.make_interest(application, factories.make_user(Role.OFFICER))
        client, here = as_user(Role.CHAIR), f"/bureau/belangen/{interest.id}"
        assert here in client.get("/bureau/belangen").text
        assert "/bureau/belangen" in client.get("/bureau/").text
        assert here in client.get(f"/bureau/ronden/{application.round.slug}/belangen").text
        refused = client.post(here, data={"outcome": "dismissed", "measure": "usual", "reason": " "})
        assert (refused.status_code, interest.decision) == (422, None)
        said = {"outcome": "dismissed", "measure": "usual", "reason": "Te lang geleden."}
        assert client.post(here, data=said).status_code == 303
        again = client.post(here, data={**said, "outcome": "upheld"})
        assert (again.status_code, again.location) == (303, here)
        db.session.refresh(interest)
        assert interest.decision == "dismissed"
        assert "Te lang geleden." in client.get(here).text

    def test_not_on_the_own_and_nobody_else_decides(self, application: Application, as_user: AsUser) -> None:
        chair, officer = factories.make_user(Role.CHAIR), factories.make_user(Role.OFFICER)
        here = f"/bureau/belangen/{factories.make_interest(application, chair).id}"
        said = {"outcome": "dismissed", "measure": "usual", "reason": "Mag wel."}
        assert as_user(chair).get(here).status_code == 200
        for one in (chair, officer):
            client = as_user(one)
            assert here not in {form.get("action") for form in parse(client.get(here).text).iter("form")}
            assert client.post(here, data=said).status_code == 404
        assert as_user(Role.CHAIR).post(here, data=said).status_code == 303

    def test_who_is_barred_sees_only_the_own_declaration(
        self, application: Application, as_user: AsUser
    ) -> None:
        officer = factories.make_user(Role.OFFICER)
        mine = factories.make_interest(application, officer)
        theirs = factories.make_interest(application, factories.make_user(), nature="Geheim van een ander")
        client = as_user(officer)
        page = client.get(f"/bureau/ronden/{application.round.slug}/belangen").text
        assert "Geheim van een ander" not in page
        assert mine.nature in page
        assert client.get(f"/bureau/belangen/{theirs.id}").status_code == 404
        assert client.get(f"/bureau/belangen/{mine.id}").status_code == 200

    def test_a_dismissed_reviewer_reads_on(self, application: Application, as_user: AsUser) -> None:
        reviewer = factories.make_reviewer(application.round)
        review = factories.make_review(application, reviewer, declared_at=MOMENT, conflict="Familie")
        (interest,) = db.session.scalars(select(Interest))
        client = as_user(reviewer)
        assert client.get(f"/beoordelen/{review.id}").status_code == 404
        said = {"outcome": "dismissed", "measure": "usual", "reason": "Te lang geleden."}
        as_user(Role.CHAIR).post(f"/bureau/belangen/{interest.id}", data=said)
        assert as_user(reviewer).get(f"/beoordelen/{review.id}").status_code == 200
        assert "Te lang geleden." in client.get(f"/beoordelen/{review.id}/belang").text
        assert db.session.get_one(Review, review.id).conflict is None

    def test_the_pages_cost_the_same_for_one_and_for_three(self, round_: Round, as_user: AsUser) -> None:
        chair = factories.make_user(Role.CHAIR)
        client = as_user(chair)
        client.get(own(round_))
        for page in (f"/bureau/ronden/{round_.slug}/belangen", "/bureau/belangen", own(round_)):
            counted = []
            for number in (1, 2):
                for _ in range(number):
                    here = db.session.get_one(Round, round_.id)  # not the one of before the list was emptied
                    one = factories.make_application(here, member=factories.make_user())
                    factories.make_interest(one, factories.make_user(Role.OFFICER))
                db.session.expunge_all()
                with QueryCount() as queries:
                    client.get(page)
                counted.append(queries.count)
            assert counted[0] == counted[1], page


class TestDeciding:
    def test_who_did_not_declare_is_led_to_the_declaration(
        self, round_: Round, application: Application, as_user: AsUser
    ) -> None:
        client = as_user(Role.OFFICER)
        for page in (
            f"/bureau/aanvragen/{application.id}/besluit/voorstel",
            f"/bureau/ronden/{round_.slug}/besluiten/voorstellen",
        ):
            assert client.get(page).location == own(round_)
