"""Who may do what to which file, and what a conflict of interest takes away."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.application import MACHINE as APPLICATION
from workflows.machine import Transition
from workflows.permissions import (
    ANONYMOUS,
    DOOR,
    NOTHING,
    POLICY,
    SYSTEM,
    Access,
    Actor,
    Can,
    Grant,
    Role,
    Target,
    may,
    rounds_of,
)
from workflows.round import MACHINE as ROUNDS
from workflows.states import ApplicationState, Phase

ME, COLLEAGUE, APPLICANT = 1, 2, 3
ROUND, OTHER_ROUND = 7, 8

# Any signed-in person, or a visitor.
FOR_ALL = {
    Can.ROUND_LIST_PUBLIC,
    Can.ROUND_VIEW_PUBLIC,
    Can.ACCOUNT_REGISTER,
    Can.ACCOUNT_LOGIN,
    Can.INVITATION_OPEN,
    Can.LETTER_VERIFY,
}
FOR_ACCOUNTS = FOR_ALL | {
    Can.ACCOUNT_MANAGE_OWN,
    Can.APPLICATION_LIST_OWN,
    Can.INVITATION_ACCEPT,
    Can.QUESTION_ASK,
}
# What shows or changes the content of one file.
ON_THE_FILE = {
    Can.APPLICATION_VIEW,
    Can.APPLICATION_ENTER_PAPER,
    Can.MESSAGE_READ,
    Can.MESSAGE_WRITE,
    Can.MEMBERS_RESCUE,
    Can.SCREENING_WORK,
    Can.SCREENING_VERDICT,
    Can.SUPPLEMENT_REQUEST,
    Can.ASSIGNMENT_MANAGE,
    Can.REBUTTAL_MANAGE,
    Can.CONFLICT_DECIDE,
    Can.REVIEW_VIEW_FILE,
    Can.REVIEW_WRITE,
    Can.REVIEW_READ_OTHERS,
    Can.REVIEW_READ_ALL,
    Can.REVIEW_REOPEN,
    Can.HEARING_VIEW,
    Can.HEARING_MANAGE,
    Can.DELAY_NOTIFY,
    Can.PANEL_FILE,
    Can.PANEL_DISCUSS,
}
# What shows how files compare, or rests on it.
ON_THE_RANKING = {
    Can.RANKING_VIEW,
    Can.REVIEW_READ_OTHERS,
    Can.PANEL_RANKING,
    Can.PANEL_ORDER,
    Can.MINUTES_CONFIRM,
    Can.CERTAINTY_VIEW,
    Can.ADVICE_RECORD,
    Can.DECISION_PROPOSE,
    Can.DECISION_CONFIRM,
    Can.DECISIONS_MANAGE,
    Can.LETTERS_SEND,
    Can.DECISION_EXPLAIN,
    Can.SCENARIO_VIEW,
    Can.SCENARIO_MANAGE,
    Can.LEDGER_VIEW,
    Can.CEILING_CHANGE,
    Can.LETTER_VIEW,
    Can.LETTER_ANNOUNCE,
    Can.STATISTICS_VIEW,
    Can.STATISTICS_EXPORT,
    Can.EVENTS_VIEW,
    Can.ROUND_CLOSE,
    Can.ROUND_EVALUATE,
    Can.ROUND_EXPORT,
}
READS = {
    Can.ROUND_VIEW,
    Can.ROUND_EXPORT,
    Can.APPLICATION_LIST,
    Can.APPLICATION_VIEW,
    Can.MESSAGE_READ,
    Can.REVIEW_READ_ALL,
    Can.RANKING_VIEW,
    Can.PANEL_LIST,
    Can.PANEL_VIEW,
    Can.PANEL_RANKING,
    Can.CONFLICT_VIEW,
    Can.LETTER_VIEW,
    Can.WORDING_VIEW,
    Can.DECISION_EXPLAIN,
    Can.SCENARIO_VIEW,
    Can.LEDGER_VIEW,
    Can.HEARING_VIEW,
    Can.MANDATES_VIEW,
    Can.STATISTICS_VIEW,
    Can.STATISTICS_EXPORT,
    Can.EVENTS_VIEW,
    Can.GRANTS_VIEW,
    Can.OUTBOX_VIEW,
}

# A file in review on which everything that can be in order is so, for ME.
FILE = Target(
    round_id=ROUND,
    round_phase=Phase.REVIEW,
    state=ApplicationState.IN_REVIEW,
    members={APPLICANT: Access.LEAD},
    round_members=frozenset({APPLICANT}),
    reviewers=frozenset({ME}),
    declared_no_interest=frozenset({ME}),
    handed_in=frozenset({ME}),
    serving=frozenset({ME, COLLEAGUE}),
    committee=frozenset({COLLEAGUE}),
    declared_round=frozenset({ME, COLLEAGUE}),
    proposer_id=COLLEAGUE,
    mandatary_id=ME,
)
STATES = (None, *ApplicationState)
EVERY_ROLE = frozenset(Grant(role) for role in Role)


def person(*roles: Role, round_id: int | None = ROUND, user_id: int = ME) -> Actor:
    return Actor(user_id, frozenset(Grant(role, round_id) for role in roles))


def allowed(actor: Actor, target: Target) -> set[Can]:
    return {can for can in Can if may(actor, can, target)}


def in_every_state(actor: Actor, target: Target) -> set[Can]:
    return set().union(*(allowed(actor, replace(target, state=state)) for state in STATES))


targets = st.builds(
    Target,
    round_id=st.sampled_from([None, ROUND, OTHER_ROUND]),
    round_phase=st.sampled_from([None, *Phase]),
    state=st.sampled_from(STATES),
    members=st.dictionaries(st.sampled_from([ME, APPLICANT]), st.sampled_from(list(Access))),
    round_members=st.frozensets(st.sampled_from([ME, APPLICANT])),
    reviewers=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    declared_no_interest=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    handed_in=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    serving=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    committee=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    declared_round=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    recused=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    conflicted=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    round_conflicted=st.frozensets(st.sampled_from([ME, COLLEAGUE])),
    proposer_id=st.sampled_from([None, ME, COLLEAGUE]),
    announced=st.booleans(),
    decisions_announced=st.booleans(),
    owner_id=st.sampled_from([None, ME, COLLEAGUE]),
    any_round=st.booleans(),
)
grants = st.frozensets(
    st.builds(Grant, st.sampled_from(list(Role)), st.sampled_from([None, ROUND, OTHER_ROUND]))
)


def test_every_permission_has_a_policy() -> None:
    assert set(POLICY) == set(Can)


TRANSITIONS: list[Transition[Any]] = [*APPLICATION.transitions, *ROUNDS.transitions]


@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(ME)], ids=["visitor", "account"])
def test_no_transition_without_a_permission_that_refuses(transition: Transition[Any], actor: Actor) -> None:
    assert transition.permission in POLICY
    target = replace(FILE, state=transition.sources[0])
    assert not may(actor, transition.permission, target)


@given(targets)
def test_a_visitor_may_only_look_at_what_is_public(target: Target) -> None:
    assert allowed(ANONYMOUS, target) <= FOR_ALL


@given(targets)
def test_an_account_without_grants_gets_nothing_but_its_own(target: Target) -> None:
    stranger = replace(target, members={}, round_members=frozenset())
    assert allowed(Actor(ME), stranger) <= FOR_ACCOUNTS


def test_unknown_facts_open_no_door_to_a_role_on_one_round() -> None:
    actor = Actor(ME, frozenset(Grant(role, ROUND) for role in Role))
    assert allowed(actor, NOTHING) == FOR_ACCOUNTS - {Can.ROUND_VIEW_PUBLIC, Can.QUESTION_ASK}


def test_a_round_in_preparation_is_not_public() -> None:
    seen = {phase for phase in Phase if may(ANONYMOUS, Can.ROUND_VIEW_PUBLIC, Target(round_phase=phase))}
    assert seen == set(Phase) - {Phase.PREPARATION}


class TestRoles:
    @pytest.mark.parametrize(
        ("held_on", "asked_on", "expected"),
        [
            (ROUND, Target(round_id=ROUND), True),
            (ROUND, Target(round_id=OTHER_ROUND), False),
            (ROUND, NOTHING, False),
            (None, Target(round_id=OTHER_ROUND), True),
            (None, NOTHING, True),
            (ROUND, DOOR, True),
        ],
    )
    def test_a_role_counts_on_its_own_round(
        self, held_on: int | None, asked_on: Target, *, expected: bool
    ) -> None:
        assert may(person(Role.OFFICER, round_id=held_on), Can.RANKING_VIEW, asked_on) is expected

    @pytest.mark.parametrize(
        ("can", "role"),
        [
            (Can.ROUND_CREATE, Role.OFFICER),
            (Can.ROUND_IMPORT, Role.OFFICER),
            (Can.OUTBOX_RETRY, Role.OFFICER),
            (Can.GRANTS_MANAGE, Role.ADMINISTRATOR),
        ],
    )
    def test_what_belongs_to_no_round_needs_a_role_on_all(self, can: Can, role: Role) -> None:
        assert may(person(role, round_id=None), can, DOOR)
        assert not may(person(role, round_id=ROUND), can, DOOR)

    def test_an_auditor_sees_and_never_changes(self) -> None:
        assert in_every_state(person(Role.AUDITOR, round_id=None), FILE) == READS | FOR_ACCOUNTS

    def test_an_administrator_manages_accounts_and_no_content(self) -> None:
        assert in_every_state(person(Role.ADMINISTRATOR, round_id=None), FILE) == FOR_ACCOUNTS | {
            Can.GRANTS_VIEW,
            Can.GRANTS_MANAGE,
            Can.LETTERHEAD_EDIT,
            Can.MANDATES_VIEW,
            Can.MANDATES_MANAGE,
            Can.OUTBOX_VIEW,
            Can.OUTBOX_RETRY,
        }

    def test_an_evaluator_sees_figures_and_no_file(self) -> None:
        assert in_every_state(person(Role.EVALUATOR), FILE) == FOR_ACCOUNTS | {
            Can.ROUND_VIEW,
            Can.ROUND_EVALUATE,
            Can.STATISTICS_VIEW,
            Can.STATISTICS_EXPORT,
            Can.CERTAINTY_VIEW,
        }

    def test_finance_sees_files_and_decides_nothing(self) -> None:
        assert in_every_state(person(Role.FINANCE), FILE) == FOR_ACCOUNTS | {
            Can.ROUND_VIEW,
            Can.APPLICATION_LIST,
            Can.MESSAGE_READ,
            Can.APPLICATION_VIEW,
            Can.RANKING_VIEW,
            Can.LETTER_VIEW,
            Can.WORDING_VIEW,
            Can.DECISION_EXPLAIN,
            Can.SCENARIO_VIEW,
            Can.LEDGER_VIEW,
            Can.HEARING_VIEW,
            Can.STATISTICS_VIEW,
            Can.STATISTICS_EXPORT,
            Can.CONFLICT_REPORT,
        }

    def test_the_program_runs_imports_and_gives_the_first_role(self) -> None:
        assert in_every_state(SYSTEM, FILE) == FOR_ALL | {
            Can.SYSTEM_RUN,
            Can.APPLICATION_IMPORT,
            Can.ROUND_IMPORT,
            Can.ROUND_EXPORT,
            Can.REBUTTAL_MANAGE,
            Can.GRANTS_MANAGE,
        }

    def test_nobody_else_acts_as_the_program(self) -> None:
        everything = Actor(ME, EVERY_ROLE)
        assert not may(everything, Can.SYSTEM_RUN, FILE)
        assert not may(everything, Can.APPLICATION_IMPORT, FILE)

    def test_rounds_of(self) -> None:
        some = person(Role.OFFICER, Role.REVIEWER)
        assert rounds_of(some, Role.OFFICER) == frozenset({ROUND})
        assert rounds_of(some, Role.FINANCE) == frozenset()
        assert rounds_of(person(Role.OFFICER, round_id=None), Role.OFFICER) is None


class TestAccounts:
    def test_an_account_is_managed_by_its_owner(self) -> None:
        assert may(Actor(ME), Can.ACCOUNT_MANAGE_OWN, Target(owner_id=ME))
        assert may(Actor(ME), Can.ACCOUNT_MANAGE_OWN, DOOR)
        assert not may(Actor(ME), Can.ACCOUNT_MANAGE_OWN, Target(owner_id=COLLEAGUE))
        assert not may(ANONYMOUS, Can.ACCOUNT_MANAGE_OWN, Target(owner_id=ME))

    def test_nobody_gives_a_role_to_oneself(self) -> None:
        administrator = person(Role.ADMINISTRATOR, round_id=None)
        assert may(administrator, Can.GRANTS_MANAGE, Target(owner_id=COLLEAGUE))
        assert not may(administrator, Can.GRANTS_MANAGE, Target(owner_id=ME))

    def test_stored_mail_is_for_development_only(self) -> None:
        assert may(ANONYMOUS, Can.MAIL_VIEW_DEV, Target(development=True))
        assert not may(Actor(ME, EVERY_ROLE), Can.MAIL_VIEW_DEV, FILE)


SEES = {Can.APPLICATION_VIEW_OWN, Can.MEMBERS_VIEW}


class TestApplicants:
    @pytest.mark.parametrize(
        ("access", "expected"),
        [
            (Access.VIEW, SEES),
            (Access.EDIT, SEES | {Can.APPLICATION_EDIT}),
            (Access.SIGN, SEES | {Can.APPLICATION_EDIT, Can.APPLICATION_SIGN}),
            (
                Access.LEAD,
                SEES
                | {
                    Can.APPLICATION_EDIT,
                    Can.APPLICATION_SIGN,
                    Can.APPLICATION_DELETE,
                    Can.APPLICATION_SUBMIT,
                    Can.APPLICATION_WITHDRAW,
                    Can.MEMBERS_MANAGE,
                },
            ),
        ],
    )
    def test_members_differ_in_what_they_may(self, access: Access, expected: set[Can]) -> None:
        draft = replace(FILE, state=ApplicationState.DRAFT, members={ME: access})
        assert allowed(Actor(ME), draft) == expected | FOR_ACCOUNTS

    def test_editing_ends_with_submission_and_returns_for_the_supplement(self) -> None:
        mine = replace(FILE, members={ME: Access.EDIT})
        for state in ApplicationState:
            target = replace(mine, state=state)
            assert may(Actor(ME), Can.APPLICATION_EDIT, target) == (state == "draft")
            assert may(Actor(ME), Can.APPLICATION_SUPPLEMENT, target) == (state == "supplement_requested")
            assert may(Actor(ME), Can.REBUTTAL_WRITE, target) == (state == "rebuttal")

    def test_a_letter_is_read_once_it_was_announced(self) -> None:
        mine = replace(FILE, members={ME: Access.VIEW}, state=ApplicationState.AWARDED)
        assert not may(Actor(ME), Can.APPLICATION_READ_LETTER, mine)
        assert may(Actor(ME), Can.APPLICATION_READ_LETTER, replace(mine, announced=True))

    def test_an_application_starts_while_the_round_is_open(self) -> None:
        applicant = person(Role.APPLICANT, round_id=None)
        phases = {
            phase
            for phase in Phase
            if may(applicant, Can.APPLICATION_START, Target(ROUND, round_phase=phase))
        }
        assert phases == {Phase.OPEN}
        assert not may(Actor(ME), Can.APPLICATION_START, Target(ROUND, round_phase=Phase.OPEN))


class TestTheOffice:
    def test_a_draft_is_private_to_its_members(self) -> None:
        office = Actor(ME, EVERY_ROLE)
        for state in (None, ApplicationState.DRAFT):
            target = replace(FILE, state=state)
            seen = allowed(office, target) & ON_THE_FILE
            assert seen == {Can.REVIEW_VIEW_FILE, Can.REVIEW_READ_OTHERS}

    def test_an_officer_enters_paper_and_never_the_draft_of_somebody_else(self) -> None:
        officer = person(Role.OFFICER)
        paper = replace(FILE, members={}, state=ApplicationState.DRAFT)
        assert may(officer, Can.APPLICATION_ENTER_PAPER, paper)
        assert may(officer, Can.APPLICATION_ENTER_PAPER, replace(paper, state=None))
        assert not may(officer, Can.APPLICATION_ENTER_PAPER, replace(paper, members={APPLICANT: "view"}))
        received = replace(paper, state=ApplicationState.SUBMITTED)
        assert not may(officer, Can.APPLICATION_ENTER_PAPER, received)
        assert may(officer, Can.APPLICATION_WITHDRAW, received)

    @pytest.mark.parametrize(("proposer", "expected"), [(COLLEAGUE, True), (ME, False), (None, False)])
    def test_a_decision_is_confirmed_by_another_officer(
        self, proposer: int | None, *, expected: bool
    ) -> None:
        target = replace(FILE, state=ApplicationState.ADVISED, proposer_id=proposer)
        assert may(person(Role.OFFICER), Can.DECISION_CONFIRM, target) is expected
        for somebody in (COLLEAGUE, None):
            without = replace(target, mandatary_id=somebody)
            assert not may(person(Role.OFFICER), Can.DECISION_CONFIRM, without)
        assert not may(person(Role.FINANCE, Role.CHAIR), Can.DECISION_CONFIRM, target)


class TestReviewers:
    reviewer = person(Role.REVIEWER)

    def test_the_file_opens_after_declaring_no_interest(self) -> None:
        silent = replace(FILE, declared_no_interest=frozenset())
        assert may(self.reviewer, Can.REVIEW_DECLARE_INTEREST, silent)
        assert not may(self.reviewer, Can.REVIEW_VIEW_FILE, silent)
        assert not may(self.reviewer, Can.REVIEW_WRITE, silent)
        assert may(self.reviewer, Can.REVIEW_VIEW_FILE, FILE)
        assert may(self.reviewer, Can.REVIEW_WRITE, FILE)

    def test_only_own_assignments(self) -> None:
        nobodys = {"declared_no_interest": frozenset(), "handed_in": frozenset()}
        others = replace(FILE, reviewers=frozenset({COLLEAGUE}), **nobodys)
        assert allowed(self.reviewer, others) == FOR_ACCOUNTS | {
            Can.REVIEW_LIST_OWN,
            Can.REVIEWER_PROFILE,
            Can.CALIBRATION_SCORE,
            Can.PANEL_LIST,
        }

    def test_who_declined_or_was_dropped_reads_nothing(self) -> None:
        gone = replace(FILE, serving=frozenset(), committee=frozenset())
        assert allowed(self.reviewer, gone) == FOR_ACCOUNTS | {
            Can.REVIEW_LIST_OWN,
            Can.REVIEWER_PROFILE,
            Can.PANEL_LIST,
        }

    def test_reading_ends_with_the_round(self) -> None:
        phases = {
            phase
            for phase in Phase
            if may(self.reviewer, Can.REVIEW_VIEW_FILE, replace(FILE, round_phase=phase))
        }
        assert phases == set(Phase) - {Phase.DECIDED, Phase.EVALUATED}

    def test_what_others_wrote_is_read_after_handing_in(self) -> None:
        assert may(self.reviewer, Can.REVIEW_READ_OTHERS, FILE)
        writing = replace(FILE, handed_in=frozenset())
        assert not may(self.reviewer, Can.REVIEW_READ_OTHERS, writing)

    def test_the_committee_reads_every_file_and_a_referent_the_own(self) -> None:
        on_it = replace(FILE, committee=frozenset({ME}))
        assert may(self.reviewer, Can.PANEL_FILE, on_it)
        assert may(self.reviewer, Can.PANEL_RANKING, on_it)
        assert not may(self.reviewer, Can.PANEL_FILE, FILE)
        assert not may(self.reviewer, Can.PANEL_LEAD, on_it)
        assert not may(self.reviewer, Can.PANEL_DISCUSS, on_it)
        assert not may(Actor(ME), Can.PANEL_VIEW, on_it)
        over = replace(on_it, round_phase=Phase.DECIDED)
        assert not may(self.reviewer, Can.PANEL_FILE, over)
        assert not may(self.reviewer, Can.PANEL_VIEW, over)

    def test_an_assignment_without_the_role_is_not_enough(self) -> None:
        assert allowed(Actor(ME), FILE) == FOR_ACCOUNTS

    def test_scores_are_written_while_the_application_is_in_review(self) -> None:
        states = {
            state
            for state in ApplicationState
            if may(self.reviewer, Can.REVIEW_WRITE, replace(FILE, state=state))
        }
        assert states == {ApplicationState.IN_REVIEW}


class TestConflictsOfInterest:
    @given(targets, grants)
    def test_who_has_a_conflict_sees_nothing_of_the_file(
        self, target: Target, held: frozenset[Grant]
    ) -> None:
        tied = replace(target, conflicted=target.conflicted | {ME})
        assert not allowed(Actor(ME, held), tied) & (ON_THE_FILE | ON_THE_RANKING)

    @given(targets, grants)
    def test_who_left_the_room_sees_nothing_of_the_file(self, target: Target, held: frozenset[Grant]) -> None:
        away = replace(target, recused=target.recused | {ME})
        assert not allowed(Actor(ME, held), away) & (ON_THE_FILE | ON_THE_RANKING)

    def test_nobody_decides_on_the_own_interest(self) -> None:
        chair = person(Role.CHAIR)
        assert may(chair, Can.CONFLICT_DECIDE, replace(FILE, owner_id=COLLEAGUE))
        assert not may(chair, Can.CONFLICT_DECIDE, replace(FILE, owner_id=ME))
        assert not may(person(Role.OFFICER), Can.CONFLICT_DECIDE, replace(FILE, owner_id=COLLEAGUE))

    def test_what_others_declared_on_a_barred_file_is_hidden_and_the_own_is_not(self) -> None:
        officer, tied = person(Role.OFFICER), replace(FILE, conflicted=frozenset({ME}))
        assert may(officer, Can.CONFLICT_VIEW, FILE)
        assert not may(officer, Can.CONFLICT_VIEW, replace(tied, owner_id=COLLEAGUE))
        assert may(officer, Can.CONFLICT_VIEW, replace(tied, owner_id=ME))
        involved = replace(tied, owner_id=ME, round_members=frozenset({ME}))
        assert not may(officer, Can.CONFLICT_VIEW, involved)

    def test_the_committee_and_the_office_declare_for_a_round_and_a_referent_per_file(self) -> None:
        for one in (Role.CHAIR, Role.OFFICER, Role.FINANCE):
            assert may(person(one), Can.CONFLICT_REPORT, FILE)
        assert not may(person(Role.REVIEWER), Can.CONFLICT_REPORT, FILE)
        assert may(person(Role.REVIEWER, user_id=COLLEAGUE), Can.CONFLICT_REPORT, FILE)
        # Who applied is shown for it, so for the committee it ends with the round.
        over = replace(FILE, round_phase=Phase.DECIDED)
        assert not may(person(Role.REVIEWER, user_id=COLLEAGUE), Can.CONFLICT_REPORT, over)

    @given(targets, grants)
    def test_nobody_reads_in_the_committee_before_declaring_for_the_round(
        self, target: Target, held: frozenset[Grant]
    ) -> None:
        silent = replace(target, declared_round=frozenset({COLLEAGUE}))
        assert not may(Actor(ME, held), Can.PANEL_FILE, silent)

    @given(targets, grants)
    def test_nor_of_the_ranking_of_the_round_until_it_is_announced(
        self, target: Target, held: frozenset[Grant]
    ) -> None:
        tied = replace(target, round_conflicted=frozenset({ME}), decisions_announced=False)
        assert not allowed(Actor(ME, held), tied) & ON_THE_RANKING

    def test_other_files_of_the_round_and_the_ranking_once_announced_stay_open(self) -> None:
        tied = replace(FILE, round_conflicted=frozenset({ME}))
        everyone = Actor(ME, EVERY_ROLE)
        tied = replace(tied, owner_id=COLLEAGUE)
        shut = {Can.APPLICATION_ENTER_PAPER, Can.REVIEW_READ_OTHERS}
        assert allowed(everyone, tied) >= ON_THE_FILE - shut
        assert allowed(everyone, replace(tied, decisions_announced=True)) >= ON_THE_RANKING

    @given(targets, grants)
    def test_who_takes_part_in_an_application_holds_no_office_in_that_round(
        self, target: Target, held: frozenset[Grant]
    ) -> None:
        part = replace(target, round_members=frozenset({ME}))
        assert not allowed(Actor(ME, held), part) & (ON_THE_FILE | ON_THE_RANKING)

    @given(targets, grants)
    def test_being_a_member_of_the_file_is_taking_part(self, target: Target, held: frozenset[Grant]) -> None:
        part = replace(target, members={ME: Access.VIEW}, round_members=frozenset())
        assert not allowed(Actor(ME, held), part) & (ON_THE_FILE | ON_THE_RANKING)

    def test_an_involved_reviewer_can_still_say_so(self) -> None:
        part = replace(FILE, round_members=frozenset({ME}))
        assert may(person(Role.REVIEWER), Can.REVIEW_DECLARE_INTEREST, part)


def test_a_policy_can_be_printed() -> None:
    assert POLICY[Can.DECISION_CONFIRM].words == (
        "officer and not (conflicted on the file) and not (recused from the file) "
        "and not (involved in the round) "
        "and not (conflicted in a round not yet announced) and sent in and proposed by another "
        "and holder of the mandate"
    )
    assert POLICY[Can.SYSTEM_RUN].words == "system"
