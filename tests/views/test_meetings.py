"""Meetings of the committee in the browser: who sees what, what is refused, and what a poll costs."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Meeting, PanelAdvice, Recusal, User
from subsidy.services import agenda, meetings
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.pages import check_fragment, parse, words
from tests.services.meetings import Committee, actor, make_committee
from workflows.definition import RoundDefinition
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]


@pytest.fixture
def scene(app: Flask) -> Committee:
    scene = make_committee()
    scene.chair.locale = scene.officer.locale = scene.members[0].locale = "en"
    db.session.commit()
    return scene


def url(scene: Committee, rest: str = "") -> str:
    return f"/commissie/vergaderingen/{scene.meeting.id}{rest}"


def item(scene: Committee, rest: str = "", application: Application | None = None) -> str:
    return url(scene, f"/aanvragen/{(application or scene.first).id}{rest}")


def follow_url(page: str) -> str:
    """Where a page asks whether the meeting changed."""
    found = [one.get("hx-get") for one in parse(page).iter("div") if "every" in one.get("hx-trigger", "")]
    assert len(found) == 1
    return found[0] or ""


class TestMaking:
    def test_a_meeting_is_made_opened_and_closed(self, scene: Committee, as_user: AsUser) -> None:
        client = as_user(scene.officer)
        here = f"/commissie/ronden/{scene.round_.slug}/vergadering"
        assert client.get(here).status_code == 200
        bad = client.post(here, data={"title": "", "held_on": "31-2-2026", "place": "Utrecht"})
        assert bad.status_code == 422
        assert 'value="Utrecht"' in bad.text
        typed = {
            "title": "Second meeting",
            "held_on": "10-3-2026",
            "chair": str(scene.chair.id),
            "members": [str(one.id) for one in scene.members],
            "secretary": str(scene.officer.id),
        }
        made = client.post(here, data=typed)
        assert made.status_code == 303
        meeting = db.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()
        assert meeting is not None
        assert (meeting.quorum, meeting.version) == (2, 1)
        page = client.get(made.location).text
        assert "Second meeting" in page
        assert str(scene.first.reference) in page
        opened = client.post(
            f"{made.location}/openen", data={"present": [str(scene.chair.id), str(scene.members[0].id)]}
        )
        assert opened.status_code == 303
        assert meetings.presence_in(meeting, meetings.roll_of(meeting)).present == 2
        refused = client.post(f"{made.location}/sluiten", follow_redirects=True)
        assert "2 applications were not discussed" in refused.text
        assert meeting.closed_at is None

    def test_the_lists_show_the_meeting_to_its_people_alone(self, scene: Committee, as_user: AsUser) -> None:
        title = "Vergadering"
        other = factories.make_round()
        elsewhere = factories.make_reviewer(other, "committee")
        for user in (scene.chair, scene.officer, scene.members[0]):
            assert title in as_user(user).get("/commissie/").text
        assert title not in as_user(elsewhere).get("/commissie/").text
        assert title not in as_user(factories.make_reviewer(scene.round_)).get("/commissie/").text

    def test_a_member_leads_nothing(self, scene: Committee, as_user: AsUser) -> None:
        client = as_user(scene.members[0])
        for rest in ("/openen", "/sluiten", "/aanwezig", "/agenda", "/agenda/volgorde"):
            assert client.post(url(scene, rest)).status_code == 404, rest
        for rest in ("/bespreken", "/aanhouden", "/terug", "/beraad", "/advies"):
            assert client.post(item(scene, rest)).status_code == 404, rest


class TestItem:
    def test_from_discussion_to_advice(self, scene: Committee, as_user: AsUser) -> None:
        client = as_user(scene.chair)
        page = client.get(item(scene))
        assert page.status_code == 200
        assert "Reviewer 1" in page.text
        assert "Redenen bij kwaliteit." in page.text
        assert 'name="agreed-kwaliteit"' not in page.text
        for _ in range(2):
            assert client.post(item(scene, "/bespreken"), data={"step": "start"}).status_code == 303
        typed = {"agreed-kwaliteit": "5", "reason": "Sterk plan.", "seen": ""}
        unreasoned = client.post(item(scene, "/advies"), data=typed)
        assert unreasoned.status_code == 422
        assert 'id="agreed-reason-kwaliteit-error"' in unreasoned.text
        assert "Sterk plan." in unreasoned.text
        typed["agreed-reason-kwaliteit"] = "Beter toegelicht"
        for _ in range(2):
            assert client.post(item(scene, "/advies"), data=typed).status_code == 303
        stored = db.session.get_one(PanelAdvice, scene.first.id)
        assert (stored.scores, stored.reason, stored.version) == ({"kwaliteit": "5"}, "Sterk plan.", 1)
        assert scene.first.state == "advised"
        assert client.post(item(scene, "/bespreken"), data={"step": "end"}).status_code == 303
        shown = agenda.find_item(scene.meeting, scene.first)
        assert shown is not None
        assert agenda.status_of(shown) == "discussed"

    def test_two_who_write_the_advice_see_both(self, scene: Committee, as_user: AsUser) -> None:
        chair, officer = as_user(scene.chair), as_user(scene.officer)
        chair.post(item(scene, "/bespreken"), data={"step": "start"})
        chair.post(item(scene, "/advies"), data={"reason": "Van de voorzitter", "seen": ""})
        clash = officer.post(item(scene, "/advies"), data={"reason": "Van de secretaris", "seen": ""})
        assert clash.status_code == 409
        assert "Van de voorzitter" in clash.text
        assert "Van de secretaris" in clash.text
        fields = [one for one in parse(clash.text).iter("input") if one.get("name") == "seen"]
        again = {"reason": "Van de secretaris", "seen": fields[0].get("value") or ""}
        assert officer.post(item(scene, "/advies"), data=again).status_code == 303
        assert db.session.get_one(PanelAdvice, scene.first.id).reason == "Van de secretaris"

    def test_two_who_write_notes_see_both(self, scene: Committee, as_user: AsUser) -> None:
        chair, officer = as_user(scene.chair), as_user(scene.officer)
        first = {"deliberation": "Notitie een", "version": "1"}
        assert chair.post(item(scene, "/beraad"), data=first).status_code == 303
        clash = officer.post(item(scene, "/beraad"), data={"deliberation": "Notitie twee", "version": "1"})
        assert clash.status_code == 409
        assert "Notitie een" in clash.text
        assert "Notitie twee" in clash.text
        again = {"deliberation": "Notitie twee", "version": "2"}
        assert officer.post(item(scene, "/beraad"), data=again).status_code == 303

    def test_names_of_reviewers_show_where_the_round_does_not_hide_them(
        self, scene: Committee, as_user: AsUser
    ) -> None:
        law = dict(scene.round_.definition)
        law["reviewing"] = {**law["reviewing"], "hide_reviewers": False}
        open_round = factories.make_round(
            definition=RoundDefinition.model_validate(law), phase_by_hand="panel", phase_reason="x"
        )
        application = factories.make_application(open_round, "in_review")
        referent = factories.make_reviewer(open_round)
        factories.make_review(application, referent, score=Decimal(4))
        meeting = factories.make_meeting(open_round, application)
        factories.declare(scene.chair, open_round)
        page = as_user(scene.chair).get(f"/commissie/vergaderingen/{meeting.id}/aanvragen/{application.id}")
        assert referent.name in page.text

    def test_the_answer_of_the_applicant_stands_beside_the_scores(
        self, scene: Committee, as_user: AsUser
    ) -> None:
        factories.hear(scene.first, answer="Wij lichten dit toe.", sent_at=MOMENT)
        assert "Wij lichten dit toe." in as_user(scene.members[0]).get(item(scene)).text

    def test_the_application_can_be_read(self, scene: Committee, as_user: AsUser) -> None:
        page = as_user(scene.members[0]).get(item(scene, "/lezen"))
        assert page.status_code == 200
        assert "Huisartsen Zoetermeer" in page.text

    def test_an_application_off_the_agenda_has_no_page(self, scene: Committee, as_user: AsUser) -> None:
        other = factories.make_application(scene.round_, "in_review")
        for rest in ("", "/deel", "/lezen"):
            assert as_user(scene.chair).get(item(scene, rest, other)).status_code == 404
        posted = as_user(scene.chair).post(item(scene, "/bespreken", other), data={"step": "start"})
        assert posted.status_code == 404

    def test_put_off_needs_a_reason_and_keeps_what_was_typed(self, scene: Committee, as_user: AsUser) -> None:
        client = as_user(scene.chair)
        assert client.post(item(scene, "/aanhouden"), data={"putoff-reason": " "}).status_code == 422
        good = {"putoff-reason": "Een stuk ontbreekt"}
        assert client.post(item(scene, "/aanhouden"), data=good).status_code == 303
        assert "Een stuk ontbreekt" in client.get(url(scene)).text


class TestKeepingOut:
    """Who has an interest, left the room, or does not sit on the committee finds nothing."""

    READS = ("", "/deel", "/lezen")
    WRITES = ("/verlaten", "/bespreken", "/aanhouden", "/terug", "/beraad", "/advies")

    def nothing(self, scene: Committee, client: FlaskClient) -> None:
        for rest in self.READS:
            assert client.get(item(scene, rest)).status_code == 404, rest
        for rest in self.WRITES:
            assert client.post(item(scene, rest), data={"step": "start"}).status_code == 404, rest

    def test_a_member_who_leaves_sees_nothing_until_it_is_over(
        self, scene: Committee, as_user: AsUser
    ) -> None:
        member, chair = as_user(scene.members[0]), as_user(scene.chair)
        assert member.post(item(scene, "/verlaten"), data={"leave-reason": ""}).status_code == 422
        left = member.post(item(scene, "/verlaten"), data={"leave-reason": "Familie van de projectleider"})
        assert left.location == url(scene)
        chair.post(item(scene, "/bespreken"), data={"step": "start"})
        self.nothing(scene, member)
        page = member.get(url(scene)).text
        assert str(scene.first.reference) not in page
        assert scene.first.title not in page
        assert "A file that is not open to you" in page
        part = member.get(url(scene, "/deel")).text
        assert scene.first.title not in part
        assert "Familie van de projectleider" not in chair.get(item(scene)).text
        chair.post(item(scene, "/bespreken"), data={"step": "end"})
        assert member.get(item(scene)).status_code == 200
        (recusal,) = db.session.scalars(select(Recusal))
        assert recusal.until_at is not None

    def test_the_chair_records_who_leaves_and_puts_a_mistake_right(
        self, scene: Committee, as_user: AsUser
    ) -> None:
        chair, member = as_user(scene.chair), as_user(scene.members[0])
        typed = {"leave-person": str(scene.members[0].id), "leave-reason": "Familie"}
        assert chair.post(item(scene, "/verlaten"), data=typed).status_code == 303
        self.nothing(scene, member)
        assert scene.members[0].name in chair.get(item(scene)).text
        back = {"person": str(scene.members[0].id)}
        assert chair.post(item(scene, "/terug"), data=back).status_code == 303
        assert member.get(item(scene)).status_code == 200

    @pytest.mark.parametrize("who", ["member", "chair", "officer"])
    def test_an_interest_closes_the_file_and_the_order(
        self, scene: Committee, as_user: AsUser, who: str
    ) -> None:
        user = {"member": scene.members[0], "chair": scene.chair, "officer": scene.officer}[who]
        factories.make_interest(scene.first, user)
        client = as_user(user)
        self.nothing(scene, client)
        page = client.get(url(scene)).text
        assert str(scene.first.reference) not in page
        assert url(scene, "/volgorde") not in page
        assert client.get(url(scene, "/agenda")).status_code == 404
        other = client.get(item(scene, "", scene.applications[1]))
        assert other.status_code == 200
        assert "of 100" not in other.text

    def test_without_a_declaration_no_file_opens(self, scene: Committee, as_user: AsUser) -> None:
        new = factories.make_reviewer(scene.round_, "committee", locale="en")
        client = as_user(new)
        assert "First say whether you have an interest" in client.get(url(scene)).text
        self.nothing(scene, client)

    def test_who_does_not_sit_on_the_committee_has_no_meeting(
        self, scene: Committee, as_user: AsUser
    ) -> None:
        declined, dropped, never = (factories.make_user(Role.REVIEWER) for _ in range(3))
        factories.serve(declined, scene.round_, "committee", answer="declined", secrecy_at=None)
        factories.serve(dropped, scene.round_, "committee", dropped_at=MOMENT, drop_reason="Ziek")
        referent = factories.make_reviewer(scene.round_)
        involved = factories.make_reviewer(scene.round_, "committee")
        factories.make_interest(scene.applications[1], involved, extent="round")
        for user in (declined, dropped, never, referent, involved):
            factories.declare(user, scene.round_)
            client = as_user(user)
            assert client.get(url(scene)).status_code == 404
            assert client.get(url(scene, "/deel")).status_code == 404
            self.nothing(scene, client)

    def test_a_meeting_of_another_round_does_not_open_a_file(self, scene: Committee, as_user: AsUser) -> None:
        stranger = factories.make_meeting(factories.make_round())
        here = f"/commissie/vergaderingen/{stranger.id}/aanvragen/{scene.first.id}"
        assert as_user(scene.chair).get(here).status_code == 404

    def test_the_agenda_is_by_reference_for_who_may_not_compare(
        self, scene: Committee, as_user: AsUser
    ) -> None:
        third = factories.make_application(scene.round_, "in_review")
        agenda.add(scene.meeting, [third.id], actor=actor(scene.chair), now=MOMENT)
        agenda.move(scene.meeting, third, up=True, actor=actor(scene.chair), now=MOMENT)
        assert self.order(scene, as_user(scene.members[0])) == [
            scene.first.reference,
            third.reference,
            scene.applications[1].reference,
        ]
        factories.make_interest(scene.first, scene.members[1])
        assert self.order(scene, as_user(scene.members[1])) == [
            scene.applications[1].reference,
            third.reference,
        ]

    def order(self, scene: Committee, client: FlaskClient) -> list[str]:
        rows = parse(client.get(url(scene)).text).iter("tr")
        return [words(row.find(".//a")) for row in rows if row.get("id", "").startswith("agenda-")]


class TestFollowing:
    def test_a_poll_is_one_query_and_says_nothing_until_something_changed(
        self, scene: Committee, as_user: AsUser, count_queries: Callable[[], QueryCount]
    ) -> None:
        client = as_user(scene.members[0])
        here = follow_url(client.get(item(scene)).text)
        with count_queries() as queries:
            answer = client.get(here)
        assert (answer.status_code, answer.data) == (204, b"")
        assert queries.count == 1
        assert "meeting" in queries.statements[0]
        as_user(scene.chair).post(item(scene, "/bespreken"), data={"step": "start"})
        with count_queries() as queries:
            changed = client.get(here)
        # Only when something changed it is looked up whose page it is, for its language.
        assert (changed.status_code, queries.count) == (200, 2)
        assert "meeting-changed" in changed.headers["HX-Trigger"]
        check_fragment(changed.text, here)
        assert scene.first.title not in changed.text
        again = parse(f"<!doctype html><title>x</title>{changed.text}")
        (poller,) = [one for one in again.iter("div") if one.get("hx-get")]
        assert client.get(poller.get("hx-get") or "").status_code == 204
        assert "Under discussion" in client.get(item(scene, "/deel")).text

    def test_the_proof_of_one_person_is_none_for_another(
        self, scene: Committee, as_user: AsUser, client: FlaskClient
    ) -> None:
        here = follow_url(as_user(scene.members[0]).get(url(scene)).text)
        scene.meeting.version += 1
        db.session.commit()
        for stranger in (client, as_user(Role.APPLICANT), as_user(scene.members[1])):
            answer = stranger.get(here)
            assert answer.status_code == 200
            assert "HX-Trigger" not in answer.headers
            assert "hx-get" not in answer.text
        number = scene.meeting.id + 1
        forged = here.replace(f"/{scene.meeting.id}/", f"/{number}/")
        assert "hx-get" not in as_user(scene.members[0]).get(forged).text

    def test_a_part_holds_no_field_to_type_in(self, scene: Committee, as_user: AsUser) -> None:
        client = as_user(scene.chair)
        for where in (url(scene, "/deel"), item(scene, "/deel")):
            answer = client.get(where)
            check_fragment(answer.text, where)
            tree = parse(f"<!doctype html><title>x</title>{answer.text}")
            assert not list(tree.iter("textarea"))
            assert {one.get("type") for one in tree.iter("input")} <= {"hidden"}

    def test_a_part_tells_that_somebody_else_changed_what_is_being_typed(
        self, scene: Committee, as_user: AsUser
    ) -> None:
        client = as_user(scene.chair)
        page = client.get(item(scene)).text
        (part,) = [one.get("hx-get") for one in parse(page).iter("div") if one.get("id") == "item-part"]
        assert part is not None
        assert "Somebody else changed" not in client.get(part).text
        as_user(scene.officer).post(item(scene, "/beraad"), data={"deliberation": "Kort", "version": "1"})
        assert "Somebody else changed" in client.get(part).text


class TestQueries:
    @pytest.mark.usefixtures("app")
    @pytest.mark.parametrize("number", [1, 3])
    def test_pages_cost_the_same_for_one_as_for_three(
        self, as_user: AsUser, count_queries: Callable[[], QueryCount], number: int
    ) -> None:
        scene = make_committee(number, members=number)
        client = as_user(scene.chair)
        pages = {
            url(scene): MEETING,
            url(scene, "/deel"): PART,
            url(scene, "/agenda"): AGENDA,
            item(scene): ITEM,
            item(scene, "/deel"): ITEM_PART,
            f"/commissie/ronden/{scene.round_.slug}": OF_ROUND,
            "/commissie/": INDEX,
        }
        counted = {}
        for here in pages:
            with count_queries() as queries:
                assert client.get(here).status_code == 200
            counted[here] = queries.count
        assert counted == pages


# The number of queries of each page, whatever the number of applications, reviews and people.
MEETING, PART, AGENDA, ITEM, ITEM_PART, OF_ROUND, INDEX = 8, 8, 22, 24, 20, 4, 2
