"""How sure the order of a round is: computed by a job, kept as a part of the file.

A round says whether this may be shown at all. Every computation is a row that stays, with the digest of what
it was made of: when the scores changed since, a page says so.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import LOCK, db, json_text
from subsidy.models import CertaintyRun, Round
from subsidy.services import calculations, events, outbox
from subsidy.services.calculations import Material
from subsidy.services.snapshots import definition_of
from workflows import certainty
from workflows.certainty import Certainty
from workflows.permissions import Actor

WAITING, READY, FAILED = "waiting", "ready", "failed"
MOST_RUNS = 20


def shown_in(round_: Round) -> bool:
    """Tell whether the chair and the evaluator may see this for the round: a setting of its rules."""
    return definition_of(round_).reviewing.shows_certainty


def ask(round_: Round, *, actor: Actor, now: datetime) -> CertaintyRun:
    """Let a job compute it for the round as it is now.

    A computation that still waits, or that was made of the same scores, is given instead of a new one.
    """
    db.session.refresh(round_, with_for_update=LOCK)
    digest = digest_of(round_)
    newest = next(iter(runs_of(round_, most=1)), None)
    if newest and (newest.state == WAITING or (newest.state == READY and newest.material_digest == digest)):
        return newest
    run = CertaintyRun(
        round_id=round_.id, material_digest=digest, asked_by=actor.user_id, asked_at=now, state=WAITING
    )
    db.session.add(run)
    db.session.flush()
    _record("certainty.asked", run, actor_id=actor.user_id, at=now)
    outbox.post("certainty", f"certainty:{run.id}", {"run_id": run.id}, now=now)
    return run


def compute(payload: Mapping[str, Any]) -> None:
    """Outbox handler `certainty`: {"run_id": id}. What was computed once stays as it is."""
    run = db.session.get_one(CertaintyRun, payload["run_id"])
    if run.state == READY:
        return
    round_ = db.session.get_one(Round, run.round_id)
    material = calculations.material_of(round_)
    eligible = calculations.eligible(material)
    run_id, digest = run.id, _digest(material, eligible)
    db.session.commit()  # counting takes seconds: nothing stays open meanwhile
    try:
        found = certainty.certainty_of(
            material.round, material.applications, eligible, reference=material.reference
        )
    except Exception:
        _finish(run_id, FAILED)
        raise
    _finish(run_id, READY, digest=digest, found=found)


def runs_of(round_: Round, *, most: int = MOST_RUNS) -> list[CertaintyRun]:
    """Return the last computations, the newest first."""
    return list(
        db.session.scalars(
            select(CertaintyRun)
            .where(CertaintyRun.round_id == round_.id)
            .order_by(CertaintyRun.id.desc())
            .limit(most)
        )
    )


def result_of(run: CertaintyRun) -> Certainty:
    """Return what a finished computation found."""
    return Certainty.model_validate(run.result)


def digest_of(round_: Round) -> str:
    """Return the SHA-256 of what a computation would be made of now."""
    material = calculations.material_of(round_)
    return _digest(material, calculations.eligible(material))


def _digest(material: Material, eligible: Mapping[str, bool]) -> str:
    return certainty.material_digest(material.round, material.applications, eligible)


def _finish(run_id: int, state: str, *, digest: str | None = None, found: Certainty | None = None) -> None:
    """Write down the end, once: a job that ran twice found the same."""
    run = db.session.get_one(CertaintyRun, run_id, with_for_update=LOCK, populate_existing=True)
    if run.state == READY:
        return
    run.state, run.made_at = state, clock.read()
    if found is not None and digest is not None:
        run.material_digest, run.result = digest, found.model_dump(mode="json")
    _record(f"certainty.{'computed' if found else 'failed'}", run, actor_id=None, at=run.made_at)
    db.session.commit()


def _record(name: str, run: CertaintyRun, *, actor_id: int | None, at: datetime) -> None:
    facts: dict[str, Any] = {"run": run.id, "material": run.material_digest}
    if run.state == READY:
        facts["result"] = hashlib.sha256(json_text(run.result).encode()).hexdigest()
    events.append(name, at=at, actor_id=actor_id, round_id=run.round_id, facts=facts)
