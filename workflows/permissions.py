"""Who may do what: predicates joined with `&`, `|` and `~`, one line of policy per permission.

`may` answers *who*; the machines answer *when*. A permission looks at the state of an application
only where no transition follows that would look at it (reading, editing, scoring).

The rules on conflicts of interest (Awb 2:4, and the code for dealing with personal interests) are
two predicates: who has a conflict on a file sees nothing of that file, and until the decisions are
announced nothing of the ranking of its round, because gaps in a ranking reveal. Who takes part in
an application of a round holds no office in that round at all.
"""

from collections.abc import Mapping
from types import MappingProxyType

from workflows.actors import ANONYMOUS, DOOR, NOTHING, SYSTEM, Access, Actor, Grant, Role, Target
from workflows.can import Can
from workflows.predicates import (
    Predicate,
    announced,
    another_declared,
    another_proposed,
    assigned,
    committee,
    conflicted,
    declared,
    declared_round,
    development,
    everyone,
    everywhere,
    handed_in,
    involved,
    logged_in,
    mandated,
    member,
    own_account,
    phase,
    ranking_barred,
    recused,
    role,
    serving,
    somebody_elses,
    state,
    system,
    without_members,
)
from workflows.states import ApplicationState, Phase

__all__ = [
    "ANONYMOUS",
    "DOOR",
    "NOTHING",
    "POLICY",
    "SYSTEM",
    "Access",
    "Actor",
    "Can",
    "Grant",
    "Predicate",
    "Role",
    "Target",
    "may",
    "rounds_of",
]

# Clear of the file: may see its content. Clear of the ranking: may see how files compare.
clear = ~conflicted & ~recused & ~involved
clear_of_ranking = clear & ~ranking_barred
# A draft is private to its members; an unknown state is treated as one.
sent_in = Predicate("sent in", lambda _, target: target.state not in {None, ApplicationState.DRAFT})
officer = role(Role.OFFICER)
# The officer acts for an applicant who sends paper.
paper = officer & clear & without_members
office = role(Role.OFFICER, Role.CHAIR, Role.FINANCE, Role.AUDITOR)
reviewer = role(Role.REVIEWER, Role.CHAIR)
# With the last decision announced a round is over, and with it what reviewers may read.
running = ~phase(Phase.DECIDED, Phase.EVALUATED)
# Who advises on a round together, with the office that keeps the minutes.
panel = role(Role.CHAIR, Role.OFFICER) | (role(Role.REVIEWER) & committee & running)
published = Predicate("published", lambda _, target: target.round_phase not in {None, Phase.PREPARATION})

# A signature may follow the application, as long as nothing was found about it.
OPEN_TO_SIGN = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.SUPPLEMENT_REQUESTED,
)
OPEN_TO_COPY = (
    ApplicationState.REJECTED,
    ApplicationState.NOT_PROCESSED,
    ApplicationState.WITHDRAWN,
)

