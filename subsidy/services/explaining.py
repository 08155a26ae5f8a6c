"""Why a decision is as it is: all that it rests on, gathered for who may look.

What the rules read comes from the round that was frozen with it, what people wrote from the decision
itself. Reviewers are numbers here: who they are is for another page, with other rights.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from subsidy.db import db
from subsidy.models import Decision, Event, LedgerLine, User
from subsidy.services import frozen, thawed
from subsidy.services.basis import Basis
from subsidy.services.calculations import Material
from subsidy.services.decisions import basis_of
from subsidy.services.differences import Lack
from subsidy.services.findings import Found
from subsidy.services.thawed import Thawed
from workflows import eligibility, explanation
from workflows.eligibility import Finding, FindingOutcome
from workflows.explanation import Part, Sharing, Turn
from workflows.scoring import Ranked, counted_reviews
from workflows.snapshot import ApplicationSnapshot, Review

EACH_SIDE = 5
# In a picture there is room for more.
IN_THE_PICTURE = 30


@dataclass(frozen=True, slots=True)
class Then:
    """The frozen round, seen from one application of it.

    `near` are the turns around it for a table, `shown` those for a picture; `ends_after` is the rank of the
    last that got money, 0 when nobody did.
    """

    material: Material
    application: ApplicationSnapshot
    ranked: Ranked
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    reviews: tuple[Review, ...]
    turn: Turn | None
    turns: tuple[Turn, ...]
    sharing: Sharing | None

    @property
    def near(self) -> Sequence[Turn]:
        """Who stands around it."""
        return explanation.around(self.turns, self.application.reference, each_side=EACH_SIDE)

    @property
    def shown(self) -> Sequence[Turn]:
        """The same, wider."""
        return explanation.around(self.turns, self.application.reference, each_side=IN_THE_PICTURE)

    @property
    def ends_after(self) -> int:
        """The rank of the last that got money."""
        return max((one.rank for one in self.turns if one.paid), default=0)

    @property
    def uncounted(self) -> int:
        """How many reviews do not count: with an interest, or not complete."""
        return len(self.application.reviews) - len(self.reviews)

    @property
    def agreed(self) -> frozenset[str]:
        """The criteria on which the committee agreed a score."""
        return frozenset(self.application.panel.scores if self.application.panel else ())

    @property
    def verdict(self) -> bool | None:
        """What the office itself found: eligible or not; None where the checks alone decide."""
        return self.material.verdicts.get(self.application.reference)

    @property
    def judged(self) -> tuple[Found, ...] | None:
        """What had failed when the office gave its verdict, as frozen; None where it judged on nothing."""
        found = (self.material.found or {}).get(self.application.reference)
        if found is None:
            return None
        return tuple(Found(one.check, FindingOutcome.FAILED, one.params, one.basis) for one in found)

    @property
    def unfrozen(self) -> bool:
        """Whether there is a verdict, of which what it was given on was not frozen."""
        return self.verdict is not None and self.material.found is None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision with all that it rests on.

    Without `then` the round is not there: `lack` says why, or it is damaged. `others` are the other decisions
    on the same application, oldest first; `names` are of the officers in all of them, by id.
    """

    decision: Decision
    basis: Basis | None
    then: Then | None
    lack: Lack | None
    damaged: bool
    lines: Sequence[LedgerLine]
    events: Sequence[Event]
    others: Sequence[Decision]
    names: dict[int, str]


def find_decision(application_id: int, decision_id: int) -> Decision | None:
    """Return this decision on this application."""
    return db.session.scalars(
        select(Decision)
        .options(selectinload(Decision.mandate))
        .where(Decision.id == decision_id, Decision.application_id == application_id)
    ).one_or_none()


def explain(decision: Decision, again: Thawed | None = None) -> Explanation:
    """Gather what a decision rests on; the number of queries never grows with the round.

    `again` is its frozen round for who just made it anew; else what is kept of it serves, once its bytes
    were checked.
    """
    basis = None if decision.imported else basis_of(decision)
    then, damaged = None, False
    if basis is not None and decision.frozen_sha256 is not None:
        try:
            then = _then(again or _look(decision.frozen_sha256), basis.reference)
        except frozen.FrozenDamagedError:
            damaged = True
    here = Decision.application_id == decision.application_id
    others = db.session.scalars(
        select(Decision).where(here, Decision.id != decision.id).order_by(Decision.id)
    ).all()
    return Explanation(
        decision=decision,
        basis=basis,
        then=then,
        lack=_lack(decision),
        damaged=damaged,
        lines=db.session.scalars(
            select(LedgerLine).where(LedgerLine.decision_id == decision.id).order_by(LedgerLine.id)
        ).all(),
        events=db.session.scalars(
            select(Event).where(Event.application_id == decision.application_id).order_by(Event.sequence)
        ).all(),
        others=others,
        names=_names([decision, *others]),
    )


def _lack(decision: Decision) -> Lack | None:
    if decision.imported:
        return Lack.IMPORTED
    return Lack.NOT_FROZEN if decision.frozen_sha256 is None else None


def _look(digest: str) -> Thawed:
    stored = frozen.contents_of({digest}).get(digest, b"")
    frozen.read(digest, stored)
    return thawed.look(digest, stored)


def _then(found: Thawed, reference: str) -> Then | None:
    """Look at the frozen round from one application; None for one that was not in it."""
    material = found.material
    application = next((one for one in material.applications if one.reference == reference), None)
    if application is None:
        return None
    ranked = next(one for one in found.ranking if one.reference == reference)
    rules = material.round.rules
    turns = explanation.turns_of(
        found.ranking, found.division, material.applications, material.round.ceiling_cents
    )
    screening = eligibility.screen_one(
        material.round, application, material.applications, material.reference, material.awards
    )
    return Then(
        material=material,
        application=application,
        ranked=ranked,
        parts=explanation.parts_of(rules.criteria, ranked.criteria),
        findings=screening.findings,
        reviews=counted_reviews(rules, application),
        turn=next((one for one in turns if one.reference == reference), None),
        turns=turns,
        sharing=explanation.sharing_of(rules, turns, material.round.ceiling_cents),
    )


def _names(decisions: Sequence[Decision]) -> dict[int, str]:
    wanted = {
        user_id
        for one in decisions
        for user_id in (one.proposed_by, one.confirmed_by, one.returned_by)
        if user_id is not None
    }
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())
