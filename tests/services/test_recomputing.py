"""A decision is made again from its frozen round alone; whatever was tampered with is found."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from subsidy.db import db, json_text
from subsidy.documents import decision_letters
from subsidy.models import Decision, FindingRow, FrozenRound, Review, ReviewScore, Verdict
from subsidy.services import basis_gathering, frozen, proposing, recomputing
from subsidy.services.calculations import material_of
from subsidy.services.differences import Lack, NotHeld, Part
from subsidy.services.proposal import suggest
from subsidy.services.recomputing import recompute
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_round
from tests.services.announced import announce_all, propose
from tests.services.decided import make_decided
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from tests.services.tampering import damage_file, past_the_triggers

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of a few bytes: what they look like is not asked here."""
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: repr(content).encode())


@pytest.fixture
def scene(app: object) -> Scene:  # the store has to be there
    """An award, a partial award, a place on the reserve list, and a rejection."""
    return make_scene((5, 4, 3, 1), ceiling_cents=1_400_000)


def parts(decision: Decision) -> set[Part]:
    return {one.part for one in recompute(decision).differences}


def test_every_decision_is_made_again_identically(scene: Scene) -> None:
    for decision in announce_all(scene):
        found = recompute(decision)
        assert (found.differences, found.lack) == ((), None)
        assert found.identical
        assert found.whole
        assert set(found.parts) == set(Part) - {Part.JUDGED}


def test_what_happened_to_the_round_since_changes_nothing(scene: Scene) -> None:
    first, *_ = announce_all(scene)
    db.session.execute(delete(ReviewScore))
    db.session.execute(delete(Review))
    scene.applications[0].title = "Anders"
    scene.applications[1].requested_cents = 5
    db.session.flush()
    db.session.expire_all()
    assert recompute(first).identical


def test_a_proposal_without_its_letter_is_held_to_all_else(scene: Scene) -> None:
    decision, *_ = propose(scene)
    found = recompute(decision)
    assert found.identical
    assert found.left_out == {Part.LETTER: NotHeld.NO_LETTER}
    assert Part.LETTER not in found.parts


def test_history_that_was_brought_in_has_nothing_to_make_again() -> None:
    application = make_decided(make_round(), "awarded", TEN_THOUSAND)
    decision = db.session.scalars(select(Decision).where(Decision.application_id == application.id)).one()
    found = recompute(decision)
    assert (found.lack, found.parts, found.identical) == (Lack.IMPORTED, (), False)


def test_what_was_taken_before_rounds_were_frozen_is_held_to_its_surroundings(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    past_the_triggers("decision", "UPDATE decision SET frozen_sha256 = NULL")
    found = recompute(decision)
    assert found.lack is Lack.NOT_FROZEN
    assert not found.identical
    assert set(found.parts) == {Part.WORDS, Part.LETTER, Part.LEDGER, Part.EVENTS, Part.CHAIN}
    assert {one.part for one in found.differences} == {Part.WORDS, Part.EVENTS}
    assert set(found.left_out.values()) == {NotHeld.NOT_FROZEN}
    assert set(found.left_out) | set(found.parts) == set(Part) - {Part.JUDGED}


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("total", "99.0000", Part.TOTAL),
        ("rank", 7, Part.RANK),
        ("ranked", 9, Part.RANK),
        ("allocation_cents", 1, Part.DIVISION),
        ("allocation", "reject", Part.DIVISION),
        ("reserve_place", 3, Part.RESERVE),
        ("reviews", 5, Part.REVIEWS),
        ("requested_cents", 4, Part.APPLICATION),
        ("rules", {"distribution": "proportional"}, Part.RULES),
        ("reference_version", "ander", Part.RULES),
        ("advice", "Geef alles.", Part.ADVICE),
        ("priority", 9, Part.ADVICE),
        ("score_reasons", {"relevantie": "Zomaar."}, Part.WORDS),
        ("priority_reason", "Zomaar.", Part.WORDS),
        ("findings", [{"check": "months", "params": {}, "basis": "x"}], Part.FINDINGS),
    ],
)
def test_a_changed_basis_is_found_where_it_differs(
    scene: Scene, field: str, value: object, part: Part
) -> None:
    decision, *_ = announce_all(scene)
    _change_basis(decision, lambda basis: basis | {field: value})
    assert parts(decision) == {part, Part.WORDS}


