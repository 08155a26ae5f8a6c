"""Making a decision again from the round that was frozen with it, and holding both beside each other.

What the rules gave is calculated anew from the frozen round alone. What is stored around the decision has
to fit too: its own words, its letter, its money, its events, and the chain in which they stand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, select

from subsidy.db import db
from subsidy.models import Decision, Round
from subsidy.services import basis_gathering, calculations, frozen, surroundings, thawed
from subsidy.services.basis import Basis, CriterionBasis, FindingBasis
from subsidy.services.calculations import Material
from subsidy.services.decisions import ANNOUNCEMENT_MISSED, basis_of
from subsidy.services.differences import Difference, Lack, NotHeld, Part, Recomputed, shown
from subsidy.services.surroundings import Around
from subsidy.services.thawed import Thawed

# The fields of a basis that follow from the frozen round, and what they are part of.
CALCULATED: Mapping[str, Part] = {
    "rules": Part.RULES,
    "title": Part.APPLICATION,
    "region": Part.APPLICATION,
    "applicant": Part.APPLICATION,
    "applicant_kvk": Part.APPLICATION,
    "received_on": Part.APPLICATION,
    "requested_cents": Part.APPLICATION,
    "months": Part.APPLICATION,
    "reviews": Part.REVIEWS,
    "reviews_needed": Part.REVIEWS,
    "total": Part.TOTAL,
    "advice": Part.ADVICE,
    "priority": Part.ADVICE,
    "rank": Part.RANK,
    "ranked": Part.RANK,
    "lot": Part.RANK,
    "allocation": Part.DIVISION,
    "allocation_cents": Part.DIVISION,
    "allocation_ground": Part.DIVISION,
    "reserve_place": Part.RESERVE,
}
OF_THE_ROUND = (Part.FROZEN, Part.FINDINGS, Part.SCORES, *dict.fromkeys(CALCULATED.values()))


@dataclass(frozen=True, slots=True)
class Again:
    """A frozen round with everything calculated again, by reference; `damaged` says why it is not there."""

    thawed: Thawed | None = None
    calculated: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    findings: Mapping[str, tuple[FindingBasis, ...]] = field(default_factory=dict)
    damaged: str = ""


def recompute(decision: Decision, again: Again | None = None) -> Recomputed:
    """Make one decision again; changes nothing. `again` is what `work_out` gave, for who has it already."""
    if decision.imported:
        return Recomputed((), (), Lack.IMPORTED)
    around = surroundings.around(decision.round_id, decision.application_id)
    held = _hold(decision, again or work_out(decision), around)
    held.found += surroundings.compare_chain(decision.round_id)
    return _told(decision, held)


def recompute_all(round_: Round) -> Iterator[tuple[Decision, Recomputed]]:
    """Make every decision of a round again that was proposed here and not sent back.

    Each frozen round is thawed once, and the chain is not looked at: whoever asks for a round does so once.
    """
    around = surroundings.around(round_.id)
    rows = db.session.scalars(
        select(Decision)
        .where(Decision.round_id == round_.id, counts())
        .order_by(Decision.frozen_sha256, Decision.id)
    )
    digest, again = "", Again()
    for decision in rows:
        if (decision.frozen_sha256 or "") != digest or not digest:
            digest, again = decision.frozen_sha256 or "", work_out(decision)
        held = _hold(decision, again, around)
        held.besides.add(Part.CHAIN)
        yield decision, _told(decision, held)


def counts() -> ColumnElement[bool]:
    """Be taken here, and not sent back; or confirmed before the date of its announcement was missed."""
    missed = Decision.confirmed_at.is_not(None) & (Decision.return_reason == ANNOUNCEMENT_MISSED)
    return ~Decision.imported & (Decision.returned_at.is_(None) | missed)


def work_out(decision: Decision) -> Again:
    """Thaw the round of a decision and calculate everything again: nothing that was kept is believed."""
    if decision.imported or decision.frozen_sha256 is None:
        return Again()
    try:
        found = thawed.make(decision.frozen_sha256)
    except frozen.FrozenDamagedError as error:
        return Again(damaged=str(error))
    made = basis_gathering.calculated(found.material, found.ranking, found.division)
    return Again(found, made, _screened(found.material))


@dataclass(slots=True)
class _Held:
    """What came out so far: what differs, what could not be compared and why, and what is no part of this."""

    found: list[Difference] = field(default_factory=list)
    left_out: dict[Part, NotHeld] = field(default_factory=dict)
    besides: set[Part] = field(default_factory=set)


def _told(decision: Decision, held: _Held) -> Recomputed:
    once = sorted(dict.fromkeys(held.found), key=lambda one: list(Part).index(one.part))
    return Recomputed(
        parts=tuple(part for part in Part if part not in held.left_out and part not in held.besides),
        differences=tuple(once),
        lack=Lack.NOT_FROZEN if decision.frozen_sha256 is None else None,
        left_out={part: held.left_out[part] for part in Part if part in held.left_out},
    )


def _hold(decision: Decision, again: Again, around: Around) -> _Held:
    held = _Held(besides={Part.JUDGED})
    if not surroundings.holds_words(decision, around):
        held.left_out[Part.WORDS] = NotHeld.NO_DIGEST
    if decision.letter_sha256 is None and decision.confirmed_at is None:
        held.left_out[Part.LETTER] = NotHeld.NO_LETTER
    try:
        basis = basis_of(decision)
    except ValidationError as error:
        held.found.append(Difference(Part.WORDS, "basis", None, str(error.errors()[0]["msg"])))
        held.left_out.pop(Part.WORDS, None)
        held.left_out |= dict.fromkeys(OF_THE_ROUND, NotHeld.UNREADABLE)
    else:
        _hold_round(decision, basis, again, held)
    held.found += surroundings.compare(decision, around)
    return held


def _hold_round(decision: Decision, basis: Basis, again: Again, held: _Held) -> None:
    """Hold what the rules give from the frozen round beside what the decision says they gave."""
    if decision.frozen_sha256 is None:
        held.left_out |= dict.fromkeys(OF_THE_ROUND, NotHeld.NOT_FROZEN)
        return
    made = again.calculated.get(basis.reference)
    if again.thawed is None or made is None:
        held.found.append(Difference(Part.FROZEN, "", decision.frozen_sha256, again.damaged or None))
        held.left_out |= dict.fromkeys(OF_THE_ROUND, NotHeld.DAMAGED)
        del held.left_out[Part.FROZEN]
        return
    held.found += _calculated(basis, made, again.thawed.material)
    _hold_checks(basis, again, again.thawed.material, held)


def _hold_checks(basis: Basis, again: Again, material: Material, held: _Held) -> None:
    """Compare the checks that failed; a verdict goes before them, and was given on those that were stored."""
    name = basis.reference
    if name in again.findings:
        held.found += _findings(Part.FINDINGS, basis.findings, again.findings[name])
        return
    held.besides ^= {Part.JUDGED, Part.FINDINGS}
    if material.found is None:
        held.left_out[Part.JUDGED] = NotHeld.FINDINGS_NOT_FROZEN
    else:
        held.found += _findings(Part.JUDGED, basis.findings, material.found[name])


def _calculated(basis: Basis, calculated: Mapping[str, Any], material: Material) -> Iterator[Difference]:
    if material.reference.version != basis.reference_version:
        yield Difference(Part.RULES, "reference_version", basis.reference_version, material.reference.version)
    made = basis.model_copy(update=dict(calculated))
    then, now = basis.stored(), made.stored()
    for name in calculated.keys() - {"criteria"}:
        if then[name] != now[name]:
            yield Difference(CALCULATED.get(name, Part.DIVISION), name, shown(then[name]), shown(now[name]))
    yield from _criteria(basis.criteria, made.criteria)


def _criteria(then: Sequence[CriterionBasis], now: Sequence[CriterionBasis]) -> Iterator[Difference]:
    """Hold the scores beside each other; the motivation is the officer's own."""
    before = {one.id: one for one in then}
    after = {one.id: one for one in now}
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Difference(Part.SCORES, name, name if old else None, name if new else None)
            continue
        if old.value != new.value:
            yield Difference(Part.SCORES, name, shown(old.value), shown(new.value))
        if old.reports != new.reports:
            yield Difference(Part.REVIEWS, name, "\n".join(old.reports), "\n".join(new.reports))
        made = {"value": new.value, "reports": new.reports, "motivation": new.motivation}
        if old.model_copy(update=made) != new:
            yield Difference(Part.RULES, name, _scale(old), _scale(new))


def _findings(part: Part, then: Sequence[FindingBasis], now: Sequence[FindingBasis]) -> Iterator[Difference]:
    before, after = ({one.check: one for one in some} for some in (then, now))
    for check in dict.fromkeys((*before, *after)):
        old, new = before.get(check), after.get(check)
        if old != new:
            yield Difference(part, check, shown(old and old.params), shown(new and new.params))


def _screened(material: Material) -> dict[str, tuple[FindingBasis, ...]]:
    """Run the checks on all but those of whom the office judged what was stored."""
    judged = material.verdicts if material.found is None else material.found
    if judged.keys() >= {one.reference for one in material.applications}:
        return {}
    found = calculations.screen(material)
    return {one.reference: basis_gathering.failing(one) for one in found if one.reference not in judged}


def _scale(one: CriterionBasis) -> str:
    return f"{one.title}: {one.weight}, {one.worst}-{one.best}, {one.threshold}"