POLICY: Mapping[Can, Predicate] = MappingProxyType(
    {
        Can.ROUND_LIST_PUBLIC: everyone,
        Can.ROUND_VIEW_PUBLIC: published,
        Can.ROUND_VIEW: (office | role(Role.EVALUATOR)) & ~involved,
        Can.ROUND_CREATE: everywhere(Role.OFFICER),
        Can.ROUND_EDIT: officer & ~involved,
        Can.ROUND_PUBLISH: officer & ~involved,
        Can.ROUND_SET_PHASE: officer & ~involved,
        Can.ROUND_CLOSE: officer & clear_of_ranking,
        Can.ROUND_EVALUATE: (officer | role(Role.EVALUATOR)) & clear_of_ranking,
        Can.ROUND_IMPORT: system | everywhere(Role.OFFICER),
        Can.ROUND_EXPORT: system | (role(Role.OFFICER, Role.AUDITOR) & clear_of_ranking),
        Can.ACCOUNT_REGISTER: everyone,
        Can.ACCOUNT_LOGIN: everyone,
        Can.ACCOUNT_MANAGE_OWN: logged_in & ~somebody_elses,
        Can.GRANTS_VIEW: everywhere(Role.ADMINISTRATOR, Role.AUDITOR),
        # Nobody gives a role to oneself; the first administrator is made on the command line.
        Can.GRANTS_MANAGE: system | (everywhere(Role.ADMINISTRATOR) & ~own_account),
        Can.APPLICATION_LIST_OWN: logged_in,
        Can.APPLICATION_START: role(Role.APPLICANT) & phase(Phase.OPEN),
        Can.APPLICATION_VIEW_OWN: member(Access.VIEW),
        Can.APPLICATION_EDIT: member(Access.EDIT) & state(ApplicationState.DRAFT),
        Can.APPLICATION_DELETE: member(Access.LEAD) & state(ApplicationState.DRAFT),
        Can.APPLICATION_SUBMIT: member(Access.LEAD),
        Can.APPLICATION_WITHDRAW: member(Access.LEAD) | (paper & sent_in),
        Can.APPLICATION_SIGN: member(Access.SIGN) & state(*OPEN_TO_SIGN),
        # What was announced is the service's to know; a state from before that would tell of it.
        Can.APPLICATION_COPY: member(Access.EDIT) & sent_in,
        Can.MEMBERS_VIEW: member(Access.VIEW),
        Can.MEMBERS_MANAGE: member(Access.LEAD),
        Can.INVITATION_OPEN: everyone,
        Can.INVITATION_ACCEPT: logged_in,
        Can.INBOX_READ: member(Access.VIEW) & sent_in,
        Can.PAPER_ASK: (member(Access.EDIT) | (officer & clear)) & sent_in,
        Can.MESSAGE_READ_OWN: member(Access.VIEW) & sent_in,
        Can.MESSAGE_WRITE_OWN: member(Access.EDIT) & sent_in,
        Can.QUESTION_ASK: logged_in & published,
        Can.APPLICATION_SUPPLEMENT: (
            (member(Access.EDIT) | paper) & state(ApplicationState.SUPPLEMENT_REQUESTED)
        ),
        Can.APPLICATION_READ_LETTER: member(Access.VIEW) & announced,
        Can.REBUTTAL_WRITE: member(Access.EDIT) & state(ApplicationState.REBUTTAL),
        Can.APPLICATION_LIST: office & ~involved,
        Can.APPLICATION_VIEW: office & clear & sent_in,
        Can.APPLICATION_ENTER_PAPER: paper & ~sent_in,
        Can.APPLICATION_IMPORT: system,
        Can.MESSAGE_READ: office & clear & sent_in,
        Can.MESSAGE_WRITE: officer & clear & sent_in,
        Can.QUESTION_ANSWER: officer & ~involved,
        # Also for a draft, which the officer does not see: asked of the round, with the number of the draft.
        Can.DEADLINE_EXTEND: officer & ~involved,
        # Give the leadership to another member when the leader of a collaboration is gone.
        Can.MEMBERS_RESCUE: officer & clear & sent_in,
        Can.SCREENING_WORK: officer & clear & sent_in,
        Can.SCREENING_VERDICT: officer & clear & sent_in,
        Can.SUPPLEMENT_REQUEST: officer & clear & sent_in,
        Can.ASSIGNMENT_MANAGE: officer & clear & sent_in,
        Can.REBUTTAL_MANAGE: system | (officer & clear & sent_in),
        # Who applies is shown to report every interest; a referent is asked per file that is assigned.
        Can.CONFLICT_REPORT: (
            role(Role.CHAIR, Role.OFFICER, Role.FINANCE) | (role(Role.REVIEWER) & committee & running)
        ),
        # On a file from which somebody is barred, what others declared is hidden too; the own never is.
        Can.CONFLICT_VIEW: role(Role.CHAIR, Role.OFFICER, Role.AUDITOR) & (clear | (own_account & ~involved)),
        # On the chair's own declaration another chair decides: the deputy.
        Can.CONFLICT_DECIDE: role(Role.CHAIR) & clear & another_declared,
        Can.POOL_MANAGE: officer & ~involved,
        Can.CALIBRATION_MANAGE: officer & ~involved,
        Can.REVIEW_LIST_OWN: reviewer,
        Can.REVIEWER_PROFILE: reviewer,
        # Also for who is involved: reporting an interest is exactly what is asked then.
        Can.REVIEW_DECLARE_INTEREST: reviewer & assigned & serving & running,
        Can.REVIEW_VIEW_FILE: reviewer & assigned & serving & declared & clear & running,
        Can.REVIEW_WRITE: (
            reviewer & assigned & serving & declared & clear & running & state(ApplicationState.IN_REVIEW)
        ),
        Can.REVIEW_READ_OTHERS: (
            reviewer & assigned & serving & declared & handed_in & clear_of_ranking & running
        ),
        Can.REVIEW_REOPEN: officer & clear & sent_in,
        # A trial application is nobody's: no interest can bar anyone from it.
        Can.CALIBRATION_SCORE: reviewer & serving & running,
        Can.REVIEW_READ_ALL: role(Role.CHAIR, Role.OFFICER, Role.AUDITOR) & clear & sent_in,
        Can.ADVICE_RECORD: role(Role.CHAIR, Role.OFFICER) & clear_of_ranking & sent_in,
        # The list behind it holds the meetings of the rounds on whose committee somebody sits.
        Can.PANEL_LIST: role(Role.REVIEWER, Role.CHAIR, Role.OFFICER, Role.AUDITOR),
        # A conflicted member takes part in the other files, and sees no order and no total.
        Can.PANEL_VIEW: (panel | role(Role.AUDITOR)) & ~involved,
        Can.PANEL_FILE: panel & declared_round & clear & sent_in,
        Can.PANEL_LEAD: role(Role.CHAIR, Role.OFFICER) & ~involved,
        Can.PANEL_DISCUSS: role(Role.CHAIR, Role.OFFICER) & declared_round & clear & sent_in,
        Can.PANEL_RANKING: (panel | role(Role.AUDITOR)) & clear_of_ranking,
        Can.PANEL_ORDER: role(Role.CHAIR, Role.OFFICER) & clear_of_ranking,
        Can.MINUTES_CONFIRM: role(Role.CHAIR) & clear_of_ranking,
        Can.CERTAINTY_VIEW: role(Role.CHAIR, Role.EVALUATOR) & clear_of_ranking,
        Can.RANKING_VIEW: office & clear_of_ranking,
        Can.DECISION_PROPOSE: officer & clear_of_ranking & sent_in,
        # Four eyes, of which the second has the mandate (Awb 10:3) that the letter names.
        Can.DECISION_CONFIRM: officer & clear_of_ranking & sent_in & another_proposed & mandated,
        # A whole round at once: propose what the division gives, send the letters of today.
        Can.DECISIONS_MANAGE: officer & clear_of_ranking,
        Can.DECISION_EXPLAIN: office & clear_of_ranking & sent_in,
        Can.SCENARIO_VIEW: office & clear_of_ranking,
        Can.SCENARIO_MANAGE: officer & clear_of_ranking,
        Can.LEDGER_VIEW: office & clear_of_ranking,
        Can.CEILING_CHANGE: officer & clear_of_ranking,
        # What the office intends to decide on one file says nothing of how it compares.
        Can.HEARING_VIEW: office & clear & sent_in,
        Can.HEARING_MANAGE: officer & clear & sent_in,
        Can.HEARING_ANSWER: member(Access.EDIT) & sent_in,
        Can.MANDATES_VIEW: everywhere(Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR, Role.FINANCE),
        Can.MANDATES_MANAGE: everywhere(Role.ADMINISTRATOR) & ~own_account,
        Can.LETTER_VIEW: office & clear_of_ranking & sent_in,
        Can.LETTER_ANNOUNCE: officer & clear_of_ranking & sent_in,
        # Whoever holds a letter may ask whether it is genuine.
        Can.LETTER_VERIFY: everyone,
        Can.LETTERS_SEND: officer & clear_of_ranking,
        Can.WORDING_VIEW: office & ~involved,
        Can.WORDING_EDIT: officer & ~involved,
        Can.LETTERHEAD_EDIT: everywhere(Role.ADMINISTRATOR),
        Can.DELAY_NOTIFY: officer & clear & sent_in,
        Can.STATISTICS_VIEW: (office | role(Role.EVALUATOR)) & clear_of_ranking,
        Can.STATISTICS_EXPORT: (office | role(Role.EVALUATOR)) & clear_of_ranking,
        Can.EVENTS_VIEW: role(Role.OFFICER, Role.AUDITOR) & clear_of_ranking,
        Can.OUTBOX_VIEW: everywhere(Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR),
        Can.OUTBOX_RETRY: everywhere(Role.OFFICER, Role.ADMINISTRATOR),
        Can.MAIL_VIEW_DEV: development,
        Can.SYSTEM_RUN: system,
    }
)


def may(actor: Actor, can: Can, target: Target = NOTHING) -> bool:
    """Whether this actor may do this to that."""
    return POLICY[can](actor, target)


def rounds_of(actor: Actor, *roles: Role) -> frozenset[int] | None:
    """Return the ids of the rounds on which the actor holds one of these roles, for queries.

    None means all rounds.
    """
    held = [grant.round_id for grant in actor.grants if grant.role in roles]
    if None in held:
        return None
    return frozenset(round_id for round_id in held if round_id is not None)
