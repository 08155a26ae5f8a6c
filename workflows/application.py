"""The life of an application, from draft to decision.

A decision (awarded, rejected, not processed) always rests on a motivation, on two people and on a
letter that exists. A decision that was taken gives way to another decision alone, which names it and
says why. What follows on an award (advances, determination) is not in this machine.

Facts that the guards read:

| fact | type | meaning |
|---|---|---|
| `reason` | str | why the office takes this step |
| `motivation` | str | the reasons of a finding, an advice or a decision |
| `supplements_requested` | int | invitations to supplement so far |
| `supplement_term_over` | bool | the term of the invitation has passed |
| `supplement_concluded` | bool | supplemented, or the term has passed unused |
| `something_missing` | bool | something required is still missing (late or wrong is not missing) |
| `rebuttals_opened` | int | times that the reports were sent for rebuttal |
| `rebuttal_concluded` | bool | the answer to the reports was sent, or the term has passed |
| `uses_rebuttal`, `uses_panel` | bool | what the definition of the round says |
| `requested_cents`, `amount_cents` | int | what was asked, what is awarded |
| `proposer_id`, `confirmer_id` | int or None | who proposed and who confirms the decision |
| `replaces_id` | int or None | the decision that this one takes the place of |
| `letter_sha256` | str or None | digest of the stored letter that the confirmer saw |
"""

from workflows.machine import Guard, Machine, Transition, given, number
from workflows.permissions import Can
from workflows.states import ApplicationState

__all__ = ["MACHINE", "UNDECIDED", "ApplicationState"]

S = ApplicationState

FINAL = frozenset({S.AWARDED, S.REJECTED, S.NOT_PROCESSED, S.WITHDRAWN})
# Received and without an outcome.
UNDECIDED = tuple(state for state in S if state is not S.DRAFT and state not in FINAL)

REASON = given("reason", "reason_needed")
MOTIVATED_FINDING = given("motivation", "motivation_needed")
MOTIVATED_ADVICE = given("motivation", "motivation_needed", "Awb 3:9")
ONE_SUPPLEMENT = Guard(
    "supplement_already_requested",
    ("supplements_requested",),
    lambda facts: number(facts, "supplements_requested") == 0,
    "Awb 4:5(1)",
)
SUPPLEMENT_WAS_ASKED = Guard(
    "supplement_never_requested",
    ("supplements_requested",),
    lambda facts: number(facts, "supplements_requested") > 0,
    "Awb 4:5(1)",
)
ONE_REBUTTAL = Guard(
    "rebuttal_already_held",
    ("rebuttals_opened",),
    lambda facts: number(facts, "rebuttals_opened") == 0,
)
# Who is judged by reports answers them before anybody goes on with the application.
REBUTTAL_WHERE_DUE = Guard(
    "rebuttal_needed",
    ("state", "uses_rebuttal", "rebuttals_opened"),
    lambda facts: (
        facts["state"] != S.IN_REVIEW or not facts["uses_rebuttal"] or number(facts, "rebuttals_opened") > 0
    ),
)
REBUTTAL_OVER = Guard(
    "rebuttal_term_runs",
    ("state", "rebuttal_concluded"),
    lambda facts: facts["state"] != S.REBUTTAL or bool(facts["rebuttal_concluded"]),
)
# A panel advises after reviews; without a panel the reviews carry the award.
ADVICE_WHERE_DUE = Guard(
    "advice_needed",
    ("state", "uses_panel"),
    lambda facts: facts["state"] == S.ADVISED or not facts["uses_panel"],
    "Awb 3:9",
)
# A full ceiling needs no advice; what was under review is not refused before the panel spoke.
ADVICE_AFTER_REVIEW = Guard(
    "advice_needed",
    ("state", "uses_panel"),
    lambda facts: facts["state"] != S.IN_REVIEW or not facts["uses_panel"],
    "Awb 3:9",
)
SOME_AMOUNT = Guard(
    "amount_needed",
    ("amount_cents",),
    lambda facts: number(facts, "amount_cents") > 0,
    "Awb 4:31",
)
NOT_MORE_THAN_ASKED = Guard(
    "amount_above_requested",
    ("amount_cents", "requested_cents"),
    lambda facts: number(facts, "amount_cents") <= number(facts, "requested_cents"),
)
FOUR_EYES = Guard(
    "second_person_needed",
    ("proposer_id", "confirmer_id"),
    lambda facts: (
        facts["proposer_id"] is not None
        and facts["confirmer_id"] is not None
        and facts["proposer_id"] != facts["confirmer_id"]
    ),
)
# What was decided changes by a decision that names the old one, and says why it takes its place.
NAMES_THE_OLD = given("replaces_id", "replaces_nothing")
# Motivated, confirmed by another than who proposed it, with a letter that exists.
DECISION = (
    given("motivation", "motivation_needed", "Awb 3:46"),
    FOUR_EYES,
    given("letter_sha256", "letter_needed", "Awb 3:41"),
)

