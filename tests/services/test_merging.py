"""Two people in one section: what is new of each, and where they clash."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from subsidy.services.entries import Entry, ParticipantEntry, PartnersEntry, ProjectEntry
from subsidy.services.entries.merging import mark_of, marks_of, merge, with_marks

TEXTS = st.sampled_from([None, "", "een", "twee", 0, ["een"]])
PARTS = st.dictionaries(st.sampled_from(["title", "summary", "answer-approach"]), TEXTS)


def test_what_only_one_changed_is_taken_from_that_one() -> None:
    shown = {"title": "Plan", "summary": "Kort"}
    merged = merge({**shown, "title": "Mijn plan"}, {**shown, "summary": "Langer"}, marks_of(shown))
    assert merged.parts == {"title": "Mijn plan", "summary": "Langer"}
    assert merged.theirs == {"summary"}
    assert not merged.clashing


def test_what_both_changed_clashes_unless_they_agree() -> None:
    shown = {"title": "Plan", "summary": "Kort"}
    mine, stored = {"title": "A", "summary": "Zelfde"}, {"title": "B", "summary": "Zelfde"}
    assert merge(mine, stored, marks_of(shown)).clashing == {"title"}


def test_an_answer_that_was_not_there_counts_as_seen_empty() -> None:
    assert merge({"answer-approach": "Zo"}, {}, marks_of({})).parts == {"answer-approach": "Zo"}
    assert merge({}, {"answer-approach": "Zo"}, marks_of({})).theirs == {"answer-approach"}


def test_who_chose_wins_over_what_was_shown_and_over_nothing_newer() -> None:
    seen = with_marks(marks_of({"title": "Plan"}), {"title": mark_of("B")})
    assert merge({"title": "A"}, {"title": "B"}, seen).parts == {"title": "A"}
    assert merge({"title": "A"}, {"title": "C"}, seen).clashing == {"title"}


@given(PARTS, PARTS, PARTS)
def test_nothing_that_was_not_seen_is_ever_replaced(
    mine: dict[str, object], stored: dict[str, object], shown: dict[str, object]
) -> None:
    merged = merge(mine, stored, marks_of(shown))
    for name in {*mine, *stored}:
        if name in merged.clashing:
            continue
        kept = merged.parts[name]
        assert kept in (mine.get(name), stored.get(name))
        assert kept == stored.get(name) or stored.get(name) == shown.get(name)
        assert kept == mine.get(name) or mine.get(name) == shown.get(name)


@given(st.text())
def test_marks_of_any_spelling_are_read(seen: str) -> None:
    assert merge({"title": "A"}, {"title": "B"}, seen).clashing <= {"title"}


def test_an_entry_is_taken_apart_and_put_together() -> None:
    lead = ParticipantEntry("Gemeente", "gemeente")
    partners = Entry(PartnersEntry(lead, (lead,)), {"approach": "Zo"})
    assert (
        Entry(PartnersEntry(), {"goal": "x"}).with_parts({**partners.parts, "answer-goal": None}) == partners
    )
    project = Entry(ProjectEntry(title="Plan"), {})
    assert project.with_parts({"title": "Ander"}) == Entry(ProjectEntry(title="Ander"), {})
    assert partners.fingerprint != Entry(PartnersEntry(lead), {"approach": "Zo"}).fingerprint
    assert marks_of({"day": date(2026, 1, 1)}) != marks_of({"day": date(2026, 1, 2)})
