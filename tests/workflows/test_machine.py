"""A machine refuses an unsound graph at import, and says why a step cannot be taken."""

from enum import StrEnum

import pytest

from workflows.application import MACHINE as APPLICATION
from workflows.machine import Guard, Machine, MachineError, Transition, TransitionError, diagram
from workflows.permissions import Can
from workflows.round import MACHINE as ROUND


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    OFF = "off"


def step(name: str, sources: tuple[Light, ...], target: Light, **rest: object) -> Transition[Light]:
    return Transition(name, sources, target, Can.SYSTEM_RUN, f"light.{name}", **rest)  # type: ignore[arg-type]


GO = step("go", (Light.RED,), Light.GREEN)
STOP = step("stop", (Light.GREEN,), Light.RED)
BREAK = step("break", (Light.RED, Light.GREEN), Light.OFF)


def light(*transitions: Transition[Light]) -> Machine[Light]:
    return Machine(Light, Light.RED, frozenset({Light.OFF}), transitions)


def faults_of(*transitions: Transition[Light]) -> str:
    with pytest.raises(MachineError) as caught:
        light(*transitions)
    return str(caught.value)


def test_a_sound_graph_is_accepted() -> None:
    machine = light(GO, STOP, BREAK)
    assert machine.available(Light.GREEN) == (STOP, BREAK)
    assert machine.plan("red", "go") is GO


def test_a_name_is_used_once() -> None:
    again = step("go", (Light.GREEN,), Light.RED)
    assert faults_of(GO, again, BREAK) == "go is there twice"


def test_a_state_that_cannot_be_reached() -> None:
    only_break = step("break", (Light.RED, Light.GREEN), Light.OFF)
    assert faults_of(only_break) == "green cannot be reached"


def test_a_final_state_has_no_way_back() -> None:
    revive = step("revive", (Light.OFF,), Light.RED)
    assert faults_of(GO, STOP, BREAK, revive) == "off is final and has a way back"


def test_one_end_may_give_way_to_another() -> None:
    scrap = step("scrap", (Light.OFF,), Light.OFF)
    assert light(GO, STOP, BREAK, scrap).available(Light.OFF) == (scrap,)


def test_every_state_can_come_to_an_end() -> None:
    break_red = step("break", (Light.RED,), Light.OFF)
    assert faults_of(GO, break_red) == "green never comes to an end"


def test_all_faults_are_named_at_once() -> None:
    nowhere = step("drift", (), Light.GREEN)
    twice = step("flash", (Light.RED, Light.RED), Light.GREEN)
    assert faults_of(nowhere, twice) == (
        "drift starts nowhere; flash names a source twice; red never comes to an end; "
        "green never comes to an end; off cannot be reached"
    )


def test_a_step_from_the_wrong_state() -> None:
    with pytest.raises(TransitionError) as caught:
        light(GO, STOP, BREAK).plan(Light.GREEN, "go")
    assert caught.value.code == "wrong_state"
    assert caught.value.params == {"transition": "go", "state": "green"}


def test_a_step_that_does_not_exist() -> None:
    with pytest.raises(TransitionError) as caught:
        light(GO, STOP, BREAK).plan(Light.RED, "fly")
    assert caught.value.code == "unknown_transition"


def test_a_guard_tells_its_code_the_facts_it_read_and_its_basis() -> None:
    dark = Guard("too_dark", ("lux",), lambda facts: facts["lux"] == 1, "Wet 1:2")
    machine = light(step("go", (Light.RED,), Light.GREEN, guards=(dark,)), STOP, BREAK)
    assert machine.plan(Light.RED, "go", {"lux": 1}).target is Light.GREEN
    with pytest.raises(TransitionError) as caught:
        machine.plan(Light.RED, "go", {"lux": 0, "secret": "not told"})
    assert (caught.value.code, caught.value.basis) == ("too_dark", "Wet 1:2")
    assert caught.value.params == {"transition": "go", "lux": 0}


def test_a_fact_that_was_not_gathered_is_a_mistake_and_no_refusal() -> None:
    dark = Guard("too_dark", ("lux",), lambda facts: bool(facts["lux"]))
    machine = light(step("go", (Light.RED,), Light.GREEN, guards=(dark,)), STOP, BREAK)
    with pytest.raises(KeyError, match="too_dark needs the fact lux"):
        machine.plan(Light.RED, "go", {})


def test_warnings_are_told_and_do_not_hold_back() -> None:
    dusk = Guard("dusk", ("lux",), lambda facts: facts["lux"] == 1)
    machine = light(step("go", (Light.RED,), Light.GREEN, warnings=(dusk,)), STOP, BREAK)
    assert machine.plan(Light.RED, "go", {"lux": 0}).target is Light.GREEN
    assert machine.warnings(Light.RED, "go", {"lux": 0}) == (dusk,)
    assert machine.warnings(Light.RED, "go", {"lux": 1}) == ()
    assert machine.transition("go").reads == {"lux"}


def test_the_diagram_shows_every_arrow() -> None:
    assert diagram(light(GO, STOP, BREAK)) == (
        "stateDiagram-v2\n"
        "    [*] --> red\n"
        "    red --> green: go\n"
        "    green --> red: stop\n"
        "    red --> off: break\n"
        "    green --> off: break\n"
        "    off --> [*]\n"
    )


@pytest.mark.parametrize("machine", [APPLICATION, ROUND], ids=["application", "round"])
def test_the_diagrams_of_our_machines_hold_as_many_arrows_as_they_have(
    machine: Machine[StrEnum],
) -> None:
    arrows = sum(len(transition.sources) for transition in machine.transitions)
    assert diagram(machine).count("-->") == arrows + 1 + len(machine.final)
