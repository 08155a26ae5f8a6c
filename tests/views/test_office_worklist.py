"""The worklist and the file of the office in the browser."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Round, User
from subsidy.services import screening, worklist
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.pages import parse, words
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]


def rows(page: str) -> list[str]:
    """The first cell of each row."""
    return [words(one.find("th")) for one in parse(page).findall(".//tbody/tr")]


def test_the_worklist_opens_where_there_is_work(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round()
    application = factories.make_application(round_, "eligible")
    factories.make_application(round_, "draft")
    page = as_user(Role.OFFICER).get("/bureau/").get_data(as_text=True)
    assert rows(page) == [application.reference]
    assert f'href="/bureau/aanvragen/{application.id}/beoordelaars"' in page


def test_who_may_only_read_is_led_to_the_file(app: Flask, as_user: AsUser) -> None:
    application = factories.make_application(factories.make_round())
    for role in (Role.CHAIR, Role.FINANCE, Role.AUDITOR):
        client = as_user(role)
        page = client.get("/bureau/").get_data(as_text=True)
        assert f'href="/bureau/aanvragen/{application.id}"' in page
        assert client.get(f"/bureau/aanvragen/{application.id}").status_code == 200


def test_a_round_and_a_step_can_be_chosen(app: Flask, as_user: AsUser) -> None:
    one, other = factories.make_round(), factories.make_round()
    here = factories.make_application(one)
    factories.make_application(other)
    client = as_user(Role.OFFICER)
    page = client.get(f"/bureau/?ronde={one.slug}&wacht=screen").get_data(as_text=True)
    assert rows(page) == [here.reference]
    assert client.get(f"/bureau/?ronde={one.slug}&wacht=confirm").status_code == 200
    assert client.get("/bureau/?ronde=bestaat-niet").status_code == 404


def test_pages_of_the_worklist_follow_by_key(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round()
    made = [factories.make_application(round_).reference for _ in range(worklist.PAGE + 1)]
    client = as_user(Role.OFFICER)
    first = client.get("/bureau/").get_data(as_text=True)
    follow = next(one.get("href", "") for one in parse(first).iter("a") if one.get("rel") == "next")
    second = client.get(follow).get_data(as_text=True)
    assert rows(first) + rows(second) == made


def test_the_worklist_costs_the_same_for_one_and_for_three(
    app: Flask, as_user: AsUser, count_queries: Callable[[], QueryCount]
) -> None:
    client = as_user(Role.OFFICER)
    counted, round_id = [], factories.make_round().id
    for extra in (1, 2):
        round_ = db.session.get_one(Round, round_id)
        for _ in range(extra):
            application = factories.make_application(round_, "in_review")
            factories.make_review(application, factories.make_user(Role.REVIEWER))
        db.session.commit()
        db.session.expunge_all()
        with count_queries() as queries:
            client.get("/bureau/?wacht=review")
        counted.append(queries.count)
    assert counted == [10, 10]


def test_nobody_outside_the_office_opens_the_worklist(app: Flask, as_user: AsUser) -> None:
    assert as_user(Role.REVIEWER).get("/bureau/").status_code == 403
    assert as_user(Role.APPLICANT).get("/bureau/").status_code == 403


def test_an_officer_without_rounds_is_told(app: Flask, as_user: AsUser) -> None:
    assert as_user(Role.OFFICER).get("/bureau/").status_code == 200


def test_the_file_tells_what_happened_to_who_may_read_it(app: Flask, as_user: AsUser) -> None:
    officer = factories.make_user(Role.OFFICER)
    application = factories.make_application(factories.make_round())
    screening.give_verdict(
        application, "ineligible", motivation="Veel te laat.", actor=actor_of(officer), now=MOMENT
    )
    here = f"/bureau/aanvragen/{application.id}"
    page = as_user(officer).get(here).get_data(as_text=True)
    timeline = next(one for one in parse(page).iter("ol") if one.get("class") == "timeline")
    assert "Veel te laat." in words(timeline)
    assert officer.name in words(timeline)
    chair = as_user(Role.CHAIR).get(here).get_data(as_text=True)
    assert 'class="timeline"' not in chair
    assert "Veel te laat." in chair


def test_a_draft_is_no_file_of_the_office(app: Flask, as_user: AsUser) -> None:
    draft = factories.make_application(factories.make_round(), "draft")
    assert as_user(Role.OFFICER).get(f"/bureau/aanvragen/{draft.id}").status_code == 404
