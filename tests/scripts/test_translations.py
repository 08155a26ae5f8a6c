"""The check of the Dutch catalogue finds each kind of fault."""

import importlib.util
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/translations.py"
_spec = importlib.util.spec_from_file_location("translations_script", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
translations = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(translations)

Text = str | tuple[str, str]


def catalogue(*messages: tuple[Text, Text], fuzzy: bool = False) -> Catalog:
    made = Catalog(locale="nl")
    for source, translation in messages:
        made.add(source, translation, flags=["fuzzy"] if fuzzy else [])
    return made


def sources(*texts: Text) -> Catalog:
    return catalogue(*((text, "") for text in texts))


def test_a_complete_catalogue_has_no_faults() -> None:
    messages = (
        ("Save", "Opslaan"),
        ("%(n)s left", "nog %(n)s"),
        (("%(num)d day", "%(num)d days"), ("één dag", "%(num)d dagen")),
    )
    assert translations.faults(catalogue(*messages), sources(*(source for source, _ in messages))) == []


@pytest.mark.parametrize(
    ("kept", "wanted", "fault"),
    [
        ((), "Save", "not in the catalogue: 'Save'"),
        ((("Save", ""),), "Save", "not translated: 'Save'"),
        ((("%(n)s left", "nog %(m)s"),), "%(n)s left", "placeholders differ: '%(n)s left'"),
        ((("%(n)s left", "nog"),), "%(n)s left", "placeholders differ: '%(n)s left'"),
        ((("{n} left", "nog {m}"),), "{n} left", "placeholders differ: '{n} left'"),
        (
            ((("%(num)d day", "%(num)d days"), ("dag", "dagen")),),
            ("%(num)d day", "%(num)d days"),
            "placeholders differ: '%(num)d day'",
        ),
        (
            ((("%(num)d day", "%(num)d days"), ("dag", "")),),
            ("%(num)d day", "%(num)d days"),
            "not translated: '%(num)d day'",
        ),
    ],
)
def test_each_fault_is_named(kept: tuple[tuple[Text, Text], ...], wanted: Text, fault: str) -> None:
    assert translations.faults(catalogue(*kept), sources(wanted)) == [fault]


def test_a_doubtful_translation_is_a_fault() -> None:
    doubtful = catalogue(("Save", "Bewaren"), fuzzy=True)
    assert translations.faults(doubtful, sources("Save")) == ["doubtful (fuzzy): 'Save'"]


def test_a_string_that_nothing_shows_any_more_is_a_fault() -> None:
    kept = catalogue(("Save", "Opslaan"), ("Gone", "Weg"))
    assert translations.faults(kept, sources("Save")) == ["no longer in the sources: 'Gone'"]
