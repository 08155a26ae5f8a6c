"""Decisions that were announced, and others that take their place."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Decision, LedgerLine, Mandate
from subsidy.services import announcements, basis_gathering, confirming, later_decisions, proposing
from subsidy.services.basis import CodedGround
from subsidy.services.proposal import Proposal, suggest
from tests.factories import MOMENT
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.grounds import GROUNDS
from workflows.mandates import DecisionKind
from workflows.snapshot import Decision as Outcome

FIRST_DAY = MOMENT.date()
# A week after the first decisions were announced.
AFTER = MOMENT + timedelta(days=7)
DAY = AFTER.date()


def coded(*codes: str) -> tuple[CodedGround, ...]:
    """Give these grounds of the law as a proposal holds them."""
    found = [GROUNDS[code] for code in codes]
    return tuple(CodedGround(code=one.code, article=one.article, text=one.text.nl) for one in found)


WITHDRAWAL = Proposal(
    Outcome.WITHDRAWN,
    DAY,
    kind=DecisionKind.WITHDRAWAL,
    reason="U hebt zelf om intrekking gevraagd.",
    motivation="Het project gaat niet door.",
    coded=coded("own_request"),
)

CORRECTION = Proposal(
    Outcome.AWARDED,
    DAY,
    amount_cents=TEN_THOUSAND,
    motivation="De begroting was goed.",
    starts_on=DAY,
    kind=DecisionKind.CORRECTION,
    reason="Een schrijffout in de datum.",
    coded=coded("manifest_error"),
)
REMEDY = Proposal(
    Outcome.AWARDED,
    DAY,
    amount_cents=TEN_THOUSAND,
    motivation="Het bezwaar is gegrond.",
    starts_on=DAY,
    kind=DecisionKind.REMEDY,
    reason="Uw bezwaar is gegrond.",
    remedy_of="Bezwaar van 1 april 2026",
    coded=coded("after_objection"),
)


def make_decided(scores: tuple[int, ...] = (5, 4, 3), *, ceiling_cents: int = 2_000_000) -> Scene:
    """A round of which every application was decided as the division says, and announced."""
    scene = make_scene(scores, ceiling_cents=ceiling_cents)
    for decision in propose_divided(scene, announce_on=FIRST_DAY):
        scene.confirm(decision)
        post(scene, decision, at=MOMENT)
    return scene


def mandate_of(scene: Scene) -> int:
    """Give the mandate of who confirms in this round; others may hold one too."""
    return db.session.scalars(select(Mandate.id).where(Mandate.user_id == scene.confirmer.user_id)).one()


def propose_divided(scene: Scene, *, announce_on: date) -> list[Decision]:
    """Propose what the division gives, in the order of the scene."""
    gathered = basis_gathering.gather(scene.round)
    signed = mandate_of(scene)
    return [
        proposing.propose(
            one,
            replace(suggest(gathered[one.id], announce_on=announce_on), mandate_id=signed),
            actor=scene.proposer,
            now=MOMENT,
            gathered=gathered,
        )
        for one in scene.applications
    ]


def post(scene: Scene, decision: Decision, *, at: datetime) -> None:
    """Announce a confirmed decision by post."""
    announcements.announce_by_post(decision.application, actor=scene.confirmer, now=at)
    db.session.flush()
    db.session.expire_all()


def moving_up(scene: Scene, application: Application, cents: int = 1_000_000) -> Proposal:
    """Give the proposal that moves somebody up from the reserve list."""
    return Proposal(
        Outcome.AWARDED,
        DAY,
        amount_cents=cents,
        ground=None if cents >= application.requested_cents else "ceiling",
        motivation="De aanvraag is geschikt en er kwam geld vrij.",
        starts_on=DAY,
        kind=DecisionKind.RESERVE,
        reason="Er kwam geld vrij.",
    )


def propose(scene: Scene, number: int, proposal: Proposal) -> Decision:
    """Propose a later decision as the first officer."""
    application = scene.applications[number]
    signed = replace(proposal, mandate_id=mandate_of(scene))
    return later_decisions.propose_later(application, signed, actor=scene.proposer, now=AFTER)


def confirm(scene: Scene, decision: Decision) -> Decision:
    """Confirm it as the second."""
    return confirming.confirm(
        decision.application, letter_sha256=scene.letter(decision), actor=scene.confirmer, now=AFTER
    )


def carry_out(scene: Scene, number: int, proposal: Proposal) -> Decision:
    """Propose, confirm and announce."""
    decision = confirm(scene, propose(scene, number, proposal))
    post(scene, decision, at=AFTER)
    return decision


def in_force_of(application: Application) -> Decision:
    """Give the decision in force."""
    found = later_decisions.find_in_force(application)
    assert found is not None
    return found


def lines(scene: Scene) -> list[tuple[int, str, int]]:
    """Give the lines of the ledger: the decision, the kind, the cents."""
    query = (
        select(LedgerLine.decision_id, LedgerLine.kind, LedgerLine.cents)
        .where(LedgerLine.round_id == scene.round.id)
        .order_by(LedgerLine.id)
    )
    return [(decision, kind, cents) for decision, kind, cents in db.session.execute(query)]
