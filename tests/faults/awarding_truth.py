"""What must be true after a play (see awarding), whoever was first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import Application, CeilingChange, Decision, Event, LedgerLine, ProposalBatch, Round
from subsidy.services import events, ledger, snapshots
from subsidy.services.decisions import ANOTHER_SIGNS
from subsidy.services.in_force import in_force, pending, taken
from subsidy.wording.decisions import decision_refusal
from subsidy.wording.ledger import ceiling_refusal
from tests.faults.awarding import Play
from workflows.later import FROM_THE_LIST
from workflows.mandates import DecisionKind
from workflows.rules import Distribution

# Where an application of a play is before its decision.
UNDECIDED = "in_review"
# A permission that is refused is told by a page of its own.
PERMISSIONS = {"decision:confirm", "decision:propose", "letter:announce"}


def faults(play: Play) -> Iterator[str]:
    """Tell what is not as it must be."""
    yield from play.broken
    round_ = db.session.get_one(Round, play.round_id, populate_existing=True)
    yield from _money(round_)
    yield from _standing(round_)
    yield from _succession(round_)
    yield from _places(round_)
    yield from _overtaking(round_)
    if not events.holds(round_.id):
        yield "the chain of events is broken"
    for what, counted in left_behind(round_).items():
        if counted != play.done[what]:
            yield f"{play.done[what]} times {what} was told done, and {counted} are there"
    for about, code in play.refused:
        if _is_wordless(about, code):
            yield f"the refusal {code} of {about} has no words"


def left_behind(round_: Round) -> Counter[str]:
    """Count what the database holds of what was told done: nothing is lost, nothing done twice."""
    mine = Decision.round_id == round_.id
    anew = Decision.return_reason == ANOTHER_SIGNS
    found = Counter(
        {
            "confirmed": _count(mine, Decision.confirmed_at.is_not(None)),
            "announced": _count(mine, Decision.announced_at.is_not(None)),
            "sent back": _count(mine, Decision.returned_at.is_not(None), ~anew),
            "signed anew": _count(mine, anew),
            "ceiling changed": db.session.scalar(
                select(func.count(CeilingChange.id)).where(CeilingChange.round_id == round_.id)
            ),
            "batch proposed": db.session.scalar(
                select(func.count(ProposalBatch.id)).where(
                    ProposalBatch.round_id == round_.id, ProposalBatch.finished_at.is_not(None)
                )
            ),
        }
    )
    # Who signs anew draws the same proposal once more.
    for kind in DecisionKind:
        here = Decision.kind == kind.value
        found[f"proposed {kind}"] = _count(mine, here) - _count(mine, here, anew)
    return found


def confirmed_kinds(round_: Round) -> Counter[str]:
    """Count the decisions that were taken, by what they are."""
    rows = db.session.execute(
        select(Decision.kind, func.count(Decision.id))
        .where(Decision.round_id == round_.id, Decision.confirmed_at.is_not(None))
        .group_by(Decision.kind)
    )
    return Counter({f"confirmed {kind}": number for kind, number in rows})


def _money(round_: Round) -> Iterator[str]:
    booked = _sum(LedgerLine.round_id == round_.id, LedgerLine.kind != ledger.OUTSIDE)
    if not 0 <= round_.promised_cents <= round_.ceiling_cents:
        yield f"{round_.promised_cents} is promised of {round_.ceiling_cents}"
    if round_.promised_cents != booked:
        yield f"{round_.promised_cents} is promised and {booked} booked"
    if not ledger.fits(round_):
        yield "the ledger does not fit the decisions"


def _standing(round_: Round) -> Iterator[str]:
    """Tell where more than one decision counts, or an application does not follow the one that does."""
    for name, counts in (("in force", in_force()), ("pending", pending()), ("taken", taken())):
        rows = db.session.execute(
            select(Decision.application_id, func.count(Decision.id))
            .where(Decision.round_id == round_.id, counts)
            .group_by(Decision.application_id)
            .having(func.count(Decision.id) > 1)
        )
        for application_id, number in rows:
            yield f"{number} decisions are {name} on application {application_id}"
    rows = db.session.execute(
        select(Application.id, Application.state, Decision.outcome)
        .outerjoin(Decision, (Decision.application_id == Application.id) & taken())
        .where(Application.round_id == round_.id)
    )
    for application_id, state, outcome in rows:
        if state != (outcome or UNDECIDED):
            yield f"application {application_id} is {state}, and its decision says {outcome}"


def _succession(round_: Round) -> Iterator[str]:
    """Tell of decisions that were replaced by nothing, or not by what was announced in their place."""
    later = aliased(Decision)
    rows = db.session.execute(
        select(Decision.id, Decision.replaced_at, func.count(later.id))
        .outerjoin(later, (later.replaces_id == Decision.id) & later.announced_at.is_not(None))
        .where(Decision.round_id == round_.id)
        .group_by(Decision.id)
    )
    for decision_id, replaced_at, successors in rows:
        if successors != (0 if replaced_at is None else 1):
            yield f"decision {decision_id} was replaced at {replaced_at} by {successors}"


def _places(round_: Round) -> Iterator[str]:
    """Tell of places on the reserve list that more than one application has."""
    rows = db.session.execute(
        select(Decision.reserve_place, func.count(Decision.application_id.distinct()))
        .where(
            Decision.round_id == round_.id,
            Decision.reserve_place.is_not(None),
            Decision.returned_at.is_(None),
            Decision.replaced_at.is_(None),
        )
        .group_by(Decision.reserve_place)
    )
    for place, applications in rows:
        if applications > 1:
            yield f"{applications} applications have place {place} on the reserve list"


@dataclass
class _File:
    """An application as the chain of events tells of it so far."""

    reference: str
    requested_cents: int
    standing: Decision | None = None
    later: Decision | None = None

    def turn(self) -> tuple[bool, int, str] | None:
        """Give its place on the list, to compare with others; None when it has none."""
        said = self.standing
        if said is None:
            return None
        part = (said.outcome, said.ground) == (
            "awarded",
            "ceiling",
        ) and said.amount_cents < self.requested_cents
        if part:
            return (False, said.basis["rank"] or 0, self.reference)
        waits = said.outcome == "rejected" and said.reserve_place is not None
        return (True, said.reserve_place or 0, self.reference) if waits else None


@dataclass
class _Story:
    """The round, told again from its chain of events: an account of the list that no query shares."""

    files: dict[int, _File]
    # The last event sent back what is now drawn again for another to sign: it was judged when it was new.
    signed_anew: bool = False

    def proposed(self, decision: Decision) -> Iterator[str]:
        """Look who is passed over by this proposal."""
        mine = self.files[decision.application_id]
        if decision.kind in FROM_THE_LIST and not self.signed_anew:
            turn = mine.turn()
            if turn is None:
                yield f"decision {decision.id} moves up what is not on the list"
                return
            for other in self.files.values():
                theirs = other.turn()
                if other is not mine and other.later is None and theirs is not None and theirs < turn:
                    yield f"decision {decision.id} at {turn} passes over {theirs}"
        if decision.replaces_id is None:
            mine.standing = decision
        else:
            mine.later = decision

        self.signed_anew = False

    def returned(self, decision: Decision) -> None:
        """Forget a proposal."""
        mine = self.files[decision.application_id]
        self.signed_anew = decision.return_reason == ANOTHER_SIGNS
        if decision.replaces_id is None:
            mine.standing = None
        else:
            mine.later = None

    def posted(self, decision: Decision) -> None:
        """Let it take the place of the old one."""
        mine = self.files[decision.application_id]
        mine.standing, mine.later = decision, None


def _overtaking(round_: Round) -> Iterator[str]:
    """Tell who moved up before somebody with an earlier place, or while others were still undecided."""
    rows = db.session.execute(
        select(Application.id, Application.reference, Application.requested_cents).where(
            Application.round_id == round_.id
        )
    )
    story = _Story({id_: _File(reference or "", cents) for id_, reference, cents in rows})
    decisions = {
        one.id: one for one in db.session.scalars(select(Decision).where(Decision.round_id == round_.id))
    }
    compares = snapshots.definition_of(round_).rules.distribution is not Distribution.FIRST_COME
    told = db.session.execute(
        select(Event.name, Event.facts)
        .where(Event.chain == events.chain_of(round_.id), Event.name.like("decision.%"))
        .order_by(Event.sequence)
    )
    for name, facts in told:
        decision = decisions[facts["decision"]]
        if name == "decision.proposed":
            if compares and decision.kind in FROM_THE_LIST and not story.signed_anew:
                waiting = [one.reference for one in story.files.values() if one.standing is None]
                if waiting:
                    yield f"decision {decision.id} goes before {waiting}, who have no proposal"
            yield from story.proposed(decision)
        elif name == "decision.returned":
            story.returned(decision)
        elif name == "decision.posted":
            story.posted(decision)


def _is_wordless(about: str, code: str) -> bool:
    if about == "permission":
        return code not in PERMISSIONS
    said = ceiling_refusal(code, {}) if about == "ceiling" else decision_refusal(code)
    return said == code


def _count(*where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(Decision.id)).where(*where)) or 0


def _sum(*where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.coalesce(func.sum(LedgerLine.cents), 0)).where(*where)) or 0
