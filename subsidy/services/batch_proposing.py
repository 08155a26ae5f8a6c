"""The job that proposes for a whole round what its division gives.

It reads the round once and commits in slices, so that the page shows how far it is, others can write in
between, and a worker that is killed goes on where it was: what was proposed or refused is not tried again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db, reading
from subsidy.models import Application, Decision, Mandate, ProposalBatch, Round, User
from subsidy.services import basis_gathering, competing, frozen, mandates, standing, taken_places
from subsidy.services.basis import Basis
from subsidy.services.basis_gathering import Gathered
from subsidy.services.competing import Competition
from subsidy.services.decisions import DecisionError
from subsidy.services.grants import actor_of
from subsidy.services.interest_rounds import covered_ids
from subsidy.services.proposal import Proposal, suggest
from subsidy.services.proposal_batches import NOT_ALLOWED, finish, lock, refusal_of, waiting_for
from subsidy.services.proposal_writing import Case, Shared, record, take
from workflows.machine import TransitionError
from workflows.permissions import Actor, Can, may

SLICE = 100


def propose_batch(payload: Mapping[str, Any]) -> None:
    """Outbox handler: propose what a batch asks for, and tell what could not be proposed."""
    batch = db.session.get(ProposalBatch, payload["batch_id"])
    if batch is None or batch.finished_at is not None:
        return
    round_ = db.session.get_one(Round, batch.round_id)
    db.session.commit()
    with reading():  # dividing takes seconds, and nobody has to wait with writing for it
        gathered = basis_gathering.gather(round_)
        competition = competing.of_round(round_, now=clock.read())
        queue = _queue(batch, gathered)
        db.session.rollback()
    digest = frozen.keep(round_, gathered.material, now=clock.read())
    lock(batch)
    batch.total = batch.proposed + len(batch.refused) + len(queue)
    db.session.commit()
    for start in range(0, len(queue), SLICE):
        if not _propose_slice(batch, queue[start : start + SLICE], gathered, digest, competition):
            return
    lock(batch)
    if batch.finished_at is None:
        finish(batch, now=clock.read())
    db.session.commit()


def _queue(batch: ProposalBatch, gathered: Gathered) -> list[int]:
    """Give what has to be proposed: first what the ranking leaves out, then in its order.

    What is refused itself holds up no other, and where the order of receipt decides, the first goes first.
    """
    waiting = set(db.session.scalars(select(Application.id).where(waiting_for(batch))))
    chosen = None if batch.chosen is None else frozenset(batch.chosen)

    def wanted(basis: Basis) -> bool:
        if basis.reference in batch.refused or (chosen is not None and basis.reference not in chosen):
            return False
        return batch.outcome is None or _suggested(batch, basis).outcome == batch.outcome

    found = [(id_, basis) for id_, basis in gathered.items() if id_ in waiting and wanted(basis)]
    return [id_ for id_, _basis in sorted(found, key=lambda one: (one[1].rank or 0, one[1].reference))]


def _propose_slice(
    batch: ProposalBatch, ids: Sequence[int], gathered: Gathered, digest: str, competition: Competition
) -> bool:
    """Propose some applications in a transaction; false when the batch is over."""
    lock(batch)
    if batch.finished_at is not None:  # cancelled, or another worker came to the end of it
        db.session.commit()
        return False
    now = clock.read()
    round_ = db.session.get_one(Round, batch.round_id)
    asker = db.session.get_one(User, batch.asked_by)
    actor = actor_of(asker)
    if asker.disabled_at is not None or not may(
        actor, Can.DECISIONS_MANAGE, standing.to_round(actor, round_, now=now)
    ):
        finish(batch, now=now, stopped=NOT_ALLOWED)
        db.session.commit()
        return False
    cases = take(ids, now=now)
    usable: Sequence[Mandate] = mandates.find_usable(round_, besides=actor.user_id)
    shared = Shared(digest, usable, competition, taken_places.of_round(round_.id))
    waiting = set(
        db.session.scalars(select(Application.id).where(Application.id.in_(ids), waiting_for(batch)))
    )
    declared = covered_ids(round_, actor.user_id)
    proposed, refused = 0, {}
    for id_ in ids:
        if id_ not in waiting:
            continue
        basis = gathered[id_]
        if id_ not in declared:
            refused[basis.reference] = "declaration_needed"
            continue
        try:
            _propose(batch, cases[id_], basis, shared, actor)
        except (DecisionError, TransitionError) as error:
            refused[basis.reference] = refusal_of(error)
        else:
            proposed += 1
    batch.proposed += proposed
    batch.refused = {**batch.refused, **refused}
    db.session.commit()
    return True


def _propose(batch: ProposalBatch, case: Case, basis: Basis, shared: Shared, actor: Actor) -> Decision:
    if case.application.state != basis.state:
        raise DecisionError("changed_meanwhile")
    return record(case, _suggested(batch, basis), basis, shared, actor=actor, now=clock.read())


def _suggested(batch: ProposalBatch, basis: Basis) -> Proposal:
    return replace(suggest(basis, announce_on=batch.announce_on), mandate_id=batch.mandate_id)
