"""The pages of figures: who sees which rounds, and the files that they hand out."""

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import Round, User
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from tests.services.decided import make_decided
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
PAGES = ("/cijfers", "/cijfers/aanvragen.csv", "/cijfers/tabellen/funnel.csv", "/cijfers/evaluatie.json")


def page(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.get_data(as_text=True)


def lines(client: FlaskClient, url: str) -> list[dict[str, str]]:
    text = page(client, url)
    return list(csv.DictReader(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()))


@pytest.fixture
def decided() -> Callable[..., Round]:
    """A decided round with one award and one rejection, both reviewed."""

    def make(**values: Any) -> Round:
        round_ = make_round(state="decided", ceiling_cents=2_000_000, imported=True, **values)
        for application in (
            make_decided(round_, "awarded", 800_000),
            make_decided(round_, "rejected", ground="ceiling"),
        ):
            make_review(application, score=Decimal(4))
        return round_

    return make


class TestPages:
    def test_one_round(self, as_user: AsUser, decided: Callable[..., Round]) -> None:
        round_ = decided(title="Netwerk, ronde negen")
        text = page(as_user(Role.EVALUATOR), f"/cijfers/{round_.slug}")
        for words in ("Netwerk, ronde negen", "€\N{NO-BREAK SPACE}8.000", "40%", "Zuid-Limburg", "tile-map"):
            assert words in text, words
        assert f"/cijfers/{round_.slug}/tabellen/funnel.csv" in text

    def test_all_rounds_lead_to_each(self, as_user: AsUser, decided: Callable[..., Round]) -> None:
        one, two = decided(), decided()
        text = page(as_user(Role.EVALUATOR), "/cijfers")
        assert f'href="/cijfers/{one.slug}"' in text
        assert f'href="/cijfers/{two.slug}"' in text

    @pytest.mark.parametrize("url", PAGES)
    def test_nothing_yet(self, as_user: AsUser, url: str) -> None:
        assert page(as_user(Role.EVALUATOR), url)

    def test_a_round_without_applications(self, as_user: AsUser) -> None:
        round_ = make_round()
        assert 'class="empty"' in page(as_user(Role.EVALUATOR), f"/cijfers/{round_.slug}")

    def test_as_many_queries_for_one_round_as_for_three(
        self, as_user: AsUser, decided: Callable[..., Round], count_queries: Any
    ) -> None:
        client = as_user(Role.EVALUATOR)
        decided()
        client.get("/cijfers")
        with count_queries() as for_one:
            page(client, "/cijfers")
        for round_ in (decided(), decided()):
            make_review(make_decided(round_, "awarded", 1), score=Decimal(2))
        db.session.commit()
        with count_queries() as for_three:
            page(client, "/cijfers")
        assert (for_one.count, for_three.count) == (13, 13)


class TestFiles:
    def test_a_table(self, as_user: AsUser, decided: Callable[..., Round]) -> None:
        round_ = decided()
        client = as_user(Role.EVALUATOR)
        response = client.get(f"/cijfers/{round_.slug}/tabellen/outcomes.csv")
        assert response.mimetype == "text/csv"
        assert f"{round_.slug}-outcomes.csv" in response.headers["Content-Disposition"]
        found = lines(client, f"/cijfers/{round_.slug}/tabellen/outcomes.csv")
        assert {row["outcome"]: row["applications"] for row in found}["awarded"] == "1"

    @pytest.mark.parametrize("url", ["/cijfers/tabellen/nergens.csv", "/cijfers/grafieken/nergens.svg"])
    def test_what_is_not_there(self, as_user: AsUser, url: str) -> None:
        assert as_user(Role.EVALUATOR).get(url).status_code == 404

    def test_every_application(
        self, as_user: AsUser, decided: Callable[..., Round], count_queries: Any
    ) -> None:
        one, two = decided(), decided()
        client = as_user(Role.EVALUATOR)
        assert {row["round"] for row in lines(client, "/cijfers/aanvragen.csv")} == {one.slug, two.slug}
        with count_queries() as queries:
            assert len(lines(client, f"/cijfers/{one.slug}/aanvragen.csv")) == 2
        assert queries.count == 15

    def test_the_json_is_that_of_the_command(self, as_user: AsUser, decided: Callable[..., Round]) -> None:
        round_ = decided()
        found = as_user(Role.EVALUATOR).get("/cijfers/evaluatie.json").get_json()
        assert found["rounds"][round_.slug]["awarded_cents"] == 800_000
        assert set(found) == {"total", "kinds", "rounds", "pathway"}

    @pytest.mark.slow
    def test_the_charts_of_a_page_are_there(self, as_user: AsUser, decided: Callable[..., Round]) -> None:
        round_ = decided()
        client = as_user(Role.EVALUATOR)
        addresses = re.findall(r'src="(/cijfers/[^"]+\.svg)"', page(client, f"/cijfers/{round_.slug}"))
        assert len(addresses) == 2
        for address in addresses:
            with client.get(address) as response:
                assert (response.status_code, response.mimetype) == (200, "image/svg+xml")
                assert "immutable" in response.headers["Cache-Control"]
                assert response.data.startswith(b"<svg")

    def test_a_chart_of_one_round_is_not_served_under_another(
        self, as_user: AsUser, decided: Callable[..., Round]
    ) -> None:
        one, two = decided(), decided()
        client = as_user(Role.EVALUATOR)
        (address, *_) = re.findall(r'src="(/cijfers/[^"]+\.svg)"', page(client, f"/cijfers/{one.slug}"))
        assert client.get(address.replace(one.slug, two.slug)).status_code == 404


class TestWhoSeesWhat:
    def test_an_interest_hides_the_round_until_it_is_decided(self, as_user: AsUser) -> None:
        user, round_ = make_user(Role.EVALUATOR), make_round()
        make_review(make_application(round_, "in_review"), user, declared_at=MOMENT, conflict="Bestuurslid")
        client = as_user(user)
        for ending in ("", "/aanvragen.csv", "/tabellen/funnel.csv"):
            assert client.get(f"/cijfers/{round_.slug}{ending}").status_code == 404
        assert round_.slug not in page(client, "/cijfers")
        assert client.get("/cijfers/evaluatie.json").get_json()["total"]["applications"] == 0

    def test_a_file_with_an_interest_is_never_in_the_list_of_applications(
        self, as_user: AsUser, decided: Callable[..., Round]
    ) -> None:
        user, round_ = make_user(Role.EVALUATOR), decided()
        closed = make_decided(round_, "rejected")
        make_review(closed, user, declared_at=MOMENT, conflict="Bestuurslid")
        client = as_user(user)
        references = [row["reference"] for row in lines(client, f"/cijfers/{round_.slug}/aanvragen.csv")]
        assert len(references) == 2
        assert closed.reference not in references
        assert client.get("/cijfers/evaluatie.json").get_json()["total"]["applications"] == 3

    def test_who_takes_part_in_a_round_is_kept_out_of_it(self, as_user: AsUser) -> None:
        user, round_ = make_user(Role.EVALUATOR), make_round(state="decided")
        make_application(round_, "awarded", member=user)
        client = as_user(user)
        assert client.get(f"/cijfers/{round_.slug}").status_code == 404
        assert round_.slug not in page(client, "/cijfers")

    def test_an_applicant_sees_no_figures(self, as_user: AsUser) -> None:
        assert as_user(Role.APPLICANT).get("/cijfers").status_code == 403