MACHINE: Machine[ApplicationState] = Machine(
    states=ApplicationState,
    initial=S.DRAFT,
    final=FINAL,
    transitions=(
        # Coming in. A finding never blocks submission: late or wrong gets its decision too.
        Transition("submit", (S.DRAFT,), S.SUBMITTED, Can.APPLICATION_SUBMIT, "application.submitted"),
        Transition(
            "enter",
            (S.DRAFT,),
            S.SUBMITTED,
            Can.APPLICATION_ENTER_PAPER,
            "application.entered",
            (REASON,),
        ),
        # The check by the office.
        Transition(
            "request_supplement",
            (S.SUBMITTED,),
            S.SUPPLEMENT_REQUESTED,
            Can.SUPPLEMENT_REQUEST,
            "application.supplement_requested",
            (ONE_SUPPLEMENT, REASON),
        ),
        Transition(
            "supplement",
            (S.SUPPLEMENT_REQUESTED,),
            S.SUBMITTED,
            Can.APPLICATION_SUPPLEMENT,
            "application.supplemented",
        ),
        Transition(
            "supplement_expired",
            (S.SUPPLEMENT_REQUESTED,),
            S.SUBMITTED,
            Can.SYSTEM_RUN,
            "application.supplement_expired",
            (given("supplement_term_over", "supplement_term_runs", "Awb 4:5(1)"),),
        ),
        Transition(
            "find_eligible",
            (S.SUBMITTED,),
            S.ELIGIBLE,
            Can.SCREENING_VERDICT,
            "application.found_eligible",
            (MOTIVATED_FINDING,),
        ),
        Transition(
            "find_ineligible",
            (S.SUBMITTED,),
            S.INELIGIBLE,
            Can.SCREENING_VERDICT,
            "application.found_ineligible",
            (MOTIVATED_FINDING,),
        ),
        Transition(
            "reconsider",
            (S.ELIGIBLE, S.INELIGIBLE),
            S.SUBMITTED,
            Can.SCREENING_VERDICT,
            "application.reconsidered",
            (REASON,),
        ),
        # Reviews, rebuttal, advice; a kind may skip any of them.
        Transition(
            "start_review",
            (S.ELIGIBLE,),
            S.IN_REVIEW,
            Can.ASSIGNMENT_MANAGE,
            "application.review_started",
        ),
        Transition(
            "release_reports",
            (S.IN_REVIEW,),
            S.REBUTTAL,
            Can.REBUTTAL_MANAGE,
            "application.reports_released",
            (given("uses_rebuttal", "round_without_rebuttal"), ONE_REBUTTAL),
        ),
        Transition(
            "close_rebuttal",
            (S.REBUTTAL,),
            S.IN_REVIEW,
            Can.REBUTTAL_MANAGE,
            "application.rebuttal_closed",
            (REBUTTAL_OVER,),
        ),
        Transition(
            "advise",
            (S.ELIGIBLE, S.IN_REVIEW, S.REBUTTAL),
            S.ADVISED,
            Can.ADVICE_RECORD,
            "application.advised",
            (MOTIVATED_ADVICE, REBUTTAL_WHERE_DUE, REBUTTAL_OVER),
        ),
        # Decisions.
        Transition(
            "award",
            (S.ELIGIBLE, S.IN_REVIEW, S.ADVISED),
            S.AWARDED,
            Can.DECISION_CONFIRM,
            "application.awarded",
            (ADVICE_WHERE_DUE, REBUTTAL_WHERE_DUE, SOME_AMOUNT, NOT_MORE_THAN_ASKED, *DECISION),
        ),
        Transition(
            "reject",
            (S.INELIGIBLE, S.ELIGIBLE, S.IN_REVIEW, S.ADVISED),
            S.REJECTED,
            Can.DECISION_CONFIRM,
            "application.rejected",
            (ADVICE_AFTER_REVIEW, REBUTTAL_WHERE_DUE, *DECISION),
        ),
        Transition(
            "leave_unprocessed",
            (S.INELIGIBLE,),
            S.NOT_PROCESSED,
            Can.DECISION_CONFIRM,
            "application.left_unprocessed",
            (
                SUPPLEMENT_WAS_ASKED,
                given("supplement_concluded", "supplement_term_runs", "Awb 4:5(1)"),
                given("something_missing", "nothing_missing", "Awb 4:5(1)"),
                *DECISION,
            ),
        ),
        # A later decision in the place of an earlier one.
        Transition(
            "award_instead",
            (S.REJECTED, S.NOT_PROCESSED, S.WITHDRAWN),
            S.AWARDED,
            Can.DECISION_CONFIRM,
            "application.awarded_instead",
            (NAMES_THE_OLD, REASON, SOME_AMOUNT, NOT_MORE_THAN_ASKED, *DECISION),
        ),
        Transition(
            "amend_award",
            (S.AWARDED,),
            S.AWARDED,
            Can.DECISION_CONFIRM,
            "application.award_amended",
            (NAMES_THE_OLD, REASON, SOME_AMOUNT, NOT_MORE_THAN_ASKED, *DECISION),
        ),
        Transition(
            "reject_instead",
            (S.AWARDED, S.NOT_PROCESSED),
            S.REJECTED,
            Can.DECISION_CONFIRM,
            "application.rejected_instead",
            (NAMES_THE_OLD, REASON, *DECISION),
        ),
        Transition(
            "amend_rejection",
            (S.REJECTED,),
            S.REJECTED,
            Can.DECISION_CONFIRM,
            "application.rejection_amended",
            (NAMES_THE_OLD, REASON, *DECISION),
        ),
        Transition(
            "withdraw_award",
            (S.AWARDED,),
            S.WITHDRAWN,
            Can.DECISION_CONFIRM,
            "application.award_withdrawn",
            (NAMES_THE_OLD, REASON, *DECISION),
        ),
        Transition(
            "withdraw",
            UNDECIDED,
            S.WITHDRAWN,
            Can.APPLICATION_WITHDRAW,
            "application.withdrawn",
        ),
        # Brought in from a round file. Outcomes there are history and need no motivation.
        *(
            Transition(
                f"import_{state}",
                (S.DRAFT,),
                state,
                Can.APPLICATION_IMPORT,
                "application.imported",
            )
            for state in (S.IN_REVIEW, S.AWARDED, S.REJECTED, S.NOT_PROCESSED, S.WITHDRAWN)
        ),
    ),
)
