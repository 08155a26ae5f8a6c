"""The order of priority and the matrix, as the committee sees and changes them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from subsidy.db import db
from subsidy.models import Application, Meeting, PanelAdvice, User
from subsidy.services import priorities
from tests.conftest import QueryCount
from tests.factories import (
    MOMENT,
    make_application,
    make_interest,
    make_meeting,
    make_recusal,
    make_review,
    make_reviewer,
    make_round,
    make_user,
)
from tests.pages import parse, words
from tests.services.rounds import Scene, make_scene
from tests.views.declaring import declared_first
from workflows.kinds import KINDS
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture
def as_user(as_user: LogIn) -> LogIn:
    """Log people in who declared their interests."""
    return declared_first(as_user)


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Four applications, the best score first; the money is enough for two."""
    return make_scene((5, 4, 3, 3), ceiling_cents=2_000_000)


def chair() -> User:
    return make_user(Role.CHAIR, locale="en")


def met(scene: Scene, **values: object) -> Meeting:
    return make_meeting(scene.round, *scene.applications, **values)


def url(meeting: Meeting, rest: str = "") -> str:
    return f"/commissie/vergaderingen/{meeting.id}/volgorde{rest}"


def lines(answer: TestResponse) -> list[str]:
    """What stands in the list, the line of the ceiling among it."""
    tree = parse(answer.get_data(as_text=True))
    (found,) = [one for one in tree.iter("ol") if "order" in (one.get("class") or "").split()]
    return [words(one.find("./div/h3")) if one.find("./div/h3") is not None else words(one) for one in found]


def token(meeting: Meeting) -> str:
    return priorities.order_of(meeting.round).token


def move(
    client: FlaskClient, meeting: Meeting, application: Application, place: object, **more: str
) -> TestResponse:
    data = {"place": str(place), "token": token(meeting), **more}
    return client.post(url(meeting, f"/{application.id}"), data=data)


class TestLooking:
    def test_shows_the_order_and_the_line_of_the_ceiling(self, scene: Scene, as_user: LogIn) -> None:
        found = lines(as_user(chair()).get(url(met(scene))))
        names = [one.reference for one in scene.applications]
        assert found[:2] == names[:2]
        assert found[2].startswith("Ceiling € 20,000: the division gives € 20,000 above this line")
        assert sorted(found[3:]) == sorted(filter(None, names[2:]))

    def test_tells_why_who_is_not_fundable_has_no_place(self, scene: Scene, as_user: LogIn) -> None:
        bare = make_application(scene.round, "in_review")
        page = words(parse(as_user(chair()).get(url(met(scene))).get_data(as_text=True)))
        assert "Without a place" in page
        assert bare.reference
        assert bare.reference in page

    def test_only_what_is_on_the_agenda_has_a_link(self, scene: Scene, as_user: LogIn) -> None:
        first, second, *_others = scene.applications
        meeting = make_meeting(scene.round, first)
        client, here = as_user(chair()), f"/commissie/vergaderingen/{meeting.id}/aanvragen"
        for page in (client.get(url(meeting)), client.get(f"/commissie/vergaderingen/{meeting.id}/matrix")):
            shown = page.get_data(as_text=True)
            assert f'href="{here}/{first.id}"' in shown
            assert second.reference in shown
            assert f'href="{here}/{second.id}"' not in shown

    def test_a_member_looks_and_changes_nothing(self, scene: Scene, as_user: LogIn) -> None:
        meeting = met(scene)
        client = as_user(make_reviewer(scene.round, "committee"))
        page = client.get(url(meeting))
        assert page.status_code == 200
        assert "data-order-list" not in page.get_data(as_text=True)
        assert move(client, meeting, scene.applications[3], 1, reason="x").status_code == 404

    @pytest.mark.parametrize("page", ["volgorde", "matrix", "verslag", "verslag.pdf"])
    def test_who_may_not_compare_the_files_sees_nothing(
        self, scene: Scene, as_user: LogIn, page: str
    ) -> None:
        meeting = met(scene)
        conflicted, away = make_user(Role.CHAIR), make_reviewer(scene.round, "committee")
        make_interest(scene.applications[0], conflicted)
        make_recusal(meeting, scene.applications[0], away)
        referent, dropped = make_reviewer(scene.round), make_user(Role.REVIEWER)
        for person in (conflicted, away, referent, dropped, make_user(Role.FINANCE), make_user()):
            answer = as_user(person).get(f"/commissie/vergaderingen/{meeting.id}/{page}")
            assert answer.status_code == 404, person.name

    def test_before_the_opening_and_after_the_confirmation_it_stays(
        self, scene: Scene, as_user: LogIn
    ) -> None:
        client = as_user(chair())
        page = client.get(url(met(scene, opened_at=None))).get_data(as_text=True)
        assert "once the meeting is open" in page
        assert "data-order-list" not in page

    def test_a_longer_list_asks_no_more_queries(
        self, as_user: LogIn, count_queries: Callable[[], QueryCount]
    ) -> None:
        counted: dict[str, list[int]] = {"volgorde": [], "matrix": []}
        for scores in ((5,), (5, 4, 3)):
            scene = make_scene(scores)
            meeting = met(scene)
            client = as_user(chair())
            for page, counts in counted.items():
                here = f"/commissie/vergaderingen/{meeting.id}/{page}"
                client.get(here)
                with count_queries() as queries:
                    client.get(here)
                counts.append(queries.count)
        assert counted["volgorde"] == [17, 17]
        assert counted["matrix"] == [16, 16]


