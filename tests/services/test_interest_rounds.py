"""Declaring for a round as a whole, and the overview of what was declared."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Interest,
    Round,
    User,
)
from subsidy.services import (
    interest_overview,
    interest_rounds,
    standing,
)
from subsidy.services.decisions import DecisionError
from subsidy.services.interest_rounds import Shown
from subsidy.services.interests import DeclarationRefusedError
from tests.conftest import QueryCount
from tests.factories import (
    MOMENT,
    make_application,
    make_interest,
    make_reviewer,
    make_round,
    make_user,
)
from tests.services.declared import (
    assigned_hidden,
    happened,
    report,
)
from workflows.permissions import Can, Role, may

pytestmark = pytest.mark.usefixtures("app")


class TestForTheRound:
    def test_a_declaration_covers_what_came_in_by_then(self) -> None:
        round_, officer = make_round(), actor_of(make_user(Role.OFFICER))
        draft_of_somebody = make_application(round_, "draft")
        first = make_application(round_)
        with pytest.raises(DecisionError, match="declaration_needed"):
            interest_rounds.refuse_undeclared(first, officer)
        seen = interest_rounds.shown(round_)
        interest_rounds.declare_round(round_, seen, why="", actor=officer, now=MOMENT)
        interest_rounds.refuse_undeclared(first, officer)
        assert interest_rounds.count_uncovered(round_, officer.user_id) == 0
        draft_of_somebody.state, draft_of_somebody.reference = "submitted", "T-LATER"
        draft_of_somebody.submitted_at = MOMENT + timedelta(hours=1)
        later = make_application(round_, submitted_at=MOMENT + timedelta(hours=1))
        for one in (draft_of_somebody, later):
            with pytest.raises(DecisionError, match="declaration_needed"):
                interest_rounds.refuse_undeclared(one, officer)
            target = standing.to_application(officer, one, now=MOMENT)
            assert not may(officer, Can.PANEL_FILE, target)
        assert may(officer, Can.PANEL_FILE, standing.to_application(officer, first, now=MOMENT))
        assert interest_rounds.covered_ids(round_, officer.user_id) == {first.id}
        with pytest.raises(DeclarationRefusedError, match="list_changed"):
            interest_rounds.declare_round(round_, seen, why="", actor=officer, now=MOMENT)
        now = MOMENT + timedelta(hours=2)
        interest_rounds.declare_round(round_, interest_rounds.shown(round_), why="", actor=officer, now=now)
        assert interest_rounds.count_uncovered(round_, officer.user_id) == 0
        facts = {"covers": later.id, "applications": 3, "capacity": "officer"}
        assert happened()[-1] == ("interest.round_declared", facts)

    def test_signs_that_were_not_reported_need_a_sentence(self) -> None:
        round_ = make_round()
        officer = make_user(Role.OFFICER, organisation="Gemeente Zoetermeer")
        first, second = make_application(round_), make_application(round_)
        report(first, actor_of(officer))
        seen = Shown(2, second.id)
        with pytest.raises(DeclarationRefusedError, match="why_needed"):
            interest_rounds.declare_round(round_, seen, why="", actor=actor_of(officer), now=MOMENT)
        interest_rounds.declare_round(round_, seen, why="Oude baan.", actor=actor_of(officer), now=MOMENT)
        (kept,) = interest_overview.overridden_in(round_)
        assert (kept.application_id, kept.reason) == (second.id, "Oude baan.")

    def test_a_committee_that_may_not_know_who_applies_reports_ties(self) -> None:
        review, _, _ = assigned_hidden()
        round_ = review.application.round
        other = make_application(round_)
        other.participations[1].name = "GGD Elders"
        db.session.flush()
        member = actor_of(make_reviewer(round_, "committee"))
        assert interest_rounds.hides_names(member, round_)
        assert not interest_rounds.hides_names(actor_of(make_user(Role.OFFICER)), round_)
        for expected in (1, 0):
            count = interest_rounds.report_ties(
                round_, ["ggd elders"], nature="Ik werk daar.", actor=member, now=MOMENT
            )
            assert count == expected
        (interest,) = db.session.scalars(select(Interest))
        assert (interest.application_id, interest.capacity) == (other.id, "committee")

    def test_who_declared_and_who_did_not(self) -> None:
        round_ = make_round()
        make_application(round_)
        officer, member = make_user(Role.OFFICER), make_reviewer(round_, "committee")
        make_reviewer(round_)
        seen = interest_rounds.shown(round_)
        interest_rounds.declare_round(round_, seen, why="", actor=actor_of(officer), now=MOMENT)
        found = {one.user_id: one.whole for one in interest_overview.declarants_of(round_)}
        assert found == {officer.id: True, member.id: False}
        make_application(round_)
        assert not any(one.whole for one in interest_overview.declarants_of(round_))

    def test_the_list_costs_the_same_for_one_and_for_three(self) -> None:
        round_, officer = make_round(), make_user(Role.OFFICER, organisation="Gemeente Zoetermeer")
        interest_rounds.lines_of(round_, officer.id)  # the reference is kept in memory from then on
        counted = []
        for number in (1, 2):
            for _ in range(number):
                application = make_application(round_, member=make_user())
                make_interest(application, officer)
            round_id, user_id = round_.id, officer.id
            db.session.expunge_all()
            round_ = db.session.get_one(Round, round_id)
            with QueryCount() as queries:
                lines = interest_rounds.lines_of(round_, user_id)
                interest_overview.overview_of(round_)
                interest_overview.overridden_in(round_)
                interest_overview.declarants_of(round_)
            officer = db.session.get_one(User, user_id)
            counted.append(queries.count)
        assert counted[0] == counted[1]
        assert [bool(line.signs and line.reported and line.outline.people) for line in lines] == [True] * 3

    def test_the_overview_hides_from_a_viewer_what_others_declared_on_a_barred_file(self) -> None:
        round_ = make_round()
        barred, free = make_application(round_), make_application(round_)
        viewer, other = make_user(Role.OFFICER), make_user(Role.OFFICER)
        own = make_interest(barred, viewer)
        make_interest(barred, other)
        seen = make_interest(free, other)
        found = interest_overview.overview_of(round_, actor_of(viewer))
        assert [one.id for one in found] == [own.id, seen.id]
        assert len(interest_overview.overview_of(round_)) == 3
