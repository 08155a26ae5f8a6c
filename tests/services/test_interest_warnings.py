"""Warnings for a round: from what is stored, at the same cost for any number of files and people."""

from datetime import timedelta
from typing import Any

import pytest

from subsidy.db import db
from subsidy.models import (
    Application,
    Invitation,
    Membership,
    ReviewerProfile,
    Round,
    Signature,
    User,
)
from subsidy.services.interest_warnings import live_interests_in, warnings_in
from subsidy.services.reference import reference_of
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_application, make_interest, make_reviewer, make_round, make_user

pytestmark = pytest.mark.usefixtures("app")


def profile(user: User, **values: Any) -> None:
    db.session.add(ReviewerProfile(**{"user_id": user.id, "updated_at": MOMENT, **values}))
    db.session.flush()


def codes(application: Application, user: User) -> list[str]:
    found = warnings_in(application.round)
    return [one.code.value for one in found.get((application.id, user.id), ())]


def worked_together(user: User, other: User, *, days_before: int, key: str | None = None) -> Application:
    """An application to another round, sent in so long before this one closes."""
    round_ = make_round()
    submitted = round_.closes_at - timedelta(days=days_before)
    earlier = make_application(round_, submitted_at=submitted, member=other)
    db.session.add(
        Membership(application_id=earlier.id, user_id=user.id, capacity="edit", participation_key=key)
    )
    db.session.flush()
    return earlier


class TestWarnings:
    def test_the_own_organisation_however_its_name_is_written(self) -> None:
        application = make_application(make_round())
        user = make_reviewer(application.round, organisation="Stichting  welzijn ZOETERMEER")
        assert codes(application, user) == ["same_organisation"]

    def test_the_own_number_in_the_trade_register(self) -> None:
        application = make_application(make_round())
        application.participations[1].kvk = "12345678"
        user = make_reviewer(application.round)
        profile(user, kvk="12345678")
        assert codes(application, user) == ["same_kvk"]

    def test_an_address_where_a_member_or_somebody_asked_has_one(self) -> None:
        application = make_application(make_round(), member=make_user(email="wit@ggdhaaglanden.nl"))
        db.session.add(
            Invitation(
                application_id=application.id,
                email="bo@welzijn.nl",
                capacity="edit",
                token_digest="x" * 64,
                invited_by=application.members[0].user_id,
                invited_at=MOMENT,
                expires_at=MOMENT,
            )
        )
        first = make_reviewer(application.round, email="x@ggdhaaglanden.nl")
        second = make_reviewer(application.round, email="y@welzijn.nl")
        assert codes(application, first) == codes(application, second) == ["same_email_domain"]

    @pytest.mark.parametrize("where", ["contact", "answer", "signature", "namesake", "member"])
    def test_who_is_named_in_the_application(self, where: str) -> None:
        application = make_application(make_round())
        user = make_reviewer(application.round, name="Ans de Wit", email="ans@thuis.nl")
        if where == "contact":
            application.participations[0].contact = "Mevr. Ans de Wit"
        elif where == "answer":
            application.answers = {"signatory": "Ans de Wit, wethouder"}
        elif where == "signature":
            key = application.participations[0].key
            signed = {"organisation": "x", "kind": "online", "name": "Ans de Wit", "position": "wethouder"}
            version = {"application_version": 1, "terms_digest": "x" * 64, "signed_at": MOMENT}
            db.session.add(
                Signature(application_id=application.id, participation_key=key, **signed, **version)
            )
        else:
            named = user if where == "member" else make_user(name="ans de wit", email="ans@werk.nl")
            db.session.add(Membership(application_id=application.id, user_id=named.id, capacity="view"))
        db.session.flush()
        assert "partner" in codes(application, user)

    @pytest.mark.parametrize(("days", "warned"), [(3 * 365, True), (3 * 366 + 1, False)])
    def test_who_applied_together_within_the_years_of_the_round(self, days: int, *, warned: bool) -> None:
        other = make_user(email="ander@werk.nl")
        application = make_application(make_round(), member=other)
        user = make_reviewer(application.round)
        worked_together(user, other, days_before=days)
        assert codes(application, user) == (["co_applicant"] if warned else [])

    def test_who_applied_for_an_organisation_of_this_file(self) -> None:
        application = make_application(make_round())
        user = make_reviewer(application.round)
        earlier = worked_together(user, make_user(), days_before=100, key="f" * 16)
        earlier.participations[1].key = "f" * 16
        db.session.flush()
        assert codes(application, user) == ["co_applicant"]

    def test_a_draft_elsewhere_is_no_application_together(self) -> None:
        other = make_user(email="ander@werk.nl")
        application = make_application(make_round(), member=other)
        user = make_reviewer(application.round)
        draft = make_application(make_round(), "draft", member=other)
        db.session.add(Membership(application_id=draft.id, user_id=user.id, capacity="edit"))
        db.session.flush()
        assert codes(application, user) == []

    def test_the_own_region(self) -> None:
        application = make_application(make_round())
        user = make_reviewer(application.round)
        profile(user, own_municipalities=["GM0637"])
        (warning,) = warnings_in(application.round)[application.id, user.id]
        assert (warning.code, warning.params) == ("own_region", {"places": "Zoetermeer"})

    def test_people_named_and_files_named(self) -> None:
        round_ = make_round()
        first, second = make_application(round_), make_application(round_)
        serving = make_reviewer(round_, organisation="Gemeente Zoetermeer")
        officer = make_user(organisation="Gemeente Zoetermeer")
        make_application(round_, "draft")
        assert set(warnings_in(round_)) == {(first.id, serving.id), (second.id, serving.id)}
        assert set(warnings_in(round_, [officer.id], application_ids=[second.id])) == {
            (second.id, officer.id)
        }

    def test_the_cost_does_not_grow(self) -> None:
        round_ = make_round()
        reference_of(round_.reference_version)  # kept in memory from the first time on
        counted = []
        for number in (1, 2):
            for _ in range(number):
                other = make_user()
                make_application(round_, member=other)
                worked_together(make_reviewer(round_), other, days_before=10)
            round_id = round_.id
            db.session.expunge_all()
            round_ = db.session.get_one(Round, round_id)
            with QueryCount() as queries:
                warnings_in(round_)
            counted.append(queries.count)
        assert counted[0] == counted[1]


class TestInterestsThatBar:
    def test_a_dismissed_interest_bars_nobody(self) -> None:
        round_ = make_round()
        application, chair = make_application(round_), make_user()
        waiting, upheld, gone = make_user(), make_user(), make_user()
        make_interest(application, waiting)
        decided = {"decision_reason": "x", "decided_at": MOMENT, "decided_by": chair.id}
        make_interest(application, upheld, decision="upheld", **decided)
        make_interest(application, gone, decision="dismissed", extent="round", **decided)
        make_interest(make_application(make_round()), gone)
        assert live_interests_in(round_) == {(application.id, waiting.id), (application.id, upheld.id)}
