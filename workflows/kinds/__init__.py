"""The kinds of round. A new kind is one new file here with a DEFINITION; nothing else changes."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from workflows.definition import RoundDefinition
from workflows.programme.minimal import minimal_definition
from workflows.rules import Rules


def _discover() -> Mapping[str, RoundDefinition]:
    """Collect the DEFINITION of every module here; ImportError when file and kind differ."""
    found: dict[str, RoundDefinition] = {}
    for module in pkgutil.iter_modules(__path__):
        definition = importlib.import_module(f"{__name__}.{module.name}").DEFINITION
        if definition.kind != module.name.replace("_", "-"):
            raise ImportError(f"{module.name} defines the kind {definition.kind}")
        found[definition.kind] = definition
    return MappingProxyType(found)


KINDS: Mapping[str, RoundDefinition] = _discover()


def definition_for(kind: str, rules: Rules) -> RoundDefinition:
    """Give the definition of a kind with these rules; for an unknown kind a minimal one."""
    known = KINDS.get(kind)
    return minimal_definition(kind, rules) if known is None else known.with_rules(rules)
