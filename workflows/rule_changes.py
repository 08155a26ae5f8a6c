"""What a scenario changes of the rules and the ceiling of a round, one thing after the other."""

from dataclasses import dataclass

from workflows.rules import Rules

OF_A_CRITERION = ("weight", "threshold", "best", "worst")


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that is changed, by its name, with both values; `criterion` the title of its criterion."""

    rule: str
    before: object
    after: object
    criterion: str | None = None


def changes(own: Rules, own_ceiling: int, rules: Rules, ceiling_cents: int) -> tuple[Change, ...]:
    """Give what is changed: the ceiling (euro cents) first, then the rules in their order."""
    found = []
    if ceiling_cents != own_ceiling:
        found.append(Change("ceiling_cents", own_ceiling, ceiling_cents))
    for name, value in rules:
        before = getattr(own, name)
        if name == "criteria":
            found += _in_criteria(own, rules)
        elif value != before:
            found.append(Change(name, before, value))
    return tuple(found)


def _in_criteria(own: Rules, rules: Rules) -> list[Change]:
    """Other criteria can come from a file only; a form changes weights and thresholds."""
    found: list[Change] = []
    if [one.id for one in own.criteria] != [one.id for one in rules.criteria]:
        before, after = (tuple(one.title for one in some.criteria) for some in (own, rules))
        found.append(Change("criteria", before, after))
    for one in rules.criteria:
        known = own.criterion(one.id)
        if known is None:
            continue
        found += [
            Change(name, getattr(known, name), getattr(one, name), one.title)
            for name in OF_A_CRITERION
            if getattr(known, name) != getattr(one, name)
        ]
    return found