def test_a_criterion_is_compared_in_all_that_it_has(scene: Scene) -> None:
    decision, *_ = announce_all(scene)

    def change(basis: dict[str, object]) -> dict[str, object]:
        criteria = basis["criteria"]
        assert isinstance(criteria, list)
        criteria[0] |= {"value": "2.0000", "reports": ["Slecht."], "weight": "1"}
        return basis

    _change_basis(decision, change)
    assert parts(decision) == {Part.SCORES, Part.REVIEWS, Part.RULES, Part.WORDS}


def test_a_changed_score_and_a_changed_report_are_found(scene: Scene) -> None:
    decision, *_ = announce_all(scene)

    def change(basis: dict[str, object]) -> dict[str, object]:
        criteria = basis["criteria"]
        assert isinstance(criteria, list)
        criteria[0]["value"] = "2.0000"
        criteria[1]["reports"] = ["Slecht."]
        criteria[2]["weight"] = "1"
        return basis

    _change_basis(decision, change)
    found = recompute(decision).differences
    assert [(one.part, one.then) for one in found if one.part in {Part.SCORES, Part.REVIEWS}] == [
        (Part.REVIEWS, "Slecht."),
        (Part.SCORES, "2.0000"),
    ]
    assert {one.part for one in found} == {Part.SCORES, Part.REVIEWS, Part.RULES, Part.WORDS}


