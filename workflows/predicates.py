"""What is true between a person and a thing, as a yes or no; joined with `&`, `|` and `~`.

Each looks at the facts of `actors` alone. The policy made of them stands in `permissions`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.actors import Access, Actor, Grant, Role, Target
from workflows.states import ApplicationState, Phase


@dataclass(frozen=True, slots=True)
class Predicate:
    """A yes or no about an actor and a target, with the words to print it in documentation."""

    words: str
    test: Callable[[Actor, Target], bool]

    def __call__(self, actor: Actor, target: Target) -> bool:
        """Whether it holds."""
        return self.test(actor, target)

    def __and__(self, other: "Predicate") -> "Predicate":
        """Both hold."""
        return Predicate(
            f"{self.words} and {other.words}",
            lambda actor, target: self.test(actor, target) and other.test(actor, target),
        )

    def __or__(self, other: "Predicate") -> "Predicate":
        """At least one holds."""
        return Predicate(
            f"({self.words} or {other.words})",
            lambda actor, target: self.test(actor, target) or other.test(actor, target),
        )

    def __invert__(self) -> "Predicate":
        """Return the opposite."""
        return Predicate(f"not ({self.words})", lambda actor, target: not self.test(actor, target))


def role(*roles: Role) -> Predicate:
    """Hold one of these roles: on the round of the target, on all, or (at a door) anywhere."""
    wanted = frozenset(roles)

    def holds(actor: Actor, target: Target) -> bool:
        return any(
            grant.role in wanted
            and (target.any_round or grant.round_id is None or grant.round_id == target.round_id)
            for grant in actor.grants
        )

    return Predicate("/".join(roles), holds)


def everywhere(*roles: Role) -> Predicate:
    """Hold one of these roles on all rounds: for what belongs to no round, or to every one."""
    wanted = {Grant(one) for one in roles}
    return Predicate("/".join(roles) + " of all rounds", lambda actor, _: not wanted.isdisjoint(actor.grants))


_RANK = {access.value: rank for rank, access in enumerate(Access)}


def member(least: Access) -> Predicate:
    """Be a member of the collaboration behind the application, with at least this access."""

    def belongs(actor: Actor, target: Target) -> bool:
        access = target.members.get(actor.user_id) if actor.user_id is not None else None
        return access is not None and _RANK[access] >= _RANK[least]

    return Predicate(f"member who may {least}", belongs)


def state(*states: ApplicationState) -> Predicate:
    """Be asked about an application in one of these states; an unknown state is none of them."""
    return Predicate("/".join(states), lambda _, target: target.state in states)


def phase(*phases: Phase) -> Predicate:
    """Be asked about a round in one of these phases; an unknown phase is none of them."""
    return Predicate("/".join(phases), lambda _, target: target.round_phase in phases)


everyone = Predicate("everyone", lambda _actor, _target: True)
system = Predicate("system", lambda actor, _: actor.system)
logged_in = Predicate("logged in", lambda actor, _: actor.user_id is not None)
development = Predicate("development", lambda _, target: target.development)
assigned = Predicate("assigned", lambda actor, target: actor.user_id in target.reviewers)
declared = Predicate(
    "declared no interest", lambda actor, target: actor.user_id in target.declared_no_interest
)
handed_in = Predicate("handed in", lambda actor, target: actor.user_id in target.handed_in)
serving = Predicate("serving in the round", lambda actor, target: actor.user_id in target.serving)
committee = Predicate("on the committee", lambda actor, target: actor.user_id in target.committee)
recused = Predicate("recused from the file", lambda actor, target: actor.user_id in target.recused)
declared_round = Predicate(
    "declared interests in the round", lambda actor, target: actor.user_id in target.declared_round
)
another_declared = Predicate(
    "declared by another",
    lambda actor, target: target.owner_id is not None and target.owner_id != actor.user_id,
)
own_account = Predicate(
    "own account",
    lambda actor, target: actor.user_id is not None and target.owner_id == actor.user_id,
)
somebody_elses = Predicate(
    "somebody else's account",
    lambda actor, target: target.owner_id is not None and target.owner_id != actor.user_id,
)
# An application on paper has no members yet; the draft of somebody else is never opened this way.
without_members = Predicate("without members", lambda _, target: not target.members)
announced = Predicate("announced", lambda _, target: target.announced)
another_proposed = Predicate(
    "proposed by another",
    lambda actor, target: target.proposer_id is not None and target.proposer_id != actor.user_id,
)
mandated = Predicate(
    "holder of the mandate",
    lambda actor, target: actor.user_id is not None and target.mandatary_id == actor.user_id,
)
# Who is directly involved in an application holds no office in any file of that round.
involved = Predicate(
    "involved in the round",
    lambda actor, target: actor.user_id in target.members or actor.user_id in target.round_members,
)
conflicted = Predicate("conflicted on the file", lambda actor, target: actor.user_id in target.conflicted)
ranking_barred = Predicate(
    "conflicted in a round not yet announced",
    lambda actor, target: (
        not target.decisions_announced
        and (actor.user_id in target.round_conflicted or actor.user_id in target.conflicted)
    ),
)
