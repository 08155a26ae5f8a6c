"""What if: other rules or another ceiling on a round as it was frozen, kept under a name for the board.

Nothing of it touches an application, a decision or the round: a scenario is its own row and reads a round
that was frozen. What it gives is computed whenever somebody looks (services/scenario_results.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from subsidy.db import db
from subsidy.models import Round, Scenario, User
from subsidy.services import calculations, events, frozen, standing
from subsidy.services.advance import NotAllowedError
from workflows.permissions import Actor, Can, may
from workflows.rules import Rules

PAGE = 10
LONGEST_NAME = 100


class ScenarioError(Exception):
    """A change of a scenario is refused: `name_taken`, `clash` (somebody changed it meanwhile), `gone`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class ScenarioValues:
    """What an officer fills in. The ceiling in euro cents."""

    name: str
    note: str
    ceiling_cents: int
    rules: Rules


@dataclass(frozen=True, slots=True)
class Listed:
    """A scenario in a list, with who made it."""

    scenario: Scenario
    by: str


def list_scenarios(round_: Round, *, after: int | None = None) -> tuple[list[Listed], int | None]:
    """List the scenarios of a round, the latest first; and the id after which the next page begins."""
    query = (
        select(Scenario, User.name)
        .join(User, User.id == Scenario.made_by)
        .where(Scenario.round_id == round_.id)
        .order_by(Scenario.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(Scenario.id < after)
    found = [Listed(*row) for row in db.session.execute(query)]
    more = found[PAGE - 1].scenario.id if len(found) > PAGE else None
    return found[:PAGE], more


def find_scenario(round_: Round, scenario_id: int) -> Scenario | None:
    """Return a scenario of this round."""
    query = select(Scenario).where(Scenario.id == scenario_id, Scenario.round_id == round_.id)
    return db.session.scalars(query).one_or_none()


def find_named(round_: Round, name: str) -> Scenario | None:
    """Return the scenario of this round with this name."""
    query = select(Scenario).where(Scenario.name == name, Scenario.round_id == round_.id)
    return db.session.scalars(query).one_or_none()


def find_several(round_: Round, ids: Sequence[int]) -> list[Scenario]:
    """Return those of these scenarios that this round has, in the order in which they were asked for."""
    query = select(Scenario).where(Scenario.id.in_(ids), Scenario.round_id == round_.id)
    known = {one.id: one for one in db.session.scalars(query)}
    return [known[one] for one in dict.fromkeys(ids) if one in known]


def values_of(scenario: Scenario) -> ScenarioValues:
    """Return what is stored, as it was filled in."""
    return ScenarioValues(scenario.name, scenario.note, scenario.ceiling_cents, rules_of(scenario))


def rules_of(scenario: Scenario) -> Rules:
    """Return the rules of a scenario."""
    return Rules.model_validate(scenario.rules)


def digest_of(round_: Round) -> str:
    """Return the digest of the round as it is now: another than that of a scenario, when it changed since."""
    return frozen.digest_of(round_, calculations.material_of(round_))


def make(round_: Round, values: ScenarioValues, *, actor: Actor, now: datetime) -> Scenario:
    """Make a scenario on the round as it is now.

    The same again (a double click) gives the one that is there. Raises ScenarioError `name_taken`,
    NotAllowedError.
    """
    _ask(round_, actor, now)
    digest = frozen.keep(round_, calculations.material_of(round_), now=now)
    return _add(round_, values, digest, actor=actor, now=now)


def copy(scenario: Scenario, round_: Round, name: str, *, actor: Actor, now: datetime) -> Scenario:
    """Make another scenario with the same rules on the same frozen round. Raises as `make` does."""
    _ask(round_, actor, now)
    if name == scenario.name:
        raise ScenarioError("name_taken", name=name)
    values = values_of(scenario)
    copied = ScenarioValues(name, values.note, values.ceiling_cents, values.rules)
    return _add(round_, copied, scenario.frozen_sha256, actor=actor, now=now)


def change(
    scenario: Scenario, round_: Round, values: ScenarioValues, *, version: int, actor: Actor, now: datetime
) -> None:
    """Change a scenario; `version` is the one that the form was made from.

    The same twice is once. Raises ScenarioError `clash`, `name_taken`, `gone`; NotAllowedError.
    """
    _ask(round_, actor, now)
    _lock(scenario)
    if values_of(scenario) == values:
        return
    if scenario.version != version:
        raise ScenarioError("clash")
    try:
        with db.session.begin_nested():
            scenario.name, scenario.note = values.name, values.note
            scenario.ceiling_cents = values.ceiling_cents
            scenario.rules = values.rules.model_dump(mode="json")
            scenario.version += 1
    except IntegrityError:
        raise ScenarioError("name_taken", name=values.name) from None
    _record("scenario.changed", scenario, actor, now)


def renew(scenarios: Sequence[Scenario], round_: Round, *, actor: Actor, now: datetime) -> None:
    """Put scenarios on the round as it is now, with the changes that they make to its rules.

    Raises ScenarioError `gone`, NotAllowedError.
    """
    _ask(round_, actor, now)
    material = calculations.material_of(round_)
    digest = frozen.keep(round_, material, now=now)
    for scenario in sorted(scenarios, key=lambda one: one.id):
        _lock(scenario)
        if scenario.frozen_sha256 == digest:
            continue
        before = frozen.thaw(scenario.frozen_sha256).round
        if scenario.ceiling_cents == before.ceiling_cents:
            scenario.ceiling_cents = material.round.ceiling_cents
        moved = _moved(rules_of(scenario), before.rules, material.round.rules)
        scenario.rules = moved.model_dump(mode="json")
        scenario.frozen_sha256 = digest
        scenario.version += 1
        _record("scenario.renewed", scenario, actor, now)


def delete(scenario: Scenario, round_: Round, *, version: int, actor: Actor, now: datetime) -> None:
    """Throw a scenario away. Raises ScenarioError `clash`, `gone`; NotAllowedError."""
    _ask(round_, actor, now)
    _lock(scenario)
    if scenario.version != version:
        raise ScenarioError("clash")
    _record("scenario.deleted", scenario, actor, now)
    db.session.delete(scenario)
    db.session.flush()


def _add(round_: Round, values: ScenarioValues, digest: str, *, actor: Actor, now: datetime) -> Scenario:
    if actor.user_id is None:
        raise NotAllowedError(Can.SCENARIO_MANAGE)
    scenario = Scenario(
        round_id=round_.id,
        name=values.name,
        note=values.note,
        ceiling_cents=values.ceiling_cents,
        rules=values.rules.model_dump(mode="json"),
        frozen_sha256=digest,
        made_by=actor.user_id,
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(scenario)
    except IntegrityError:
        there = find_named(round_, values.name)
        if there is None or there.made_by != actor.user_id or values_of(there) != values:
            raise ScenarioError("name_taken", name=values.name) from None
        return there
    _record("scenario.made", scenario, actor, now)
    return scenario


def _moved(rules: Rules, before: Rules, now: Rules) -> Rules:
    """Give the rules of today with the changes that a scenario made; its own where those do not fit them."""
    changed = {name: value for name, value in rules if value != getattr(before, name)}
    try:
        return Rules.model_validate(dict(now) | changed)
    except ValidationError:
        return rules


def _lock(scenario: Scenario) -> None:
    query = select(Scenario).where(Scenario.id == scenario.id).with_for_update(key_share=True)
    if db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none() is None:
        raise ScenarioError("gone")


def _ask(round_: Round, actor: Actor, now: datetime) -> None:
    if not may(actor, Can.SCENARIO_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.SCENARIO_MANAGE)


def _record(name: str, scenario: Scenario, actor: Actor, now: datetime) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=scenario.round_id,
        facts={
            "scenario": scenario.id,
            "frozen_sha256": scenario.frozen_sha256,
            "ceiling_cents": scenario.ceiling_cents,
            "rules_sha256": frozen.digest_of_rules(scenario.rules),
        },
    )
    db.session.flush()
