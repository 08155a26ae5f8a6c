"""From a division to decisions that two people stand for, each with one letter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.documents.decision_facts import facts_of
from subsidy.documents.decision_letters import letters_of, make_letter
from subsidy.documents.letter_text import compose_letter
from subsidy.models import Decision, Event, OutboxRow, Supplement, Verdict
from subsidy.services import (
    basis_gathering,
    confirming,
    decisions,
    events,
    file_store,
    proposal,
    proposal_batches,
    proposing,
    recomputing,
)
from subsidy.services.advance import NotAllowedError
from subsidy.services.basis import PaymentBasis
from subsidy.services.decisions import DecisionError, Stage
from subsidy.services.proposal import Proposal, coded_of
from subsidy.services.proposal_batches import Wish
from subsidy.services.proposal_writing import draft
from subsidy.services.snapshots import definition_of
from tests.conftest import MOMENT, QueryCount
from tests.factories import grant, make_application, make_review, make_round, make_user
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.kinds import KINDS
from workflows.machine import TransitionError
from workflows.permissions import Role
from workflows.snapshot import Decision as Outcome

DAY = date(2026, 3, 17)
TODAY = MOMENT.date()


pytestmark = pytest.mark.usefixtures("app")


def refusal(error: pytest.ExceptionInfo[DecisionError]) -> str:
    return error.value.code


def proposals_by_reference(scene: Scene) -> dict[str, Decision]:
    rows = db.session.scalars(select(Decision).where(Decision.round_id == scene.round.id)).all()
    return {row.application.reference or "": row for row in rows if row.returned_at is None}


def rejection(**changes: object) -> Proposal:
    plain = Proposal(
        Outcome.REJECTED,
        DAY,
        ground="below_threshold",
        motivation="Te weinig samenwerking.",
        departure="De commissie weegt anders.",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class TestSuggesting:
    def test_the_division_becomes_awards_a_part_and_numbered_reserve_places(self) -> None:
        scene = make_scene((5, 4, 3, 4), ceiling_cents=1_400_000)
        gathered = basis_gathering.gather(scene.round)
        got = [
            (one.outcome, one.amount_cents, one.ground, one.reserve_place, one.list_until)
            for one in (
                proposal.suggest(gathered[application.id], announce_on=DAY)
                for application in scene.applications
            )
        ]
        last = date(2026, 9, 17)
        assert got == [
            (Outcome.AWARDED, TEN_THOUSAND, None, None, None),
            (Outcome.AWARDED, 400_000, "ceiling", None, None),
            (Outcome.REJECTED, 0, "ceiling", 2, last),
            (Outcome.REJECTED, 0, "ceiling", 1, last),
        ]

    def test_a_reserve_place_lasts_as_long_as_the_round_says(self) -> None:
        plain = KINDS["regiobeeld"]
        short = plain.model_copy(update={"terms": plain.terms.model_copy(update={"reserve_months": 2})})
        round_ = make_round("regiobeeld", ceiling_cents=0, definition=short)
        make_review(make_application(round_, "in_review"), score=5)
        (found,) = basis_gathering.gather(round_).values()
        assert proposal.suggest(found, announce_on=DAY).list_until == date(2026, 5, 18)

    def test_reasons_per_criterion_come_from_the_reports_without_names(self) -> None:
        scene = make_scene((4,))
        make_review(scene.applications[0], score=2)
        (found,) = basis_gathering.gather(scene.round).values()
        suggested = proposal.suggest(found, announce_on=DAY)
        text = "Beoordelaar 1: Redenen bij kwaliteit.\n\nBeoordelaar 2: Redenen bij kwaliteit."
        assert suggested.reasons["kwaliteit"] == text
        assert found.total == Decimal(50)
        assert found.criteria[0].value == Decimal(3)

    def test_an_unused_chance_to_supplement_leads_to_not_processed(self) -> None:
        scene = make_scene(())
        application = make_application(scene.round, "ineligible")
        asked_by = make_user(Role.OFFICER)
        db.session.add_all(
            [
                Verdict(
                    application_id=application.id,
                    verdict="ineligible",
                    motivation="De begroting ontbreekt.",
                    officer_id=asked_by.id,
                    given_at=MOMENT,
                ),
                Supplement(
                    application_id=application.id,
                    asked="de begroting\nde handtekening",
                    requested_by=asked_by.id,
                    requested_at=MOMENT - timedelta(days=16),
                    last_day=TODAY - timedelta(days=2),
                    expired_at=MOMENT,
                ),
            ]
        )
        db.session.flush()
        (found,) = basis_gathering.gather(scene.round).values()
        suggested = proposal.suggest(found, announce_on=DAY)
        assert suggested.outcome is Outcome.NOT_PROCESSED
        assert suggested.missing == ("de begroting", "de handtekening")
        assert suggested.motivation == "De begroting ontbreekt."
        decision = proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT)
        assert scene.confirm(decision).outcome == "not_processed"
        assert application.state == "not_processed"

    def test_too_few_domains_is_a_rejection_with_its_findings(self) -> None:
        scene = make_scene(())
        application = make_application(scene.round, "ineligible")
        del application.participations[2:]
        db.session.flush()
        (found,) = basis_gathering.gather(scene.round).values()
        suggested = proposal.suggest(found, announce_on=DAY)
        assert (suggested.outcome, suggested.ground) == (Outcome.REJECTED, "not_eligible")
        assert [one.check for one in found.findings] == ["in_time", "domains"]
        told = draft(suggested, found, actor=scene.proposer, now=MOMENT)
        letter = compose_letter(definition_of(scene.round), facts_of(scene.round, told, concept=False))
        # That requirements were not met is said once, above the table that says which.
        assert (len(letter.grounds), len(letter.findings), letter.general_motivation) == (1, 2, "")
        assert suggested.motivation != ""

    def test_the_number_of_queries_does_not_grow(self, count_queries: Callable[[], QueryCount]) -> None:
        one, three = make_scene((4,)), make_scene((5, 4, 3))
        basis_gathering.gather(one.round)
        with count_queries() as for_one:
            basis_gathering.gather(one.round)
        with count_queries() as for_three:
            basis_gathering.gather(three.round)
        assert (for_one.count, for_three.count) == (16, 16)


class TestProposing:
    def test_a_whole_round_at_once(self) -> None:
        scene = make_scene((5, 4, 1), ceiling_cents=TEN_THOUSAND)
        batch = scene.propose_all(DAY)
        assert (batch.proposed, batch.refused) == (3, {})
        found = proposals_by_reference(scene)
        names = [application.reference or "" for application in scene.applications]
        assert [(found[name].outcome, found[name].amount_cents) for name in names] == [
            ("awarded", TEN_THOUSAND),
            ("rejected", 0),
            ("rejected", 0),
        ]
        assert found[names[2]].ground == "criterion:kwaliteit"
        assert {one.objection_last_day for one in found.values()} == {date(2026, 4, 28)}
        again = scene.propose_all(DAY)
        assert (again.proposed, again.refused) == (0, {})

    def test_what_is_not_ready_is_told_and_left_alone(self) -> None:
        scene = make_scene((4,))
        unreviewed = make_application(scene.round, "in_review", submitted_at=MOMENT - timedelta(days=30))
        batch = scene.propose_all(DAY)
        assert batch.proposed == 0
        # What an award would take may be what the unread application is worth.
        assert batch.refused == {
            scene.applications[0].reference: "others_on_the_way",
            unreviewed.reference: "motivation_needed",
        }

    def test_what_is_refused_itself_no_longer_holds_up_the_others(self) -> None:
        scene = make_scene((4,))
        unreviewed = make_application(scene.round, "in_review", submitted_at=MOMENT - timedelta(days=30))
        refusal = replace(rejection(), ground="too_few_reviews")
        proposing.propose(unreviewed, refusal, actor=scene.proposer, now=MOMENT)
        batch = scene.propose_all(DAY)
        assert (batch.proposed, batch.refused) == (1, {})

    def test_the_ceiling_waits_until_all_can_be_compared(self) -> None:
        scene = make_scene((4, 1))
        early = make_application(scene.round, "submitted", submitted_at=MOMENT - timedelta(days=30))
        good, poor = (application.reference or "" for application in scene.applications)
        batch = scene.propose_all(DAY)
        # Below a threshold is below it whatever the others are worth.
        assert batch.refused == {good: "others_on_the_way", early.reference: "motivation_needed"}
        assert [one for one in proposals_by_reference(scene) if one != good] == [poor]

    def test_what_it_rests_on_is_frozen_with_it(self) -> None:
        scene = make_scene((5,))
        decision = proposing.propose(scene.applications[0], rejection(), actor=scene.proposer, now=MOMENT)
        frozen = decisions.basis_of(decision)
        scene.applications[0].title = "Iets anders"
        db.session.flush()
        assert frozen.title != "Iets anders"
        assert (frozen.total, frozen.rank, frozen.allocation.value) == (Decimal(100), 1, "award")
        assert frozen.rules["threshold_total"] == "50"
        with pytest.raises(DBAPIError, match="what a decision says never changes"), db.session.begin_nested():
            db.session.execute(update(Decision).values(motivation="achteraf"))

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"motivation": " "}, "motivation_needed"),
            ({"ground": None}, "ground_needed"),
            ({"ground": "criterion:kwaliteit", "motivation": "", "reasons": {"relevantie": "Ja."}},
             "criterion_reason_needed"),
            ({"ground": "below_threshold", "motivation": "", "reasons": {"relevantie": "Ja."}},
             "criterion_reason_needed"),
            ({"conditions": ("Eerst een plan.",)}, "conditions_without_award"),
            ({"payments": (PaymentBasis(when="Nu", cents=1),)}, "payments_differ"),
            ({"coded": coded_of(["manifest_error"])}, "coded_unfit"),
            ({"departure": ""}, "departure_needed"),
            ({"reserve_place": 1}, "reserve_incomplete"),
            ({"amount_cents": 1}, "amount_without_award"),
            ({"announce_on": TODAY - timedelta(days=1)}, "announce_date_past"),
            ({"outcome": Outcome.AWARDED, "amount_cents": 1}, "starts_on_needed"),
            ({"outcome": Outcome.NOT_PROCESSED}, "missing_needed"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_motivated_is_refused(self, changes: dict[str, object], code: str) -> None:
        scene = make_scene((5,))
        with pytest.raises(DecisionError) as error:
            proposing.propose(scene.applications[0], rejection(**changes), actor=scene.proposer, now=MOMENT)
        assert refusal(error) == code
        assert proposals_by_reference(scene) == {}

    def test_the_guards_of_the_machine_are_asked_before_a_letter_is_drawn(self) -> None:
        scene = make_scene((5,))
        too_much = rejection(
            outcome=Outcome.AWARDED, ground=None, amount_cents=TEN_THOUSAND + 1, starts_on=DAY
        )
        with pytest.raises(TransitionError, match="amount_above_requested"):
            proposing.propose(scene.applications[0], too_much, actor=scene.proposer, now=MOMENT)

    def test_one_standing_proposal_at_a_time(self) -> None:
        scene = make_scene((5,))
        proposing.propose(scene.applications[0], rejection(), actor=scene.proposer, now=MOMENT)
        with pytest.raises(DecisionError) as error:
            proposing.propose(scene.applications[0], rejection(), actor=scene.confirmer, now=MOMENT)
        assert refusal(error) == "already_proposed"

    def test_a_conflict_anywhere_in_the_round_bars_from_proposing(self) -> None:
        scene = make_scene((5, 4))
        officer = make_user(Role.OFFICER)
        make_review(
            scene.applications[1], officer, declared_at=MOMENT, conflict="Mijn broer werkt daar.", position=1
        )
        with pytest.raises(NotAllowedError):
            proposing.propose(scene.applications[0], rejection(), actor=actor_of(officer), now=MOMENT)
        with pytest.raises(NotAllowedError):
            proposal_batches.ask(scene.round, Wish(DAY), actor=actor_of(officer), now=MOMENT)


class TestTheLetter:
    def test_a_basis_from_before_there_was_more_to_say_still_gives_its_letter(self) -> None:
        scene = make_scene((5,))
        (found,) = basis_gathering.gather(scene.round).values()
        plain = proposal.suggest(found, announce_on=DAY)
        decision = draft(plain, found, actor=scene.proposer, now=MOMENT)
        new = {
            "coded", "conditions", "obligations", "payments", "finding_reasons", "score_reasons", "lot",
            "priority", "priority_reason", "hearings", "replaces", "signature", "reserve_months",
            "payment_weeks",
        }  # fmt: skip
        decision.basis = {name: one for name, one in decision.basis.items() if name not in new}
        facts = facts_of(scene.round, decision, concept=False)
        letter = compose_letter(definition_of(scene.round), facts)
        assert letter.summary == "U krijgt subsidie: €\xa010.000,00."
        assert (letter.coded, letter.conditions, letter.payment_schedule) == ((), (), ())

    def test_payments_have_a_table_where_they_are_not_the_usual_one(self) -> None:
        scene = make_scene((5,))
        (found,) = basis_gathering.gather(scene.round).values()
        plain = proposal.suggest(found, announce_on=DAY)
        assert [one.cents for one in plain.payments] == [TEN_THOUSAND]
        halves = tuple(PaymentBasis(when=when, cents=500_000) for when in ("Nu", "Later"))
        shown = [
            [
                (row.when, row.amount_cents)
                for row in facts_of(
                    scene.round, draft(one, found, actor=scene.proposer, now=MOMENT), concept=False
                ).payments
            ]
            for one in (plain, replace(plain, payments=halves))
        ]
        assert shown == [[], [("Nu", 500_000), ("Later", 500_000)]]

    def test_it_is_drawn_once_whatever_runs_twice(self) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        decision = proposing.propose(application, rejection(), actor=scene.proposer, now=MOMENT)
        assert decisions.stage_of(decision, today=TODAY) is Stage.RENDERING
        digest = scene.letter(decision)
        make_letter({"decision_id": decision.id})
        db.session.refresh(decision)
        assert decision.letter_sha256 == digest
        assert decisions.stage_of(decision, today=TODAY) is Stage.PROPOSED
        made = db.session.scalars(select(Event).where(Event.name == "decision.letter_made")).all()
        assert [one.facts["letter_sha256"] for one in made] == [digest]
        assert file_store.read(digest).startswith(b"%PDF-1.7")

    def test_the_worker_draws_what_was_ordered(self) -> None:
        scene = make_scene((5,))
        decision = proposing.propose(scene.applications[0], rejection(), actor=scene.proposer, now=MOMENT)
        db.session.commit()
        assert jobs.drain_here(300) == 1
        db.session.refresh(decision)
        assert decision.letter_sha256 is not None

    def test_concepts_for_all_and_the_stored_letter_where_decided(self) -> None:
        scene = make_scene((5, 1))
        decided, open_one = scene.applications
        suggested = proposal.suggest(basis_gathering.gather(scene.round)[decided.id], announce_on=DAY)
        decision = scene.confirm(proposing.propose(decided, suggested, actor=scene.proposer, now=MOMENT))
        found = dict(letters_of(scene.round, now=MOMENT))
        assert list(found) == [decided.reference, open_one.reference]
        assert found[decided.reference or ""] == file_store.read(decision.letter_sha256 or "")
        assert b"CONCEPT" not in found[decided.reference or ""]


class TestConfirming:
    def awaiting(self, scene: Scene) -> Decision:
        suggested = proposal.suggest(
            basis_gathering.gather(scene.round)[scene.applications[0].id], announce_on=DAY
        )
        return proposing.propose(scene.applications[0], suggested, actor=scene.proposer, now=MOMENT)

    def test_it_takes_effect_and_its_announcement_is_ordered(self) -> None:
        scene = make_scene((5,))
        decision = scene.confirm(self.awaiting(scene))
        (application,) = scene.applications
        assert (application.state, scene.round.promised_cents) == ("awarded", TEN_THOUSAND)
        assert decision.confirmed_by == scene.confirmer.user_id
        order = db.session.scalars(select(OutboxRow).where(OutboxRow.topic == "announce")).one()
        assert order.due_at.isoformat() == "2026-03-17T08:00:00+00:00"
        assert list(events.verify()) == []

    def test_the_proposer_cannot(self) -> None:
        scene = make_scene((5,))
        decision = self.awaiting(scene)
        digest = scene.letter(decision)
        with pytest.raises(NotAllowedError):
            confirming.confirm(decision.application, letter_sha256=digest, actor=scene.proposer, now=MOMENT)
        assert scene.applications[0].state == "in_review"
        with pytest.raises(DBAPIError, match="four_eyes"), db.session.begin_nested():
            db.session.execute(update(Decision).values(confirmed_by=scene.proposer.user_id))

    def test_a_double_click_confirms_once(self) -> None:
        scene = make_scene((5,))
        decision = scene.confirm(self.awaiting(scene))
        with pytest.raises(DecisionError) as error:
            confirming.confirm(
                decision.application,
                letter_sha256=decision.letter_sha256 or "",
                actor=scene.confirmer,
                now=MOMENT,
            )
        assert refusal(error) == "already_confirmed"
        assert scene.round.promised_cents == TEN_THOUSAND
        awarded = db.session.scalars(select(Event).where(Event.name == "application.awarded")).all()
        assert len(awarded) == 1

    def test_only_the_letter_that_was_read(self) -> None:
        scene = make_scene((5,))
        decision = self.awaiting(scene)
        with pytest.raises(DecisionError) as error:
            confirming.confirm(decision.application, letter_sha256="", actor=scene.confirmer, now=MOMENT)
        assert refusal(error) == "letter_pending"
        scene.letter(decision)
        with pytest.raises(DecisionError) as error:
            confirming.confirm(
                decision.application, letter_sha256="0" * 64, actor=scene.confirmer, now=MOMENT
            )
        assert refusal(error) == "other_letter"

    def test_a_letter_that_was_damaged_on_disk_is_not_confirmed(self) -> None:
        scene = make_scene((5,))
        decision = self.awaiting(scene)
        digest = scene.letter(decision)
        place = file_store.path_of(digest)
        place.write_bytes(place.read_bytes() + b" ")
        with pytest.raises(file_store.FileDamagedError):
            confirming.confirm(decision.application, letter_sha256=digest, actor=scene.confirmer, now=MOMENT)
        place.unlink()

    def test_sent_back_with_a_reason_and_proposed_anew(self) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        first = self.awaiting(scene)
        scene.letter(first)
        with pytest.raises(DecisionError) as error:
            confirming.send_back(application, reason=" ", actor=scene.confirmer, now=MOMENT)
        assert refusal(error) == "reason_needed"
        confirming.send_back(application, reason="De naam klopt niet.", actor=scene.confirmer, now=MOMENT)
        assert decisions.stage_of(first, today=TODAY) is Stage.RETURNED
        assert decisions.find_current(application) is None
        second = self.awaiting(scene)
        steps = decisions.history_of(application)
        assert [one.decision.id for one in steps] == [second.id, first.id]
        assert steps[1].returner is not None

    def test_an_application_withdrawn_meanwhile_is_not_decided(self) -> None:
        scene = make_scene((5,))
        decision = self.awaiting(scene)
        digest = scene.letter(decision)
        scene.applications[0].state = "withdrawn"
        db.session.flush()
        with pytest.raises(TransitionError, match="wrong_state"):
            confirming.confirm(decision.application, letter_sha256=digest, actor=scene.confirmer, now=MOMENT)
        db.session.refresh(decision)
        assert decision.confirmed_at is None


class TestAMissedDate:
    def test_is_not_confirmed_but_renewed_by_whoever_and_confirmed_by_who_did_not_propose(
        self,
    ) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        suggested = proposal.suggest(basis_gathering.gather(scene.round)[application.id], announce_on=DAY)
        old = proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT)
        digest = scene.letter(old)
        later = MOMENT + timedelta(days=8)
        with pytest.raises(DecisionError) as error:
            confirming.confirm(application, letter_sha256=digest, actor=scene.confirmer, now=later)
        assert refusal(error) == "announcement_missed"
        new = proposing.renew(old, announce_on=DAY + timedelta(days=7), actor=scene.confirmer, now=later)
        assert old.return_reason == "announcement_missed"
        assert (new.proposed_by, new.proposed_at) == (old.proposed_by, old.proposed_at)
        assert (new.announce_on, new.objection_last_day) == (date(2026, 3, 24), date(2026, 5, 6))
        assert scene.letter(new) != digest
        assert recomputing.recompute(new).identical
        # Whose words they are never confirms them, whoever asked for another date.
        with pytest.raises(NotAllowedError):
            confirming.confirm(
                application, letter_sha256=new.letter_sha256 or "", actor=scene.proposer, now=later
            )
        confirming.confirm(
            application, letter_sha256=new.letter_sha256 or "", actor=scene.confirmer, now=later
        )
        assert application.state == "awarded"
        assert recomputing.recompute(new).identical

    def test_after_confirmation_keeps_the_money_and_needs_two_people_again(self) -> None:
        scene = make_scene((5,), ceiling_cents=TEN_THOUSAND)
        (application,) = scene.applications
        suggested = proposal.suggest(basis_gathering.gather(scene.round)[application.id], announce_on=DAY)
        old = scene.confirm(proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT))
        later = MOMENT + timedelta(days=8)
        new = proposing.renew(old, announce_on=DAY + timedelta(days=7), actor=scene.proposer, now=later)
        assert scene.round.promised_cents == TEN_THOUSAND
        digest = scene.letter(new)
        confirming.confirm(application, letter_sha256=digest, actor=scene.confirmer, now=later)
        assert (application.state, scene.round.promised_cents) == ("awarded", TEN_THOUSAND)
        assert [one.name for one in db.session.scalars(select(Event).order_by(Event.id))][-1] == (
            "decision.confirmed_again"
        )

    def test_what_was_confirmed_before_does_not_go_back(self) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        suggested = proposal.suggest(basis_gathering.gather(scene.round)[application.id], announce_on=DAY)
        old = scene.confirm(proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT))
        later = MOMENT + timedelta(days=8)
        new = proposing.renew(old, announce_on=DAY + timedelta(days=7), actor=scene.proposer, now=later)
        with pytest.raises(DecisionError) as error:
            confirming.send_back(application, reason="De naam klopt niet.", actor=scene.proposer, now=later)
        assert refusal(error) == "taken_before"
        assert new.returned_at is None

    def test_in_time_is_nothing_to_renew(self) -> None:
        scene = make_scene((5,))
        old = proposing.propose(scene.applications[0], rejection(), actor=scene.proposer, now=MOMENT)
        with pytest.raises(DecisionError) as error:
            proposing.renew(old, announce_on=DAY, actor=scene.proposer, now=MOMENT)
        assert refusal(error) == "not_missed"


class TestProgress:
    def test_counts_and_the_end(self) -> None:
        scene = make_scene((5, 4, 3))
        make_application(scene.round, "withdrawn")
        make_application(scene.round, "draft")
        suggested = proposal.suggest(
            basis_gathering.gather(scene.round)[scene.applications[0].id], announce_on=DAY
        )
        decision = proposing.propose(scene.applications[0], suggested, actor=scene.proposer, now=MOMENT)
        scene.confirm(decision)
        assert decisions.progress(scene.round, today=DAY) == decisions.Progress(3, 1, 1, 0, 2, 1)

    def test_grants_are_per_round(self) -> None:
        scene = make_scene((5,))
        elsewhere = make_user()
        grant(elsewhere, Role.OFFICER, make_scene(()).round)
        with pytest.raises(NotAllowedError):
            proposing.propose(scene.applications[0], rejection(), actor=actor_of(elsewhere), now=MOMENT)
