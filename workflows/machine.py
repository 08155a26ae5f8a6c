"""A machine: states, and the transitions between them, checked when its module is imported.

A transition names the permission that must be asked and carries guards: conditions on facts, each
with a code and its legal basis. The facts are gathered by the caller; a machine reads no clock and
no database, and changes nothing: it answers with the transition to make, or with the reason why
not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from workflows.permissions import Can

Facts = Mapping[str, object]
State = TypeVar("State", bound=StrEnum)

NO_FACTS: Facts = MappingProxyType({})


class MachineError(ValueError):
    """The graph of a machine is not sound; raised at import, so never seen by a person."""


class TransitionError(Exception):
    """A transition is refused: a code, parameters for the words that go with it, a legal basis."""

    def __init__(self, code: str, params: Mapping[str, object], basis: str = "") -> None:
        super().__init__(code, dict(params), basis)
        self.code = code
        self.params = MappingProxyType(dict(params))
        self.basis = basis


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on facts: the code of its refusal, the facts it reads, its legal basis.

    The current state is always among the facts, under the name `state`.
    """

    code: str
    reads: tuple[str, ...]
    holds: Callable[[Facts], bool]
    basis: str = ""

    def __call__(self, facts: Facts) -> str | None:
        """Return the code of the refusal, or None when all is well.

        Raises:
            KeyError: a fact that the guard reads was not given; that is a mistake of the caller.

        """
        for name in self.reads:
            if name not in facts:
                raise KeyError(f"guard {self.code} needs the fact {name}")
        return None if self.holds(facts) else self.code


@dataclass(frozen=True, slots=True)
class Transition(Generic[State]):
    """A step from any of some states to one state, under one permission."""

    name: str
    sources: tuple[State, ...]
    target: State
    permission: Can
    # What the event says afterwards, in the past tense.
    event: str
    guards: tuple[Guard, ...] = ()
    # Conditions that are reported and do not hold the transition back.
    warnings: tuple[Guard, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        """The names of the facts that the caller has to gather."""
        guards = (*self.guards, *self.warnings)
        return frozenset(name for guard in guards for name in guard.reads) - {"state"}


@dataclass(frozen=True, slots=True)
class Machine(Generic[State]):
    """A sound graph of states and transitions."""

    states: type[State]
    initial: State
    final: frozenset[State]
    transitions: tuple[Transition[State], ...]

    def __post_init__(self) -> None:
        """Refuse a graph that is not sound.

        Raises:
            MachineError: with every fault that was found.

        """
        faults = tuple(_faults(self))
        if faults:
            raise MachineError("; ".join(faults))

    def transition(self, name: str) -> Transition[State]:
        """Return the transition of this name.

        Raises:
            TransitionError: `unknown_transition`.

        """
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise TransitionError("unknown_transition", {"transition": name})

    def available(self, state: str) -> tuple[Transition[State], ...]:
        """Return the transitions that start in this state; guards and permissions are not asked."""
        return tuple(one for one in self.transitions if self.states(state) in one.sources)

    def plan(self, state: str, name: str, facts: Facts = NO_FACTS) -> Transition[State]:
        """Return the transition to make; the caller has asked its permission.

        Raises:
            TransitionError: `unknown_transition`, `wrong_state`, or the code of the first guard
                that does not hold, with the facts that this guard read.
            KeyError: a fact that a guard reads was not given.
            ValueError: there is no such state.

        """
        transition = self.transition(name)
        current = self.states(state)
        known = {**facts, "state": current}
        if current not in transition.sources:
            raise TransitionError("wrong_state", {"transition": name, "state": current})
        for guard in transition.guards:
            code = guard(known)
            if code is not None:
                read = {fact: known[fact] for fact in guard.reads}
                raise TransitionError(code, {"transition": name, **read}, guard.basis)
        return transition

    def warnings(self, state: str, name: str, facts: Facts = NO_FACTS) -> tuple[Guard, ...]:
        """Return the warnings that belong to this transition: shown, and no bar to it."""
        known = {**facts, "state": self.states(state)}
        return tuple(one for one in self.transition(name).warnings if one(known) is not None)


def _faults(machine: Machine[State]) -> Iterator[str]:
    names = [transition.name for transition in machine.transitions]
    yield from (f"{name} is there twice" for name in sorted(set(names)) if names.count(name) > 1)
    ways: dict[State, set[State]] = {state: set() for state in machine.states}
    for transition in machine.transitions:
        if not transition.sources:
            yield f"{transition.name} starts nowhere"
        if len(set(transition.sources)) != len(transition.sources):
            yield f"{transition.name} names a source twice"
        for source in transition.sources:
            ways[source].add(transition.target)
    for state in machine.states:
        # One end may give way to another (a decision replaced by a decision), never to what came before.
        if state in machine.final and ways[state] - machine.final:
            yield f"{state} is final and has a way back"
        if state not in machine.final and not machine.final & _reachable(state, ways):
            yield f"{state} never comes to an end"
    for state in sorted(set(machine.states) - _reachable(machine.initial, ways)):
        yield f"{state} cannot be reached"


def _reachable(start: State, ways: Mapping[State, set[State]]) -> set[State]:
    found, todo = {start}, [start]
    while todo:
        fresh = ways[todo.pop()] - found
        found |= fresh
        todo.extend(fresh)
    return found


def diagram(machine: Machine[State]) -> str:
    """Return the machine as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial}"]
    lines += [
        f"    {source} --> {transition.target}: {transition.name}"
        for transition in machine.transitions
        for source in transition.sources
    ]
    lines += [f"    {state} --> [*]" for state in machine.states if state in machine.final]
    return "\n".join(lines) + "\n"


def given(fact: str, code: str, basis: str = "") -> Guard:
    """Return the guard that wants a fact to be filled in: not None, not False, not blank text."""

    def is_given(facts: Facts) -> bool:
        value = facts[fact]
        if isinstance(value, str):
            return bool(value.strip())
        return value is not None and value is not False

    return Guard(code, (fact,), is_given, basis)


def number(facts: Facts, name: str) -> int:
    """Return a fact that is a whole number.

    Raises:
        TypeError: it is something else; that is a mistake of the caller.

    """
    value = facts[name]
    if not isinstance(value, int):
        raise TypeError(f"the fact {name} is a whole number, not {value!r}")
    return value
