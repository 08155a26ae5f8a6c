"""The rebuttal in the browser of the applicant and in that of the office."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import AccessLog, Membership, Rebuttal, User
from subsidy.services import rebuttal_answers, rebuttal_release, rebuttals
from tests import factories
from tests.conftest import MOMENT, Clock
from tests.pages import parse, words
from tests.services.rebuttals import TEXT, Hearing, hearing, reviews_of
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def heard(app: Flask) -> Hearing:
    return hearing(app)


@pytest.fixture
def open_(heard: Hearing) -> Hearing:
    heard.release()
    return heard


def own(heard: Hearing, rest: str = "") -> str:
    return f"/aanvragen/{heard.application.id}/wederhoor{rest}"


def office(heard: Hearing, rest: str = "") -> str:
    return f"/bureau/aanvragen/{heard.application.id}/wederhoor{rest}"


def listing(heard: Hearing) -> str:
    return f"/bureau/ronden/{heard.round.slug}/wederhoor"


def held(heard: Hearing) -> Rebuttal:
    found = rebuttals.find(heard.application)
    assert found is not None
    return found


def fields(client: FlaskClient, url: str) -> dict[str, str]:
    """What the page fills in by itself."""
    tree = parse(client.get(url).text)
    found = {one.get("name", ""): one.get("value", "") for one in tree.iter("input")}
    return found | {
        one.get("name", ""): "".join(one.itertext()).lstrip("\n") for one in tree.iter("textarea")
    }


class TestTheApplicant:
    def test_is_led_there_and_reads_the_reports_without_names(self, open_: Hearing, as_user: AsUser) -> None:
        client = as_user(open_.member)
        assert own(open_) in client.get(f"/aanvragen/{open_.application.id}").text
        assert "at the latest on 20 March 2026" in client.get("/aanvragen").text
        page = client.get(own(open_)).text
        assert "Reviewer 1" in page
        assert "Redenen bij kwaliteit." in page
        assert "How we counted" in page
        for review in reviews_of(open_.application):
            assert review.reviewer not in page
            assert review.account is None or review.account.name not in page
            assert f"-{review.id}-" not in page
        assert "Alleen voor mij." not in page

    def test_has_no_page_before_the_reports_are_sent(self, heard: Hearing, as_user: AsUser) -> None:
        client = as_user(heard.member)
        assert client.get(own(heard)).status_code == 404
        assert client.post(own(heard), data={"answer": TEXT}).status_code == 404

    def test_saves_a_draft_and_sends_it_in(self, open_: Hearing, as_user: AsUser) -> None:
        client = as_user(open_.member)
        page = client.post(
            own(open_), data={"answer": TEXT, "seen": "1", "then": "save"}, follow_redirects=True
        )
        assert "Your answer was not sent in yet" in page.text
        assert held(open_).sent_at is None
        for _press in range(2):
            sent = client.post(own(open_), data={"answer": TEXT, "seen": "2", "then": "send"})
            assert sent.status_code == 303
        after = client.get(own(open_)).text
        assert "It can no longer be changed." in after
        assert "<textarea" not in after
        course = client.get(f"/aanvragen/{open_.application.id}").text
        assert "Answer to the reports received" in course
        assert "The term to answer the reports has passed" not in course

    def test_too_many_words_are_refused_with_the_text_kept(self, open_: Hearing, as_user: AsUser) -> None:
        client = as_user(open_.member)
        text = "woord " * 499 + "en twee"
        answer = client.post(own(open_), data={"answer": text, "seen": "1", "then": "send"})
        assert answer.status_code == 422
        assert "Leave out 1 words." in answer.text
        assert "en twee</textarea>" in answer.text
        assert (held(open_).answer, held(open_).sent_at) == ("", None)

    def test_nothing_is_no_answer(self, open_: Hearing, as_user: AsUser) -> None:
        client = as_user(open_.member)
        answer = client.post(own(open_), data={"answer": "  ", "seen": "1", "then": "send"})
        assert answer.status_code == 422
        assert "You need not answer" in answer.text

    def test_two_members_see_both_texts(self, open_: Hearing, as_user: AsUser) -> None:
        other = factories.make_user(Role.APPLICANT, locale="en")
        db.session.add(Membership(application_id=open_.application.id, user_id=other.id, capacity="edit"))
        as_user(other).post(own(open_), data={"answer": "Van de ander.", "seen": "1", "then": "save"})
        client = as_user(open_.member)
        clash = client.post(own(open_), data={"answer": "Van mij.", "seen": "1", "then": "send"})
        assert clash.status_code == 409
        assert "Van de ander." in clash.text
        assert "Van mij.</textarea>" in clash.text
        assert "data-autosave" not in clash.text
        assert held(open_).answer == "Van de ander."
        client.post(own(open_), data={"answer": "Van ons.", "seen": "2", "then": "save"})
        assert held(open_).answer == "Van ons."

    def test_too_late_is_told_with_the_text(self, open_: Hearing, as_user: AsUser, clock: Clock) -> None:
        client = as_user(open_.member)
        clock.now = MOMENT + timedelta(days=11)
        for state in ("rebuttal", "in_review"):
            open_.application.state = state
            db.session.commit()
            late = client.post(own(open_), data={"answer": TEXT, "seen": "1", "then": "send"})
            assert late.status_code == 409
            assert TEXT in late.text
            assert "The term to answer ended on 20 March 2026." in late.text
            assert f"/aanvragen/{open_.application.id}/berichten" in late.text
        assert held(open_).sent_at is None
        assert "that does not count against you" not in late.text

    def test_who_reads_along_writes_nothing(self, open_: Hearing, as_user: AsUser) -> None:
        reader = factories.make_user(Role.APPLICANT, locale="en")
        db.session.add(Membership(application_id=open_.application.id, user_id=reader.id, capacity="view"))
        client = as_user(reader)
        assert "<textarea" not in client.get(own(open_)).text
        assert client.post(own(open_), data={"answer": TEXT, "seen": "1"}).status_code == 409
        assert held(open_).answer == ""

    def test_a_text_comes_back_after_the_session_ended(self, open_: Hearing, app: Flask) -> None:
        db.session.commit()
        nobody = app.test_client()
        away = nobody.post(own(open_), data={"answer": TEXT, "seen": "1", "then": "send"})
        assert away.status_code == 303
        back = parse_qs(urlsplit(away.location).query)["next"][0]
        with nobody.session_transaction() as session:
            session["_user_id"], session["_fresh"] = open_.member.get_id(), True
        page = nobody.get(back).text
        assert f"{TEXT}</textarea>" in page
        assert "before you were logged out" in page
        assert held(open_).answer == ""

    def test_text_is_shown_as_it_was_typed(self, open_: Hearing, as_user: AsUser) -> None:
        client = as_user(open_.member)
        client.post(own(open_), data={"answer": SCRIPT, "seen": "1", "then": "send"})
        for page in (client.get(own(open_)).text, as_user(open_.officer).get(office(open_)).text):
            assert SCRIPT not in page
            assert "&lt;script&gt;" in page

    def test_strangers_find_nothing(self, open_: Hearing, as_user: AsUser) -> None:
        stranger = as_user(Role.APPLICANT)
        assert stranger.get(own(open_)).status_code == 404
        assert stranger.post(own(open_), data={"answer": TEXT}).status_code == 404
        assert stranger.post(own(open_, "/tussendoor"), data={"answer": TEXT}).status_code == 404


class TestSavingByItself:
    def test_keeps_the_draft_and_tells_the_version(self, open_: Hearing, as_user: AsUser) -> None:
        client = as_user(open_.member)
        answer = client.post(own(open_, "/tussendoor"), data={"answer": TEXT, "seen": "1"})
        assert (answer.json or {})["seen"] == "2"
        assert held(open_).answer == TEXT
        many = client.post(own(open_, "/tussendoor"), data={"answer": "woord " * 510, "seen": "2"})
        assert "10 words too many" in (many.json or {})["text"]

    def test_what_is_refused_stays_with_who_typed_it(
        self, open_: Hearing, as_user: AsUser, clock: Clock
    ) -> None:
        client = as_user(open_.member)
        client.post(own(open_, "/tussendoor"), data={"answer": "Van de ander.", "seen": "1"})
        clash = client.post(own(open_, "/tussendoor"), data={"answer": TEXT, "seen": "1"})
        assert (clash.status_code, clash.json) == (409, {"state": "failed"})
        clock.now = MOMENT + timedelta(days=11)
        late = client.post(own(open_, "/tussendoor"), data={"answer": TEXT, "seen": "2"})
        assert late.status_code == 409
        assert held(open_).answer == "Van de ander."


class TestTheOffice:
    def test_reads_first_and_takes_words_out(self, heard: Hearing, as_user: AsUser) -> None:
        client = as_user(heard.officer)
        assert office(heard) in client.get(listing(heard)).text
        first = reviews_of(heard.application)[0]
        typed = fields(client, office(heard))
        assert typed[f"text-{first.id}-kwaliteit"] == "Redenen bij kwaliteit."
        typed[f"text-{first.id}-kwaliteit"] = "Redenen."
        assert client.post(office(heard), data=typed).status_code == 303
        page = client.get(office(heard)).text
        assert "As the reviewer wrote it" in page
        applicant = as_user(heard.member).get(own(heard)).text
        assert "Redenen bij kwaliteit." in applicant  # of the other
        assert applicant.count("Redenen bij kwaliteit.") == 1
        looks = db.session.scalars(select(AccessLog).where(AccessLog.what == "reports")).all()
        assert {one.user_id for one in looks} == {heard.officer.id}

    def test_hears_that_a_report_changed_and_keeps_what_it_typed(
        self, heard: Hearing, as_user: AsUser
    ) -> None:
        client = as_user(heard.officer)
        typed = fields(client, office(heard))
        first = reviews_of(heard.application)[0]
        typed[f"text-{first.id}-kwaliteit"] = "Mijn versie."
        first.scores[0].motivation = "Intussen veranderd."
        db.session.commit()
        answer = client.post(office(heard), data=typed)
        assert answer.status_code == 422
        assert "A report was changed after you opened this page." in answer.text
        assert "Mijn versie." in answer.text
        assert heard.application.state == "in_review"

    def test_reasons_stay_in(self, heard: Hearing, as_user: AsUser) -> None:
        client = as_user(heard.officer)
        typed = fields(client, office(heard))
        typed[f"text-{reviews_of(heard.application)[0].id}-kwaliteit"] = ""
        assert client.post(office(heard), data=typed).status_code == 422
        assert heard.application.state == "in_review"

    def test_sends_what_is_ready_at_once_and_leaves_out_what_is_not(
        self, heard: Hearing, as_user: AsUser
    ) -> None:
        waits = factories.make_application(heard.round, "in_review", requested_cents=4_000_000)
        elsewhere = hearing_elsewhere()
        client = as_user(heard.officer)
        wanted = {"file": [str(heard.application.id), str(waits.id), str(elsewhere), "x"]}
        for sent in ("The reports of 1 application were sent.", "The reports of 0 applications were sent."):
            assert sent in client.post(listing(heard), data=wanted, follow_redirects=True).text
        assert (heard.application.state, waits.state) == ("rebuttal", "in_review")

    def test_a_file_with_an_interest_is_not_sent_by_its_officer(
        self, heard: Hearing, as_user: AsUser
    ) -> None:
        factories.make_interest(heard.application, heard.officer)
        client = as_user(heard.officer)
        assert str(heard.application.reference) not in client.get(listing(heard)).text
        client.post(listing(heard), data={"file": [str(heard.application.id)]})
        assert heard.application.state == "in_review"
        assert client.get(office(heard)).status_code == 404
        assert client.post(office(heard)).status_code == 404

    def test_enters_an_answer_that_came_on_paper(self, app: Flask, as_user: AsUser) -> None:
        heard = hearing(app, members=False)
        heard.release()
        client = as_user(heard.officer)
        assert "Redenen bij kwaliteit." in client.get(office(heard, "/papier")).text
        early = client.post(
            office(heard, "/antwoord"), data={"answer": TEXT, "received_on": "2026-03-01", "seen": "1"}
        )
        assert early.status_code == 422
        assert f"{TEXT}</textarea>" in early.text
        good = {"answer": TEXT, "received_on": "2026-03-10", "seen": "1"}
        assert client.post(office(heard, "/antwoord"), data=good).status_code == 303
        assert held(heard).answer == TEXT
        assert heard.application.state == "in_review"

    def test_does_not_read_a_draft(self, open_: Hearing, as_user: AsUser) -> None:
        rebuttal_answers.save(
            open_.application, "Nog niet klaar.", version=1, actor=actor_of(open_.member), now=MOMENT
        )
        for who in (open_.officer, Role.CHAIR, Role.AUDITOR):
            assert "Nog niet klaar." not in as_user(who).get(office(open_)).text

    @pytest.mark.parametrize("role", [Role.CHAIR, Role.AUDITOR])
    def test_others_read_and_send_nothing(self, heard: Hearing, as_user: AsUser, role: Role) -> None:
        client = as_user(role)
        assert "<textarea" not in client.get(office(heard)).text
        mark = rebuttal_release.preview(heard.application).mark
        assert client.post(office(heard), data={"seen": mark}).status_code == 404
        assert client.post(listing(heard), data={"file": [str(heard.application.id)]}).status_code in {
            403,
            404,
        }
        assert heard.application.state == "in_review"

    def test_reviewers_read_no_answer(self, open_: Hearing, as_user: AsUser) -> None:
        for review in reviews_of(open_.application):
            client = as_user(db.session.get_one(User, review.reviewer_id))
            for url in (office(open_), own(open_), office(open_, "/papier"), listing(open_)):
                assert client.get(url).status_code in {403, 404}

    def test_a_round_without_rebuttal_says_so(self, app: Flask, as_user: AsUser) -> None:
        found = hearing(app, kind="regiobeeld")
        page = words(parse(as_user(found.officer).get(listing(found)).text).find(".//main"))
        assert "This round has no rebuttal." in page


def hearing_elsewhere() -> int:
    """An application of another round."""
    return factories.make_application(factories.make_round(), "in_review").id
