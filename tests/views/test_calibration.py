"""Trial applications on the pages of the office and of who reviews."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Calibration, CalibrationReview, Mail, Round, RoundReviewer, User
from subsidy.services.snapshots import definition_of
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_application, make_interest, make_reviewer, make_round, make_user
from tests.pages import parse
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
DUE = (MOMENT + timedelta(days=14)).date()
CASE = "Regel één\n<script>alert(1)</script>"
WORDS = " ".join(["woord"] * 60)


@pytest.fixture
def round_(app: Flask) -> Round:
    return make_round()


def office(round_: Round) -> str:
    return f"/bureau/ronden/{round_.slug}/proefaanvragen"


def typed(**changes: str) -> dict[str, str]:
    return {"title": "Oefening", "case_text": CASE, "due_on": DUE.isoformat(), **changes}


def opened(round_: Round, **changes: object) -> Calibration:
    found = Calibration(
        **{
            "round_id": round_.id,
            "title": "Oefening",
            "case_text": CASE,
            "due_on": DUE,
            "opened_at": MOMENT,
            **changes,
        }
    )
    db.session.add(found)
    db.session.commit()
    return found


def own(round_: Round, found: Calibration) -> str:
    return f"/beoordelen/proef/{round_.slug}/{found.id}"


def scores(round_: Round, score: int = 3, words: str = WORDS, **more: str) -> dict[str, str]:
    criteria = definition_of(round_).rules.criteria
    return {
        **{f"score-{one.id}": str(score) for one in criteria},
        **{f"motivation-{one.id}": words for one in criteria},
        "version": "0",
        **more,
    }


def hand_in(client: FlaskClient, round_: Round, found: Calibration, score: int = 3) -> None:
    answer = client.post(own(round_, found), data=scores(round_, score, hand_in="1"))
    assert answer.location == own(round_, found)


class TestOffice:
    def test_open_remind_and_close(self, round_: Round, as_user: AsUser) -> None:
        reviewer = make_reviewer(round_)
        client = as_user(Role.OFFICER)
        assert office(round_) in client.get(f"/bureau/ronden/{round_.slug}").text
        page = client.post(office(round_), data=typed()).location or ""
        found = db.session.scalars(select(Calibration)).one()
        assert page == f"{office(round_)}/{found.id}"
        assert client.post(office(round_), data=typed()).location == page
        assert db.session.scalars(select(Mail.recipient)).all() == [reviewer.email]
        text = client.get(page).text
        assert reviewer.name in text
        assert "&lt;script&gt;" in text
        assert page in client.get(office(round_)).text
        assert client.post(f"{page}/herinneren").location == page
        assert client.post(f"{page}/sluiten").location == page
        assert found.closed_at == MOMENT
        assert f"{page}/sluiten" not in client.get(page).text
        assert client.post(f"{page}/herinneren").location == page

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": " "}, "title"),
            ({"title": "x" * 201}, "title"),
            ({"case_text": "\x00"}, "case_text"),
            ({"due_on": ""}, "due_on"),
            ({"due_on": "morgen"}, "due_on"),
            ({"due_on": "2026-03-09"}, "due_on"),
        ],
    )
    def test_bad_input_is_told_and_kept(
        self, round_: Round, as_user: AsUser, changes: dict[str, str], field: str
    ) -> None:
        given = typed(**changes)
        answer = as_user(Role.OFFICER).post(office(round_), data=given)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        for name in {"title", "case_text"} - set(changes):
            assert given[name].splitlines()[0] in answer.text
        assert db.session.scalars(select(Calibration)).all() == []

    def test_scores_with_names(self, round_: Round, as_user: AsUser) -> None:
        found = opened(round_)
        people = [make_reviewer(round_) for _ in range(3)]
        for score, user in zip((1, 3), people, strict=False):
            hand_in(as_user(user), round_, found, score)
        text = as_user(Role.OFFICER).get(f"{office(round_)}/{found.id}").text
        assert all(user.name in text for user in people)
        assert WORDS in text

    def test_only_the_office(self, round_: Round, as_user: AsUser) -> None:
        found = opened(round_)
        reviewer = make_reviewer(round_)
        involved = make_user(Role.OFFICER)
        make_interest(make_application(round_), involved, extent="round")
        db.session.commit()
        for who in (reviewer, involved, Role.CHAIR, Role.FINANCE, Role.EVALUATOR, Role.APPLICANT):
            client = as_user(who)
            for url in (office(round_), f"{office(round_)}/{found.id}"):
                assert client.get(url).status_code == 404, who
            for url in (office(round_), f"{office(round_)}/{found.id}/sluiten"):
                assert client.post(url, data=typed()).status_code == 404, who
        assert found.closed_at is None

    def test_that_of_another_round_is_not_here(self, round_: Round, as_user: AsUser) -> None:
        elsewhere = opened(make_round())
        client = as_user(Role.OFFICER)
        assert client.get(f"{office(round_)}/{elsewhere.id}").status_code == 404
        assert client.post(f"{office(round_)}/{elsewhere.id}/sluiten").status_code == 404

    def test_as_many_queries_for_one_as_for_three(self, round_: Round, as_user: AsUser) -> None:
        found = opened(round_)
        url, overview = f"{office(round_)}/{found.id}", office(round_)
        client, counted, lists = as_user(Role.OFFICER), [], []
        for number in (1, 2):
            for _ in range(number):
                user = make_reviewer(round_)
                db.session.add(
                    CalibrationReview(
                        calibration_id=found.id,
                        user_id=user.id,
                        scores={one.id: "3" for one in definition_of(round_).rules.criteria},
                        updated_at=MOMENT,
                        handed_in_at=MOMENT,
                    )
                )
                opened(round_)
            client.get(url)
            with QueryCount() as queries:
                client.get(url)
            counted.append(queries.count)
            with QueryCount() as queries:
                client.get(overview)
            lists.append(queries.count)
        assert counted[0] == counted[1]
        assert lists[0] == lists[1]


class TestReviewer:
    def test_from_the_own_list_to_handing_in(self, round_: Round, as_user: AsUser) -> None:
        found = opened(round_)
        client = as_user(make_reviewer(round_))
        page = own(round_, found)
        assert page in client.get("/beoordelen/").text
        text = client.get(page).text
        assert "&lt;script&gt;" in text
        first = definition_of(round_).rules.criteria[0].id
        draft = {"version": "0", f"score-{first}": "2"}
        assert client.post(page, data=draft).location == page
        checked = [
            one for one in parse(client.get(page).text).iter("input") if one.get("checked") is not None
        ]
        assert [one.get("value") for one in checked] == ["2"]
        answer = client.post(page, data=draft | {"version": "1", "hand_in": "1"})
        assert answer.location == f"{page}?ontbreekt=1"
        assert f'href="#motivation-{first}"' in client.get(f"{page}?ontbreekt=1").text
        answer = client.post(page, data=scores(round_, hand_in="1") | {"version": "1"})
        assert answer.location == page
        assert db.session.scalars(select(CalibrationReview.handed_in_at)).one() == MOMENT
        assert 'name="hand_in"' not in client.get(page).text

    def test_a_score_off_the_scale_is_told_and_kept(self, round_: Round, as_user: AsUser) -> None:
        found = opened(round_)
        client = as_user(make_reviewer(round_))
        answer = client.post(own(round_, found), data=scores(round_, 99, "Mijn redenen"))
        assert answer.status_code == 422
        assert "Mijn redenen" in answer.text
        assert db.session.scalars(select(CalibrationReview)).all() == []
        answer = client.post(own(round_, found), data=scores(round_) | {"version": "x"})
        assert answer.status_code == 422

    def test_two_windows(self, round_: Round, as_user: AsUser) -> None:
        found = opened(round_)
        client = as_user(make_reviewer(round_))
        client.post(own(round_, found), data=scores(round_, 3, "In het ene venster"))
        answer = client.post(own(round_, found), data=scores(round_, 2, "In het andere venster"))
        assert answer.status_code == 409
        assert "In het ene venster" in answer.text
        assert "In het andere venster" in answer.text
        again = scores(round_, 2, "In het andere venster") | {"version": "1"}
        assert client.post(own(round_, found), data=again).status_code == 303

    def test_comparing_waits_for_three_or_for_closing(self, round_: Round, as_user: AsUser) -> None:
        found = opened(round_)
        people = [make_reviewer(round_) for _ in range(4)]
        first = as_user(people[0])
        hand_in(first, round_, found, 1)
        assert 'class="bars"' not in first.get(own(round_, found)).text
        for user in people[1:3]:
            hand_in(as_user(user), round_, found, 3)
        text = first.get(own(round_, found)).text
        assert 'class="bars"' in text
        assert not any(one.name in text for one in people[1:])
        waiting = as_user(people[3])
        assert 'class="bars"' not in waiting.get(own(round_, found)).text
        found.closed_at = MOMENT
        db.session.commit()
        assert 'class="bars"' in waiting.get(own(round_, found)).text
        assert waiting.post(own(round_, found), data=scores(round_)).status_code == 303
        assert len(db.session.scalars(select(CalibrationReview)).all()) == 3

    def test_only_who_serves(self, round_: Round, as_user: AsUser) -> None:
        found = opened(round_)
        dropped = make_reviewer(round_)
        db.session.scalars(select(RoundReviewer)).one().dropped_at = MOMENT
        db.session.commit()
        for who in (dropped, Role.REVIEWER, Role.OFFICER, Role.EVALUATOR, Role.APPLICANT):
            client = as_user(who)
            assert client.get(own(round_, found)).status_code == 404
            assert client.post(own(round_, found), data=scores(round_)).status_code == 404

    def test_an_interest_bars_nobody(self, round_: Round, as_user: AsUser) -> None:
        """It is nobody's application, and shows nothing of the real ones."""
        found, user = opened(round_), make_reviewer(round_)
        make_interest(make_application(round_), user, capacity="reviewer")
        db.session.commit()
        assert as_user(user).get(own(round_, found)).status_code == 200

    def test_with_the_decisions_out_it_is_over(self, round_: Round, as_user: AsUser) -> None:
        found, client = opened(round_), as_user(make_reviewer(round_))
        round_.state = "decided"
        db.session.commit()
        assert client.get(own(round_, found)).status_code == 404
        assert own(round_, found) not in client.get("/beoordelen/").text

    def test_that_of_another_round_is_not_here(self, round_: Round, as_user: AsUser) -> None:
        elsewhere = opened(make_round())
        client = as_user(make_reviewer(round_))
        assert client.get(own(round_, elsewhere)).status_code == 404

    def test_as_many_queries_for_one_as_for_three(self, round_: Round, as_user: AsUser) -> None:
        client, counted = as_user(make_reviewer(round_)), []
        for number in (1, 2):
            for _ in range(number):
                opened(round_)
            client.get("/beoordelen/")
            with QueryCount() as queries:
                client.get("/beoordelen/")
            counted.append(queries.count)
        assert counted[0] == counted[1]
