"""Who may do what: predicates joined with `&`, `|` and `~`, one line of policy per permission.

`may` answers *who*; the machines answer *when*. A permission looks at the state of an application
only where no transition follows that would look at it (reading, editing, scoring).

The rules on conflicts of interest (Awb 2:4, and the code for dealing with personal interests) are
two predicates: who has a conflict on a file sees nothing of that file, and until the decisions are
announced nothing of the ranking of its round, because gaps in a ranking reveal. Who takes part in
an application of a round holds no office in that round at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from workflows.actors import ANONYMOUS, DOOR, NOTHING, SYSTEM, Access, Actor, Grant, Role, Target
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


class Can(StrEnum):
    """Every permission there is."""

    ROUND_LIST_PUBLIC = "round:list_public"
    ROUND_VIEW_PUBLIC = "round:view_public"
    ROUND_VIEW = "round:view"
    ROUND_CREATE = "round:create"
    ROUND_EDIT = "round:edit"
    ROUND_PUBLISH = "round:publish"
    ROUND_SET_PHASE = "round:set_phase"
    ROUND_CLOSE = "round:close"
    ROUND_EVALUATE = "round:evaluate"
    ROUND_IMPORT = "round:import"
    ROUND_EXPORT = "round:export"

    ACCOUNT_REGISTER = "account:register"
    ACCOUNT_LOGIN = "account:login"
    ACCOUNT_MANAGE_OWN = "account:manage_own"
    GRANTS_VIEW = "grants:view"
    GRANTS_MANAGE = "grants:manage"

    APPLICATION_LIST_OWN = "application:list_own"
    APPLICATION_START = "application:start"
    APPLICATION_VIEW_OWN = "application:view_own"
    APPLICATION_EDIT = "application:edit"
    APPLICATION_DELETE = "application:delete"
    APPLICATION_SUBMIT = "application:submit"
    APPLICATION_WITHDRAW = "application:withdraw"
    APPLICATION_SUPPLEMENT = "application:supplement"
    APPLICATION_READ_LETTER = "application:read_letter"
    APPLICATION_SIGN = "application:sign"
    APPLICATION_COPY = "application:copy"
    MEMBERS_VIEW = "members:view"
    MEMBERS_MANAGE = "members:manage"
    INVITATION_OPEN = "invitation:open"
    INVITATION_ACCEPT = "invitation:accept"
    MESSAGE_READ_OWN = "message:read_own"
    MESSAGE_WRITE_OWN = "message:write_own"
    QUESTION_ASK = "question:ask"
    REBUTTAL_WRITE = "rebuttal:write"

    APPLICATION_LIST = "application:list"
    APPLICATION_VIEW = "application:view"
    APPLICATION_ENTER_PAPER = "application:enter_paper"
    APPLICATION_IMPORT = "application:import"
    MESSAGE_READ = "message:read"
    MESSAGE_WRITE = "message:write"
    QUESTION_ANSWER = "question:answer"
    DEADLINE_EXTEND = "deadline:extend"
    MEMBERS_RESCUE = "members:rescue"
    SCREENING_WORK = "screening:work"
    SCREENING_VERDICT = "screening:verdict"
    SUPPLEMENT_REQUEST = "supplement:request"
    ASSIGNMENT_MANAGE = "assignment:manage"
    REBUTTAL_MANAGE = "rebuttal:manage"
    CONFLICT_REPORT = "conflict:report"
    CONFLICT_VIEW = "conflict:view"
    CONFLICT_DECIDE = "conflict:decide"
    POOL_MANAGE = "pool:manage"
    CALIBRATION_MANAGE = "calibration:manage"

    REVIEW_LIST_OWN = "review:list_own"
    REVIEW_DECLARE_INTEREST = "review:declare_interest"
    REVIEW_VIEW_FILE = "review:view_file"
    REVIEW_WRITE = "review:write"
    REVIEW_READ_OTHERS = "review:read_others"
    REVIEW_READ_ALL = "review:read_all"
    REVIEW_REOPEN = "review:reopen"
    REVIEWER_PROFILE = "reviewer:profile"
    CALIBRATION_SCORE = "calibration:score"
    ADVICE_RECORD = "advice:record"
    PANEL_LIST = "panel:list"
    PANEL_VIEW = "panel:view"
    PANEL_FILE = "panel:file"
    PANEL_LEAD = "panel:lead"
    PANEL_DISCUSS = "panel:discuss"
    PANEL_RANKING = "panel:ranking"
    PANEL_ORDER = "panel:order"
    MINUTES_CONFIRM = "minutes:confirm"
    CERTAINTY_VIEW = "certainty:view"

    RANKING_VIEW = "ranking:view"
    DECISION_PROPOSE = "decision:propose"
    DECISION_CONFIRM = "decision:confirm"
    DECISIONS_MANAGE = "decisions:manage"
    LETTER_VIEW = "letter:view"
    LETTER_ANNOUNCE = "letter:announce"

    STATISTICS_VIEW = "statistics:view"
    STATISTICS_EXPORT = "statistics:export"
    EVENTS_VIEW = "events:view"
    OUTBOX_VIEW = "outbox:view"
    OUTBOX_RETRY = "outbox:retry"
    MAIL_VIEW_DEV = "mail:view_dev"
    SYSTEM_RUN = "system:run"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A yes or no about an actor and a target, with the words to print it in documentation."""

    words: str
    test: Callable[[Actor, Target], bool]

    def __call__(self, actor: Actor, target: Target) -> bool:
        """Whether it holds."""
        return self.test(actor, target)

    def __and__(self, other: "Predicate") -> "Predicate":
        """Both hold."""
        return Predicate(
            f"{self.words} and {other.words}",
            lambda actor, target: self.test(actor, target) and other.test(actor, target),
        )

    def __or__(self, other: "Predicate") -> "Predicate":
        """At least one holds."""
        return Predicate(
            f"({self.words} or {other.words})",
            lambda actor, target: self.test(actor, target) or other.test(actor, target),
        )

    def __invert__(self) -> "Predicate":
        """Return the opposite."""
        return Predicate(f"not ({self.words})", lambda actor, target: not self.test(actor, target))


