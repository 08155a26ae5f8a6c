"""The words of a round in force: what new letters are written with, and what stays as it was."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.documents import decision_letters
from subsidy.documents.decision_letters import content_for, letters_of, make_letter
from subsidy.documents.letter import LetterContent
from subsidy.models import Decision, Letter, LetterWording, Round
from subsidy.services import basis_gathering, letters, proposing, recomputing, wording_versions, wordings
from subsidy.services.advance import NotAllowedError
from subsidy.services.basis import Basis
from subsidy.services.decisions import basis_of
from subsidy.services.proposal import suggest
from subsidy.services.snapshots import definition_of
from subsidy.services.wording_versions import Change, Piece, compare
from subsidy.services.wordings import WordingError
from tests.conftest import MOMENT
from tests.factories import make_round, make_user
from tests.services.rounds import Scene, make_scene
from workflows.kinds import KINDS
from workflows.letter_words import Words, whole
from workflows.permissions import Actor, Role
from workflows.phrases import LetterKind, LetterPhrases

DAY = (MOMENT + timedelta(days=7)).date()
SALUTATION = ("salutation",)
pytestmark = pytest.mark.usefixtures("app")


def officer() -> Actor:
    return actor_of(make_user(Role.OFFICER))


def write(round_: Round, nl: str, *, by: Actor | None = None) -> LetterWording | None:
    seen = wordings.mark_of({SALUTATION: wordings.open_words(round_).words[SALUTATION]})
    typed = {SALUTATION: Words((nl,), ("Dear reader,",))}
    return wordings.save(round_, typed, seen=seen, actor=by or officer(), now=MOMENT)


def publish(round_: Round, nl: str) -> LetterWording:
    write(round_, nl)
    seen = wordings.mark_of(wordings.open_words(round_).words)
    return wordings.publish(round_, reason="Beter.", seen=seen, actor=officer(), now=MOMENT)


def propose(scene: Scene, number: int = 0, **said: Any) -> Decision:
    application = scene.applications[number]
    gathered = basis_gathering.gather(scene.round)
    proposal = suggest(gathered[application.id], announce_on=DAY)
    for name, value in said.items():
        proposal = type(proposal)(**{**{f: getattr(proposal, f) for f in proposal.__slots__}, name: value})
    return proposing.propose(application, proposal, actor=scene.proposer, now=MOMENT)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[LetterContent]:
    """What was drawn, in the place of its PDF."""
    found: list[LetterContent] = []

    def render(content: LetterContent) -> bytes:
        found.append(content)
        return content.model_dump_json().encode()

    monkeypatch.setattr(decision_letters, "render_letter", render)
    return found


class TestInForce:
    def test_a_letter_has_the_words_that_are_in_force_and_its_row_names_them(
        self, drawn: list[LetterContent]
    ) -> None:
        scene = make_scene((5, 4))
        first = propose(scene)
        make_letter({"decision_id": first.id})
        wording = publish(scene.round, "Beste aanvrager,")
        second = propose(scene, 1)
        make_letter({"decision_id": second.id})
        assert [one.salutation for one in drawn] == ["Geachte heer of mevrouw,", "Beste aanvrager,"]
        named = dict(db.session.execute(select(Letter.decision_id, Letter.wording_id)).all())
        assert named == {first.id: None, second.id: wording.id}

    def test_a_letter_that_is_drawn_again_after_a_crash_has_the_words_of_its_row(
        self, drawn: list[LetterContent], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = make_scene((5,))
        wording = publish(scene.round, "Eerste tekst,")
        decision = propose(scene)

        def crash(_content: LetterContent) -> bytes:
            raise MemoryError

        with monkeypatch.context() as broken:
            broken.setattr(decision_letters, "render_letter", crash)
            with pytest.raises(MemoryError):
                make_letter({"decision_id": decision.id})
        publish(scene.round, "Tweede tekst,")
        make_letter({"decision_id": decision.id})
        assert [one.salutation for one in drawn] == ["Eerste tekst,"]
        assert letters.of_decision(decision, now=MOMENT).wording_id == wording.id

    def test_a_row_from_before_any_publication_keeps_the_words_of_the_round(
        self, drawn: list[LetterContent]
    ) -> None:
        scene = make_scene((5,))
        decision = propose(scene)
        letters.of_decision(decision, now=MOMENT)
        publish(scene.round, "Tweede tekst,")
        make_letter({"decision_id": decision.id})
        assert [one.salutation for one in drawn] == ["Geachte heer of mevrouw,"]

    def test_a_draft_changes_no_letter_and_no_frozen_round(self) -> None:
        scene = make_scene((5,))
        before = definition_of(scene.round)
        write(scene.round, "Concept,")
        assert wordings.definition_now(scene.round) is before
        decision = propose(scene)
        assert content_for(decision).salutation == "Geachte heer of mevrouw,"
        publish(scene.round, "Concept!,")
        assert content_for(decision).salutation == "Concept!,"
        assert definition_of(scene.round) == before
        assert recomputing.recompute(decision).differences == ()

    def test_the_concepts_of_a_round_have_them_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = make_scene((5,))
        publish(scene.round, "Beste aanvrager,")
        monkeypatch.setattr(decision_letters, "render_letter", lambda content: content.salutation.encode())
        assert [one for _name, one in letters_of(scene.round, now=MOMENT)] == [b"Beste aanvrager,"]

    def test_a_round_from_before_withdrawals_gets_their_general_words_and_can_change_them(self) -> None:
        assert LetterKind.WITHDRAWAL not in KINDS["regiobeeld"].letters.outcomes
        round_ = make_round("regiobeeld")
        place = ("outcomes", "withdrawal", "subject")
        old = wordings.open_words(round_).words[place]
        assert old.nl == ("Intrekking van de subsidie voor {title}",)
        seen = wordings.mark_of({place: old})
        wordings.save(
            round_, {place: Words(("Wij stoppen",), ("We stop",))}, seen=seen, actor=officer(), now=MOMENT
        )
        seen = wordings.mark_of(wordings.open_words(round_).words)
        wordings.publish(round_, reason="Korter.", seen=seen, actor=officer(), now=MOMENT)
        letters_now = wordings.definition_now(round_).letters
        assert letters_now.outcome(LetterKind.WITHDRAWAL).subject.nl == "Wij stoppen"
        assert letters_now.outcome(LetterKind.WITHDRAWAL).decision


class TestDatabase:
    def test_published_words_never_change_and_are_kept(self) -> None:
        round_ = make_round("regiobeeld")
        wording = publish(round_, "Beste aanvrager,")
        for statement in (
            update(LetterWording).where(LetterWording.id == wording.id).values(reason="Anders"),
            delete(LetterWording).where(LetterWording.id == wording.id),
        ):
            with pytest.raises(IntegrityError), db.session.begin_nested():
                db.session.execute(statement)

    def test_of_drafts_there_is_one(self) -> None:
        round_ = make_round("regiobeeld")
        write(round_, "Beste aanvrager,")
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(
                text(
                    "INSERT INTO letter_wording (round_id, version, phrases, saved_by, saved_at) "
                    "SELECT round_id, 9, phrases, saved_by, saved_at FROM letter_wording"
                )
            )

    def test_what_is_stored_is_whole(self) -> None:
        round_ = make_round("regiobeeld")
        wording = publish(round_, "Beste aanvrager,")
        db.session.expire_all()
        phrases = LetterPhrases.model_validate(wording.phrases)
        assert whole(phrases) == wording.phrases


class TestRefusals:
    def test_who_may_not_write_is_refused(self) -> None:
        round_ = make_round("regiobeeld")
        for role in (Role.CHAIR, Role.AUDITOR, Role.FINANCE, Role.ADMINISTRATOR, Role.REVIEWER):
            with pytest.raises(NotAllowedError):
                write(round_, "Beste aanvrager,", by=actor_of(make_user(role)))
        assert wordings.find_draft(round_.id) is None

    def test_a_field_that_nothing_fills_never_comes_into_a_draft(self) -> None:
        with pytest.raises(WordingError, match="field_unknown"):
            write(make_round("regiobeeld"), "Beste {naam},")

    def test_a_faulty_draft_is_not_published(self) -> None:
        round_ = make_round("regiobeeld")
        write(round_, "")
        seen = wordings.mark_of(wordings.open_words(round_).words)
        with pytest.raises(WordingError, match="faulty"):
            wordings.publish(round_, reason="x", seen=seen, actor=officer(), now=MOMENT)

    def test_nothing_is_published_twice(self) -> None:
        round_ = make_round("regiobeeld")
        publish(round_, "Beste aanvrager,")
        seen = wordings.mark_of(wordings.open_words(round_).words)
        with pytest.raises(WordingError, match="no_draft"):
            wordings.publish(round_, reason="x", seen=seen, actor=officer(), now=MOMENT)
        assert wording_versions.page_of(round_).versions[0].version == 1


class TestExtraParagraphs:
    def test_they_are_kept_with_the_decision_and_stand_below_it_in_the_letter(self) -> None:
        scene = make_scene((5,))
        publish_extra(scene.round, "Wij wensen u succes.")
        decision = propose(scene, extra=("Bel ons voor een afspraak. ", "", "Tot ziens."))
        assert basis_of(decision).extra == ("Bel ons voor een afspraak.", "Tot ziens.")
        assert content_for(decision).extra == (
            "Wij wensen u succes.",
            "Bel ons voor een afspraak.",
            "Tot ziens.",
        )

    def test_a_decision_from_before_them_has_none(self) -> None:
        decision = propose(make_scene((5,)))
        old = {name: value for name, value in decision.basis.items() if name != "extra"}
        assert Basis.model_validate(old) == basis_of(decision)
        assert content_for(decision).extra == ()


def publish_extra(round_: Round, nl: str) -> None:
    place = ("outcomes", "award", "extra")
    seen = wordings.mark_of({place: Words()})
    typed = {place: Words((nl,), ("We wish you success.",))}
    wordings.save(round_, typed, seen=seen, actor=officer(), now=MOMENT)
    seen = wordings.mark_of(wordings.open_words(round_).words)
    wordings.publish(round_, reason="Vriendelijker.", seen=seen, actor=officer(), now=MOMENT)


class TestComparing:
    def test_whole_words_are_compared_and_their_spaces_kept(self) -> None:
        assert compare("Wij geven u geld.", "Wij geven u subsidie.") == (
            Piece(Change.SAME, "Wij geven u "),
            Piece(Change.REMOVED, "geld."),
            Piece(Change.ADDED, "subsidie."),
        )
        assert compare("gelijk", "gelijk") == ()
        assert compare("", "nieuw") == (Piece(Change.ADDED, "nieuw"),)

    def test_what_came_and_what_went_give_both_texts_back(self) -> None:
        before, after = "Een twee drie.\n\nVier vijf.", "Een drie twee.\n\nVijf vier zes."
        pieces = compare(before, after)
        assert "".join(one.text for one in pieces if one.change is not Change.ADDED) == before
        assert "".join(one.text for one in pieces if one.change is not Change.REMOVED) == after