class TestMoving:
    def test_a_departure_asks_for_the_reason_before_it_is_kept(self, scene: Scene, as_user: LogIn) -> None:
        meeting, client = met(scene), as_user(chair())
        third = next(one for one in scene.applications if one.reference == lines(client.get(url(meeting)))[3])
        answer = move(client, meeting, third, 1)
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert "This place departs from the order of the scores. Say why." in page
        assert 'value="1"' in page
        assert lines(answer)[0] != third.reference
        assert "Something is not right yet" not in page
        assert "Something is not right yet" in move(client, meeting, third, 1, reason="").get_data(
            as_text=True
        )
        answer = move(client, meeting, third, 1, reason="Dit raakt meer inwoners.")
        assert answer.status_code == 303
        shown = client.get(answer.location)
        assert lines(shown)[0] == third.reference
        said = words(parse(shown.get_data(as_text=True)))
        assert f"{third.reference} is on place 1." in said
        assert "Why this place: Dit raakt meer inwoners." in said

    def test_what_cannot_be_read_keeps_what_was_typed(self, scene: Scene, as_user: LogIn) -> None:
        meeting, client = met(scene), as_user(chair())
        answer = move(client, meeting, scene.applications[1], "bovenaan", reason="Mijn reden.")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "bovenaan" in page
        assert "Mijn reden." in page
        assert move(client, meeting, scene.applications[1], 0).status_code == 422

    def test_when_somebody_was_first_the_order_is_shown_as_it_is_now(
        self, scene: Scene, as_user: LogIn
    ) -> None:
        meeting, client = met(scene), as_user(chair())
        shown = token(meeting)
        assert move(client, meeting, scene.applications[1], 1, reason="Eerst.").status_code == 303
        answer = client.post(
            url(meeting, f"/{scene.applications[0].id}"),
            data={"place": "3", "token": shown, "reason": "Ook ik."},
        )
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert "Somebody changed the order meanwhile" in page
        assert "Ook ik." in page
        assert lines(answer)[0] == scene.applications[1].reference
        again = parse(page).findall(".//section//input[@name='token']")
        assert [one.get("value") for one in again] == [token(meeting)]

    def test_a_double_click_moves_once(self, scene: Scene, as_user: LogIn) -> None:
        meeting, client = met(scene), as_user(chair())
        shown = token(meeting)
        for _click in range(2):
            answer = client.post(
                url(meeting, f"/{scene.applications[1].id}"),
                data={"place": "1", "token": shown, "reason": "Eerst."},
            )
            assert answer.status_code == 303
        db.session.refresh(meeting)
        assert meeting.version == 2

    def test_going_back_and_clearing(self, scene: Scene, as_user: LogIn) -> None:
        meeting, client = met(scene), as_user(chair())
        second = scene.applications[1]
        move(client, meeting, second, 1, reason="Eerst.")
        back = client.post(url(meeting, f"/{second.id}/terug"), data={"token": token(meeting)})
        assert back.status_code == 303
        assert lines(client.get(url(meeting)))[0] == scene.applications[0].reference
        move(client, meeting, second, 1, reason="Eerst.")
        assert client.post(url(meeting, "/wissen"), data={"token": "oud"}).status_code == 422
        assert client.post(url(meeting, "/wissen"), data={"token": token(meeting)}).status_code == 303
        assert db.session.scalars(db.select(PanelAdvice)).all() == []

    def test_an_application_of_another_round_is_not_there(self, scene: Scene, as_user: LogIn) -> None:
        other = make_scene((5,))
        answer = move(as_user(chair()), met(scene), other.applications[0], 1, reason="x")
        assert answer.status_code == 404

    def test_the_officer_with_an_interest_moves_nothing(self, scene: Scene, as_user: LogIn) -> None:
        meeting, officer = met(scene), make_user(Role.OFFICER)
        make_interest(scene.applications[3], officer)
        client = as_user(officer)
        assert move(client, meeting, scene.applications[1], 1, reason="x").status_code == 404
        assert client.post(url(meeting, "/wissen"), data={}).status_code == 404