def role(*roles: Role) -> Predicate:
    """Hold one of these roles: on the round of the target, on all, or (at a door) anywhere."""
    wanted = frozenset(roles)

    def holds(actor: Actor, target: Target) -> bool:
        return any(
            grant.role in wanted
            and (target.any_round or grant.round_id is None or grant.round_id == target.round_id)
            for grant in actor.grants
        )

    return Predicate("/".join(roles), holds)


def everywhere(*roles: Role) -> Predicate:
    """Hold one of these roles on all rounds: for what belongs to no round, or to every one."""
    wanted = {Grant(one) for one in roles}
    return Predicate("/".join(roles) + " of all rounds", lambda actor, _: not wanted.isdisjoint(actor.grants))


_RANK = {access.value: rank for rank, access in enumerate(Access)}


def member(least: Access) -> Predicate:
    """Be a member of the collaboration behind the application, with at least this access."""

    def belongs(actor: Actor, target: Target) -> bool:
        access = target.members.get(actor.user_id) if actor.user_id is not None else None
        return access is not None and _RANK[access] >= _RANK[least]

    return Predicate(f"member who may {least}", belongs)


def state(*states: ApplicationState) -> Predicate:
    """Be asked about an application in one of these states; an unknown state is none of them."""
    return Predicate("/".join(states), lambda _, target: target.state in states)


def phase(*phases: Phase) -> Predicate:
    """Be asked about a round in one of these phases; an unknown phase is none of them."""
    return Predicate("/".join(phases), lambda _, target: target.round_phase in phases)


everyone = Predicate("everyone", lambda _actor, _target: True)
system = Predicate("system", lambda actor, _: actor.system)
logged_in = Predicate("logged in", lambda actor, _: actor.user_id is not None)
development = Predicate("development", lambda _, target: target.development)
assigned = Predicate("assigned", lambda actor, target: actor.user_id in target.reviewers)
declared = Predicate(
    "declared no interest", lambda actor, target: actor.user_id in target.declared_no_interest
)
handed_in = Predicate("handed in", lambda actor, target: actor.user_id in target.handed_in)
serving = Predicate("serving in the round", lambda actor, target: actor.user_id in target.serving)
committee = Predicate("on the committee", lambda actor, target: actor.user_id in target.committee)
recused = Predicate("recused from the file", lambda actor, target: actor.user_id in target.recused)
declared_round = Predicate(
    "declared interests in the round", lambda actor, target: actor.user_id in target.declared_round
)
another_declared = Predicate(
    "declared by another",
    lambda actor, target: target.owner_id is not None and target.owner_id != actor.user_id,
)
own_account = Predicate(
    "own account",
    lambda actor, target: actor.user_id is not None and target.owner_id == actor.user_id,
)
somebody_elses = Predicate(
    "somebody else's account",
    lambda actor, target: target.owner_id is not None and target.owner_id != actor.user_id,
)
# An application on paper has no members yet; the draft of somebody else is never opened this way.
without_members = Predicate("without members", lambda _, target: not target.members)
announced = Predicate("announced", lambda _, target: target.announced)
another_proposed = Predicate(
    "proposed by another",
    lambda actor, target: target.proposer_id is not None and target.proposer_id != actor.user_id,
)
# Who is directly involved in an application holds no office in any file of that round.
involved = Predicate(
    "involved in the round",
    lambda actor, target: actor.user_id in target.members or actor.user_id in target.round_members,
)
conflicted = Predicate("conflicted on the file", lambda actor, target: actor.user_id in target.conflicted)
ranking_barred = Predicate(
    "conflicted in a round not yet announced",
    lambda actor, target: (
        not target.decisions_announced
        and (actor.user_id in target.round_conflicted or actor.user_id in target.conflicted)
    ),
)

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
        # That the decision was announced is the service's to know; before that it is in treatment.
        Can.APPLICATION_COPY: member(Access.EDIT) & state(*OPEN_TO_COPY),
        Can.MEMBERS_VIEW: member(Access.VIEW),
        Can.MEMBERS_MANAGE: member(Access.LEAD),
        Can.INVITATION_OPEN: everyone,
        Can.INVITATION_ACCEPT: logged_in,
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
        Can.DECISION_CONFIRM: officer & clear_of_ranking & sent_in & another_proposed,
        # A whole round at once: propose what the division gives, send the letters of today.
        Can.DECISIONS_MANAGE: officer & clear_of_ranking,
        Can.LETTER_VIEW: office & clear_of_ranking & sent_in,
        Can.LETTER_ANNOUNCE: officer & clear_of_ranking & sent_in,
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
