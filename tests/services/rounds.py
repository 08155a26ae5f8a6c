"""A round that waits for its decisions, and the people who take them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.documents.decision_letters import make_letter
from subsidy.models import Application, Decision, ProposalBatch, Round
from subsidy.services import confirming, proposal_batches
from subsidy.services.batch_proposing import propose_batch
from subsidy.services.proposal_batches import Wish
from tests.drawing import drawn_once
from tests.factories import (
    MOMENT,
    declare,
    give_mandate,
    make_application,
    make_review,
    make_round,
    make_user,
)
from workflows.permissions import Actor, Role

TEN_THOUSAND = 1_000_000


@dataclass
class Scene:
    """A regiobeeld round of which all applications were reviewed; the best score comes first."""

    round: Round
    applications: list[Application]
    proposer: Actor
    confirmer: Actor

    def propose_all(self, announce_on: date, **wish: Any) -> ProposalBatch:
        """Propose what the division gives for the whole round, as the job does."""
        batch = proposal_batches.ask(self.round, Wish(announce_on, **wish), actor=self.proposer, now=MOMENT)
        propose_batch({"batch_id": batch.id})
        db.session.refresh(batch)
        return batch

    def letter(self, decision: Decision) -> str:
        """Draw the letter as the job does; returns its digest."""
        with drawn_once():
            make_letter({"decision_id": decision.id})
        db.session.refresh(decision)
        assert decision.letter_sha256 is not None
        return decision.letter_sha256

    def confirm(self, decision: Decision) -> Decision:
        """Let the second officer confirm what was proposed."""
        return confirming.confirm(
            decision.application, letter_sha256=self.letter(decision), actor=self.confirmer, now=MOMENT
        )


def make_scene(
    scores: tuple[int, ...] = (5, 4, 3), *, ceiling_cents: int = 10 * TEN_THOUSAND, **values: Any
) -> Scene:
    """One application per score, each asking 10,000 euros, with one review that scores it so throughout.

    `values` are those of the round.
    """
    round_ = make_round(
        "regiobeeld",
        opens_at=MOMENT - timedelta(days=60),
        closes_at=MOMENT - timedelta(days=20),
        ceiling_cents=ceiling_cents,
        **values,
    )
    applications = []
    for score in scores:
        application = make_application(
            round_,
            "in_review",
            requested_cents=TEN_THOUSAND,
            submitted_at=MOMENT - timedelta(days=30),
            member=make_user(),
        )
        make_review(application, score=score)
        applications.append(application)
    officers = [make_user(Role.OFFICER) for _ in range(2)]
    for officer in officers:
        declare(officer, round_)
        give_mandate(officer)
    proposer, confirmer = (actor_of(officer) for officer in officers)
    return Scene(round_, applications, proposer, confirmer)
