"""Who sees whose name and words: other reviewers, the office, and reviewers who may not know who applies."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import AccessLog, Attachment, Mail, Review, User
from subsidy.services import file_store
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_application, make_interest, make_review, make_round, make_user
from workflows.kinds import KINDS
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
WORDS = "Redenen bij kwaliteit."


@pytest.fixture
def reviewer(app: Flask) -> User:
    return make_user(Role.REVIEWER, name="Anna")


def reviewed(reviewer: User, **values: Any) -> tuple[Review, Review]:
    """A review of this person, and one of Bert on the same application that was handed in."""
    application = make_application(make_round(**values), "in_review")
    mine = make_review(application, reviewer, score=3, notes="notitie van Anna")
    other = make_review(application, make_user(Role.REVIEWER, name="Bert"), score=5, notes="geheim van Bert")
    return mine, other


def rules(**changes: object) -> Any:
    kind = KINDS["netwerk"]
    return kind.model_copy(update={"reviewing": kind.reviewing.model_copy(update=changes)})


class TestOthers:
    def test_after_handing_in_names_and_words_but_never_notes(self, as_user: LogIn, reviewer: User) -> None:
        mine, _other = reviewed(reviewer)
        client = as_user(reviewer)
        assert f"/beoordelen/{mine.id}/anderen" in client.get(f"/beoordelen/{mine.id}").text
        page = client.get(f"/beoordelen/{mine.id}/anderen").text
        assert "Bert" in page
        assert WORDS in page
        assert "geheim van Bert" not in page
        assert "reviews of others" in db.session.scalars(select(AccessLog.what)).all()

    def test_not_before(self, as_user: LogIn, reviewer: User) -> None:
        mine, _other = reviewed(reviewer)
        mine.handed_in_at = None
        client = as_user(reviewer)
        assert client.get(f"/beoordelen/{mine.id}/anderen").status_code == 404
        page = client.get(f"/beoordelen/{mine.id}").text
        assert "Bert" not in page
        assert "/anderen" not in page

    def test_where_the_round_hides_nobody_the_names_are_known_and_the_words_are_not(
        self, as_user: LogIn, reviewer: User
    ) -> None:
        mine, _other = reviewed(reviewer, definition=rules(hide_reviewers=False))
        mine.handed_in_at = None
        mine.scores = []
        page = as_user(reviewer).get(f"/beoordelen/{mine.id}").text
        assert "Bert" in page
        assert WORDS not in page

    def test_only_what_was_handed_in(self, as_user: LogIn, reviewer: User) -> None:
        mine, other = reviewed(reviewer)
        other.handed_in_at = None
        page = as_user(reviewer).get(f"/beoordelen/{mine.id}/anderen").text
        assert "Bert" not in page
        assert 'class="empty"' in page

    def test_not_with_an_interest_in_another_file_of_the_round(self, as_user: LogIn, reviewer: User) -> None:
        mine, _other = reviewed(reviewer)
        make_interest(make_application(mine.application.round), reviewer)
        client = as_user(reviewer)
        assert client.get(f"/beoordelen/{mine.id}/anderen").status_code == 404
        assert "/anderen" not in client.get(f"/beoordelen/{mine.id}").text

    @pytest.mark.parametrize("many", [1, 3])
    def test_costs_the_same_for_one_and_for_three(
        self, as_user: LogIn, reviewer: User, count_queries: type[QueryCount], many: int
    ) -> None:
        mine, _other = reviewed(reviewer)
        for _ in range(many - 1):
            make_review(mine.application, make_user(Role.REVIEWER), score=4)
        client, address = as_user(reviewer), f"/beoordelen/{mine.id}/anderen"
        db.session.expunge_all()
        with count_queries() as counted:
            client.get(address)
        assert counted.count == 7, counted.statements


class TestOffice:
    def test_reads_every_report_with_names_and_no_notes_or_drafts(
        self, as_user: LogIn, reviewer: User
    ) -> None:
        mine, other = reviewed(reviewer)
        other.handed_in_at = None
        page = as_user(Role.OFFICER).get(f"/bureau/aanvragen/{mine.application_id}/beoordelingen").text
        assert "Anna" in page
        assert "Bert" in page
        assert page.count(WORDS) == 1
        assert "notitie van Anna" not in page

    def test_opens_a_review_again_with_a_reason(self, as_user: LogIn, reviewer: User) -> None:
        mine, _other = reviewed(reviewer)
        client = as_user(Role.OFFICER)
        here = f"/bureau/aanvragen/{mine.application_id}/beoordelingen"
        address = f"{here}/{mine.id}/heropenen"
        assert address in client.get(here).text
        assert client.get(address).status_code == 200
        refused = client.post(address, data={"reason": " "})
        assert refused.status_code == 422
        for status in (303, 422):  # pressed twice
            assert client.post(address, data={"reason": "Score en tekst verschillen."}).status_code == status
        db.session.refresh(mine)
        assert mine.handed_in_at is None
        assert len(db.session.scalars(select(Mail)).all()) == 1
        assert "<textarea" in as_user(reviewer).get(f"/beoordelen/{mine.id}").text

    def test_a_review_of_another_application_is_not_there(self, as_user: LogIn, reviewer: User) -> None:
        mine, _other = reviewed(reviewer)
        elsewhere = make_application(mine.application.round, "in_review")
        address = f"/bureau/aanvragen/{elsewhere.id}/beoordelingen/{mine.id}/heropenen"
        assert as_user(Role.OFFICER).get(address).status_code == 404

    def test_not_with_an_interest_and_not_for_who_only_reads(self, as_user: LogIn, reviewer: User) -> None:
        mine, _other = reviewed(reviewer)
        here = f"/bureau/aanvragen/{mine.application_id}/beoordelingen"
        conflicted = make_user(Role.OFFICER)
        make_interest(mine.application, conflicted)
        assert as_user(conflicted).get(here).status_code == 404
        chair = as_user(Role.CHAIR)
        assert "heropenen" not in chair.get(here).text
        assert chair.post(f"{here}/{mine.id}/heropenen", data={"reason": "x"}).status_code == 404
        for role in (Role.FINANCE, Role.REVIEWER, Role.EVALUATOR):
            assert as_user(role).get(here).status_code == 404

    @pytest.mark.parametrize("many", [1, 3])
    def test_costs_the_same_for_one_and_for_three(
        self, as_user: LogIn, count_queries: type[QueryCount], many: int
    ) -> None:
        application = make_application(make_round(), "in_review")
        for _ in range(many):
            make_review(application, make_user(Role.REVIEWER), score=4)
        client, address = as_user(Role.OFFICER), f"/bureau/aanvragen/{application.id}/beoordelingen"
        db.session.expunge_all()
        with count_queries() as counted:
            client.get(address)
        assert counted.count == 6, counted.statements


class TestHiddenApplicants:
    @pytest.fixture
    def review(self, reviewer: User) -> Review:
        application = make_application(
            make_round(definition=rules(hide_applicants=True)),
            "in_review",
            answers={"signatory": "Wethouder Jansen", "contact": "P. Pietersen", "goal": "Meer bewegen"},
        )
        stored = file_store.put(b"%PDF-1.7 plan", media_type="application/pdf", now=MOMENT)
        for question in ("support", self.other_file()):
            application.attachments.append(
                Attachment(
                    question=question,
                    file_name="Huisartsen Zoetermeer.pdf",
                    media_type="application/pdf",
                    size=13,
                    sha256=stored.sha256,
                    scan="clean",
                    uploaded_at=MOMENT,
                )
            )
        return make_review(application, reviewer, declared_at=MOMENT)

    @staticmethod
    def other_file() -> str:
        files = [one.id for one in rules().questions if one.kind == "file" and one.id != "support"]
        return files[0] if files else "support"

    def test_the_file_names_nobody(self, as_user: LogIn, reviewer: User, review: Review) -> None:
        page = as_user(reviewer).get(f"/beoordelen/{review.id}").text
        for name in ("Huisartsen Zoetermeer", "Gemeente Zoetermeer", "Jansen", "Pietersen"):
            assert name not in page, name
        assert "Meer bewegen" in page
        assert "Partner 1" in page

    def test_letters_of_partners_are_not_there_and_other_files_have_a_number(
        self, as_user: LogIn, reviewer: User, review: Review
    ) -> None:
        client, here = as_user(reviewer), f"/beoordelen/{review.id}"
        for one in review.application.attachments:
            address = f"{here}/bijlagen/{one.id}"
            hidden = one.question == "support"
            with client.get(address) as answer:
                assert answer.status_code == (404 if hidden else 200)
                assert "Huisartsen" not in str(answer.headers)
            assert client.get(f"{address}/bladzijden/1").status_code == 404
            read = client.get(f"{address}/lezen")
            assert read.status_code == (404 if hidden else 200)
            assert "Huisartsen" not in read.text

    def test_the_office_still_reads_the_names(self, as_user: LogIn, review: Review) -> None:
        page = as_user(Role.OFFICER).get(f"/bureau/aanvragen/{review.application_id}").text
        assert "Huisartsen Zoetermeer" in page
        assert "Jansen" in page
