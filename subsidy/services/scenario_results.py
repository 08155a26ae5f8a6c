"""What scenarios give, beside what the rules of the round itself give on the same frozen round.

Everything follows from the content that is compared (`Content`): the page, the workbook and the PDF are
made of the same. A frozen round never changes, so what was computed from it is kept for a while.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from subsidy.db import json_text
from subsidy.models import Round, Scenario
from subsidy.services import calculations, frozen, thawed
from subsidy.services.calculations import Material, WhatIf
from subsidy.services.kept import Kept
from subsidy.services.thawed import Thawed
from workflows.award import Allocation, AllocationOutcome
from workflows.rule_changes import Change, changes
from workflows.rules import Rules
from workflows.scoring import Ranked, rounded
from workflows.snapshot import ApplicationSnapshot
from workflows.values import Model

MOST_COMPARED = 3
MOST_OWN, MOST_DIVIDED = 8, 24
MONEY = frozenset({AllocationOutcome.AWARD, AllocationOutcome.PARTIAL})


class OneScenario(Model):
    """A scenario as it was compared; the ceiling in euro cents."""

    name: str
    note: str
    ceiling_cents: int
    rules: Rules


class Content(Model):
    """All that a comparison is made from: a frozen round by its digest, and at most three scenarios."""

    slug: str
    title: str
    frozen_sha256: str
    scenarios: tuple[OneScenario, ...]

    def stored(self) -> dict[str, Any]:
        """As JSON for the column."""
        return self.model_dump(mode="json")

    @property
    def digest(self) -> str:
        """The SHA-256 of the content as JSON."""
        return sha256(json_text(self.stored()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """Where one application comes out: amounts in euro cents, `total` on 0..100.

    `difference_cents` is what it gets more, or less, than by the rules of the round itself.
    """

    rank: int | None
    total: Decimal | None
    outcome: AllocationOutcome
    amount_cents: int
    ground: str | None
    difference_cents: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One way to divide: that of the round itself, or of a scenario. Amounts in euro cents."""

    name: str
    note: str
    ceiling_cents: int
    rules: Rules
    changes: tuple[Change, ...]
    places: Mapping[str, Place]

    @property
    def given_cents(self) -> int:
        """What it gives in all."""
        return sum(one.amount_cents for one in self.places.values())

    @property
    def left_cents(self) -> int:
        """What it leaves of the ceiling."""
        return self.ceiling_cents - self.given_cents

    @property
    def counts(self) -> Mapping[str, int]:
        """How many get each outcome."""
        found = Counter(one.outcome for one in self.places.values())
        return {outcome.value: found[outcome] for outcome in AllocationOutcome}

    @property
    def awarded(self) -> int:
        """How many get money."""
        return sum(one.outcome in MONEY for one in self.places.values())

    @property
    def gains(self) -> int:
        """How many get more than by the rules of the round."""
        return sum(one.difference_cents > 0 for one in self.places.values())

    @property
    def loses(self) -> int:
        """How many get less."""
        return sum(one.difference_cents < 0 for one in self.places.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One application in every way; `places` in the order of the ways."""

    application: ApplicationSnapshot
    own: Place
    places: tuple[Place, ...]

    @property
    def most_cents(self) -> int:
        """The largest difference that a scenario makes, whichever way; euro cents."""
        return max((abs(one.difference_cents) for one in self.places), default=0)

    @property
    def differs(self) -> bool:
        """Whether a scenario gives it another outcome or amount."""
        return any(
            (one.outcome, one.amount_cents, one.ground)
            != (self.own.outcome, self.own.amount_cents, self.own.ground)
            for one in self.places
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The round itself beside scenarios; `lines` with the largest difference first, then by reference.

    `history`: the outcomes of the round were brought in and are given as they are. `placed`: the committee
    gave places, which go before the score in every scenario.
    """

    content: Content
    own: Way
    ways: tuple[Way, ...]
    lines: tuple[Line, ...]
    history: bool
    placed: bool

    @property
    def differing(self) -> tuple[Line, ...]:
        """The lines on which something differs."""
        return tuple(line for line in self.lines if line.differs)


def content_of(round_: Round, scenarios: Sequence[Scenario]) -> Content:
    """Give what a comparison of these is made from; all are on the same frozen round."""
    (digest,) = {one.frozen_sha256 for one in scenarios}
    return Content(
        slug=round_.slug,
        title=round_.title,
        frozen_sha256=digest,
        scenarios=tuple(
            OneScenario(
                name=one.name,
                note=one.note,
                ceiling_cents=one.ceiling_cents,
                rules=Rules.model_validate(one.rules),
            )
            for one in scenarios
        ),
    )


def compare(content: Content) -> Comparison:
    """Divide in every way and set them beside each other. Raises FrozenDamagedError."""
    then = thawed.look(content.frozen_sha256)
    material, own = then.material, _own(content.frozen_sha256, then)
    ways = tuple(_way(content.frozen_sha256, material, own, one) for one in content.scenarios)
    lines = [
        Line(
            application,
            own.places[application.reference],
            tuple(way.places[application.reference] for way in ways),
        )
        for application in material.applications
    ]
    return Comparison(
        content,
        own,
        ways,
        tuple(
            sorted(lines, key=lambda line: (not line.differs, -line.most_cents, line.application.reference))
        ),
        history=calculations.is_history(material),
        placed=any(one.panel is not None and one.panel.priority is not None for one in material.applications),
    )


def ways_of(scenarios: Sequence[Scenario]) -> dict[int, Way]:
    """Give what each of these scenarios gives on its own frozen round, by id."""
    missing = {one.frozen_sha256 for one in scenarios if not thawed.holds(one.frozen_sha256)}
    contents = frozen.contents_of(missing)
    found = {}
    for one in scenarios:
        then = thawed.look(one.frozen_sha256, contents.get(one.frozen_sha256))
        given = OneScenario(
            name=one.name,
            note=one.note,
            ceiling_cents=one.ceiling_cents,
            rules=Rules.model_validate(one.rules),
        )
        found[one.id] = _way(one.frozen_sha256, then.material, _own(one.frozen_sha256, then), given)
    return found


def division_of(scenario: Scenario, ceiling_cents: int | None = None) -> tuple[Allocation, ...]:
    """Give the division by a scenario, or by its rules with another ceiling (euro cents); by reference."""
    ceiling = scenario.ceiling_cents if ceiling_cents is None else ceiling_cents
    material = thawed.look(scenario.frozen_sha256).material
    return calculations.what_if(material, Rules.model_validate(scenario.rules), ceiling).division


def forget() -> None:
    """Let go of what was worked out, for a test that counts."""
    thawed.forget()
    _own_ways.clear()
    _divided.clear()


def _own(digest: str, then: Thawed) -> Way:
    def compute() -> Way:
        round_ = then.material.round
        places = _places(WhatIf(then.ranking, then.division), {})
        return Way("", "", round_.ceiling_cents, round_.rules, (), places)

    return _own_ways.get(digest, compute)


def _way(digest: str, material: Material, own: Way, given: OneScenario) -> Way:
    rules, ceiling = given.rules, given.ceiling_cents

    def compute() -> Mapping[str, Place]:
        return _places(calculations.what_if(material, rules, ceiling), own.places)

    places = _divided.get((digest, frozen.digest_of_rules(rules.model_dump(mode="json")), ceiling), compute)
    changed = changes(own.rules, own.ceiling_cents, rules, ceiling)
    return Way(given.name, given.note, ceiling, rules, changed, places)


def _places(given: WhatIf, own: Mapping[str, Place]) -> dict[str, Place]:
    division = {one.reference: one for one in given.division}
    return {
        one.reference: _place(one, division[one.reference], own.get(one.reference)) for one in given.ranking
    }


def _place(ranked: Ranked, allocation: Allocation, own: Place | None) -> Place:
    return Place(
        ranked.rank,
        None if ranked.total is None else rounded(ranked.total),
        allocation.outcome,
        allocation.amount_cents,
        allocation.ground,
        0 if own is None else allocation.amount_cents - own.amount_cents,
    )


_own_ways: Kept[Way] = Kept(MOST_OWN)
_divided: Kept[Mapping[str, Place]] = Kept(MOST_DIVIDED)