def test_a_basis_that_cannot_be_read_is_told(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    _change_basis(decision, lambda _: {})
    assert parts(decision) == {Part.WORDS}
    found = recompute(decision)
    assert set(found.left_out.values()) == {NotHeld.UNREADABLE}
    assert not set(found.parts) & {Part.TOTAL, Part.RANK, Part.DIVISION, Part.FINDINGS}


def test_words_without_a_digest_are_not_called_identical(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    past_the_triggers("event", "UPDATE event SET facts = '{}' WHERE name = 'decision.proposed'")
    found = recompute(decision)
    assert found.left_out == {Part.WORDS: NotHeld.NO_DIGEST}
    assert Part.WORDS not in found.parts


def test_another_motivation_is_found_by_the_digest_in_the_chain(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    past_the_triggers("decision", "UPDATE decision SET motivation = 'Zomaar.'")
    assert parts(decision) == {Part.WORDS}


def test_another_amount_is_found_in_the_ledger_and_the_chain(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    past_the_triggers("decision", "UPDATE decision SET amount_cents = 900000 WHERE id = :id", id=decision.id)
    assert parts(decision) == {Part.WORDS, Part.LEDGER, Part.EVENTS}
    (told,) = [one for one in recompute(decision).differences if one.part is Part.LEDGER]
    assert (told.then, told.now) == (900_000, TEN_THOUSAND)


def test_another_confirmer_is_found(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    past_the_triggers("decision", "UPDATE decision SET confirmed_by = (SELECT MIN(user_id) FROM membership)")
    assert parts(decision) == {Part.EVENTS}


def test_a_line_that_left_the_ledger_is_found(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    past_the_triggers("ledger_line", "DELETE FROM ledger_line WHERE decision_id = :id", id=decision.id)
    assert parts(decision) == {Part.LEDGER}


def test_a_letter_that_was_changed_or_is_gone_is_found(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    assert decision.letter_sha256 is not None
    path: Path = damage_file(decision.letter_sha256)
    assert parts(decision) == {Part.LETTER}
    path.unlink()
    assert parts(decision) == {Part.LETTER}


def test_another_letter_is_found_by_the_digest_in_the_chain(scene: Scene) -> None:
    first, second, *_ = announce_all(scene)
    past_the_triggers(
        "decision",
        "UPDATE decision SET letter_sha256 = :other WHERE id = :id",
        other=second.letter_sha256,
        id=first.id,
    )
    assert parts(first) == {Part.LETTER}


def test_a_changed_event_breaks_the_chain(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    past_the_triggers("event", "UPDATE event SET actor_id = 0 WHERE name = 'decision.letter_made'")
    assert parts(decision) == {Part.CHAIN}


def test_a_moment_with_another_offset_is_the_same_moment() -> None:
    """Whoever calls may say the moment in Amsterdam; the column gives it back in UTC."""
    scene = make_scene((5,))
    gathered = basis_gathering.gather(scene.round)
    (one,) = scene.applications
    suggested = suggest(gathered[one.id], announce_on=(MOMENT + timedelta(days=1)).date())
    local = MOMENT.astimezone(ZoneInfo("Europe/Amsterdam"))
    decision = proposing.propose(one, suggested, actor=scene.proposer, now=local, gathered=gathered)
    db.session.expire_all()
    assert recompute(decision).differences == ()


def test_an_event_that_is_gone_is_found(scene: Scene) -> None:
    decision, *_ = announce_all(scene)
    past_the_triggers("event", "UPDATE event SET facts = '{}' WHERE name = 'decision.proposed'")
    assert parts(decision) == {Part.EVENTS, Part.CHAIN}


@pytest.mark.parametrize("how", ["not_zipped", "cut", "other_content"])
def test_frozen_bytes_that_changed_are_found(scene: Scene, how: str) -> None:
    decision, *_ = announce_all(scene)
    row = db.session.get_one(FrozenRound, decision.frozen_sha256)
    content = json.loads(gzip.decompress(row.content))
    content["round"]["ceiling_cents"] = 1
    damaged = {
        "not_zipped": b"niets",
        "cut": row.content[: len(row.content) // 2],
        "other_content": gzip.compress(json.dumps(content).encode()),
    }[how]
    past_the_triggers("frozen_round", "UPDATE frozen_round SET content = :content", content=damaged)
    found = recompute(decision)
    assert {one.part for one in found.differences} == {Part.FROZEN}
    assert Part.FROZEN in found.parts
    assert set(found.left_out.values()) == {NotHeld.DAMAGED}
    assert set(found.parts) == {Part.FROZEN, Part.WORDS, Part.LETTER, Part.LEDGER, Part.EVENTS, Part.CHAIN}


class TestUnderAVerdict:
    """The office judged on what was found then; that is frozen, and held beside the decision."""

    @pytest.fixture(autouse=True)
    def verdict(self, scene: Scene) -> None:
        first = scene.applications[0]
        finding = {"application_id": first.id, "basis": "subsidieoproep, artikel 3"}
        db.session.add_all(
            [
                Verdict(
                    application_id=first.id,
                    verdict="eligible",
                    motivation="Toch in behandeling.",
                    officer_id=scene.proposer.user_id,
                    given_at=MOMENT,
                ),
                FindingRow(position=0, check_id="in_time", outcome="pass", **finding),
                # What no run of the checks finds on this application.
                FindingRow(
                    position=1,
                    check_id="months",
                    outcome="fail",
                    params={"months": 40, "maximum": 6},
                    **finding,
                ),
            ]
        )
        db.session.flush()

    def test_what_it_judged_is_held_beside_what_was_frozen(self, scene: Scene) -> None:
        first, second, *_ = announce_all(scene)
        assert [one["check"] for one in first.basis["findings"]] == ["months"]
        db.session.execute(delete(FindingRow))
        found = recompute(first)
        assert (found.identical, found.whole) == (True, True)
        assert set(found.parts) == set(Part) - {Part.FINDINGS}
        assert set(recompute(second).parts) == set(Part) - {Part.JUDGED}

    def test_another_finding_is_found(self, scene: Scene) -> None:
        decision, *_ = announce_all(scene)
        _change_basis(decision, lambda basis: basis | {"findings": []})
        assert parts(decision) == {Part.JUDGED, Part.WORDS}

    def test_a_round_frozen_without_them_still_thaws_and_says_so(self, scene: Scene) -> None:
        decision, *_ = announce_all(scene)
        digest = _refrozen(decision, lambda content: content.pop("findings"))
        found = recompute(decision)
        assert found.left_out == {Part.JUDGED: NotHeld.FINDINGS_NOT_FROZEN}
        assert not set(found.parts) & {Part.JUDGED, Part.FINDINGS}
        assert not found.whole
        # The event of the proposal names another digest: all that differs is what this test did.
        assert {one.part for one in found.differences} == {Part.WORDS, Part.EVENTS}
        assert frozen.thaw(digest).found is None

    def test_one_of_whom_nothing_was_stored_is_checked_again(self, scene: Scene) -> None:
        db.session.execute(delete(FindingRow))
        decision, *_ = announce_all(scene)
        found = recompute(decision)
        assert found.identical
        assert Part.FINDINGS in found.parts

    def test_a_scenario_and_a_decision_share_the_frozen_round(self, scene: Scene) -> None:
        decision, *_ = propose(scene)
        assert decision.frozen_sha256 == frozen.digest_of(scene.round, material_of(scene.round))


def test_a_round_without_verdicts_keeps_the_digest_that_it_had(scene: Scene) -> None:
    decision, *_ = propose(scene)
    row = db.session.get_one(FrozenRound, decision.frozen_sha256)
    assert "findings" not in json.loads(gzip.decompress(row.content))


def test_a_renewed_decision_keeps_its_money_while_the_new_letter_is_on_its_way(scene: Scene) -> None:
    old, *_ = propose(scene)
    scene.confirm(old)
    late = MOMENT + timedelta(days=30)
    new = proposing.renew(old, announce_on=late.date(), actor=scene.proposer, now=late)
    assert recompute(old).identical
    assert recompute(new).identical


class TestAWholeRound:
    def test_asks_no_more_of_the_database_for_more_decisions(
        self, count_queries: Callable[[], QueryCount]
    ) -> None:
        counted = []
        for scores in ((5,), (5, 4, 3)):
            scene = make_scene(scores)
            announce_all(scene)
            db.session.expire_all()
            with count_queries() as queries:
                told = list(recomputing.recompute_all(scene.round))
            assert [one.identical for _, one in told] == [True] * len(scores)
            counted.append(queries.count)
        assert counted[0] == counted[1]

    def test_tells_which_decision_differs(self, scene: Scene) -> None:
        first, second, *_ = announce_all(scene)
        past_the_triggers("decision", "UPDATE decision SET departure = 'x' WHERE id = :id", id=second.id)
        told = {one.id: found.identical for one, found in recomputing.recompute_all(scene.round)}
        assert told[first.id]
        assert not told[second.id]
        assert sum(told.values()) == len(told) - 1


def _refrozen(decision: Decision, change: Callable[[dict[str, object]], object]) -> str:
    """Let a decision rest on its frozen round with a change made to it, under a digest that fits."""
    row = db.session.get_one(FrozenRound, decision.frozen_sha256)
    content = json.loads(gzip.decompress(row.content))
    change(content)
    written = json_text(content).encode()
    digest = sha256(written).hexdigest()
    db.session.add(
        FrozenRound(sha256=digest, round_id=row.round_id, content=gzip.compress(written), frozen_at=MOMENT)
    )
    db.session.flush()
    past_the_triggers(
        "decision", "UPDATE decision SET frozen_sha256 = :new WHERE id = :id", new=digest, id=decision.id
    )
    return digest


def _change_basis(decision: Decision, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    changed = json.dumps(change(dict(decision.basis)))
    value = "CAST(:basis AS JSONB)" if db.engine.dialect.name == "postgresql" else ":basis"
    past_the_triggers(
        "decision",
        f"UPDATE decision SET basis = {value} WHERE id = :id",  # noqa: S608  # a word of our own
        basis=changed,
        id=decision.id,
    )