class TestTheMatrix:
    def cells(self, answer: TestResponse) -> list[list[str]]:
        tree = parse(answer.get_data(as_text=True))
        return [
            [words(cell) for cell in row.iter("td")] for body in tree.iter("tbody") for row in body.iter("tr")
        ]

    def test_puts_each_application_in_its_cell_best_first(self, scene: Scene, as_user: LogIn) -> None:
        answer = as_user(chair()).get(f"/commissie/vergaderingen/{met(scene).id}/matrix")
        cells = self.cells(answer)
        assert cells[0][0] == scene.applications[0].reference
        assert cells[1][1] == scene.applications[1].reference
        assert sorted(cells[2][2].split()) == sorted(one.reference or "" for one in scene.applications[2:])
        tree = parse(answer.get_data(as_text=True))
        heads = [words(one) for one in tree.iter("th") if one.get("scope") == "col"]
        assert heads[1:] == [
            "Relevance 5 (best)",
            "Relevance 4",
            "Relevance 3",
            "Relevance 2",
            "Relevance 1 (worst)",
        ]

    def test_an_agreed_score_goes_before_the_mean_and_without_value_it_stands_below(
        self, scene: Scene, as_user: LogIn
    ) -> None:
        first = scene.applications[0]
        scores = {"relevantie": "1", "kwaliteit": "5"}
        db.session.add(PanelAdvice(application_id=first.id, scores=scores, recorded_at=MOMENT))
        bare = make_application(scene.round, "in_review")
        answer = as_user(chair()).get(f"/commissie/vergaderingen/{met(scene).id}/matrix")
        assert self.cells(answer)[0][4].startswith(first.reference or "-")
        page = words(parse(answer.get_data(as_text=True)))
        assert "Without a value yet" in page
        assert bare.reference
        assert bare.reference in page

    def test_a_round_without_matrix_says_so(self, as_user: LogIn) -> None:
        kind = KINDS["regiobeeld"]
        reviewing = kind.reviewing.model_copy(update={"matrix": None})
        round_ = make_round("regiobeeld", definition=kind.model_copy(update={"reviewing": reviewing}))
        application = make_application(round_, "in_review")
        make_review(application, score=4)
        answer = as_user(chair()).get(
            f"/commissie/vergaderingen/{make_meeting(round_, application).id}/matrix"
        )
        assert "This round has no matrix" in answer.get_data(as_text=True)
