"""Letting another sign: the same words, another signature, and still four eyes."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Decision, Mandate, Round, User
from subsidy.services import confirming, resigning
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError, basis_of, get_current
from subsidy.services.grants import actor_of
from tests.conftest import MOMENT
from tests.factories import declare, give_mandate, make_interest, make_user
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from tests.services.test_ledger import award
from workflows.permissions import Role


def third_officer(scene: Scene, **values: object) -> Mandate:
    """Give somebody else who may decide in the round."""
    user = make_user(Role.OFFICER)
    declare(user, scene.round)
    return give_mandate(user, **values)


def refused(scene: Scene, mandate: Mandate, **changes: object) -> str:
    values = {"actor": scene.confirmer, "now": MOMENT} | changes
    with pytest.raises(DecisionError) as error:
        resigning.let_sign(scene.applications[0], mandate_id=mandate.id, **values)  # type: ignore[arg-type]
    return error.value.code


def test_the_words_stay_and_another_signs(app: Flask) -> None:
    scene = make_scene((5,))
    old = award(scene, 0)
    scene.letter(old)
    mandate = third_officer(scene, function="directeur", reference="Mandaatbesluit 2026, artikel 4")
    new = resigning.let_sign(scene.applications[0], mandate_id=mandate.id, actor=scene.confirmer, now=MOMENT)
    assert (old.returned_by, old.return_reason) == (scene.confirmer.user_id, "another_signs")
    assert (new.proposed_by, new.proposed_at) == (old.proposed_by, old.proposed_at)
    for name in ("outcome", "amount_cents", "motivation", "departure", "announce_on", "frozen_sha256"):
        assert getattr(new, name) == getattr(old, name)
    signature = basis_of(new).signature
    assert signature is not None
    assert (signature.name, signature.function) == (mandate.holder.name, "directeur")
    assert basis_of(new).motivation == basis_of(old).motivation
    digest = scene.letter(new)
    for actor in (scene.proposer, scene.confirmer):
        with pytest.raises(NotAllowedError):
            confirming.confirm(scene.applications[0], letter_sha256=digest, actor=actor, now=MOMENT)
    confirming.confirm(
        scene.applications[0], letter_sha256=digest, actor=actor_of(mandate.holder), now=MOMENT
    )
    assert (scene.applications[0].state, scene.round.promised_cents) == ("awarded", TEN_THOUSAND)


def test_who_asks_may_take_it_over_and_the_proposer_never(app: Flask) -> None:
    scene = make_scene((5,))
    award(scene, 0)
    mandate = third_officer(scene)
    own = db.session.scalars(select(Mandate).where(Mandate.user_id == scene.proposer.user_id)).one()
    assert refused(scene, own) == "mandate_too_narrow"
    me = actor_of(mandate.holder)
    new = resigning.let_sign(scene.applications[0], mandate_id=mandate.id, actor=me, now=MOMENT)
    digest = scene.letter(new)
    confirming.confirm(scene.applications[0], letter_sha256=digest, actor=me, now=MOMENT)
    assert (new.proposed_by, new.confirmed_by) == (scene.proposer.user_id, me.user_id)


def test_a_mandate_that_does_not_cover_it_does_not_serve(app: Flask) -> None:
    scene = make_scene((5,))
    award(scene, 0)
    day = MOMENT.date()
    for mandate in (
        third_officer(scene, up_to_cents=TEN_THOUSAND - 1),
        third_officer(scene, powers=["reject"]),
        third_officer(scene, until_day=day - timedelta(days=1)),
        third_officer(scene, withdrawn_at=MOMENT),
    ):
        assert refused(scene, mandate) == "mandate_too_narrow"
    barred = third_officer(scene)
    make_interest(scene.applications[0], barred.holder)
    assert refused(scene, barred) == "mandate_too_narrow"
    assert get_current(scene.applications[0]).returned_at is None


def test_what_was_confirmed_or_missed_is_left_alone(app: Flask) -> None:
    scene = make_scene((5,))
    decision = award(scene, 0)
    mandate = third_officer(scene)
    assert refused(scene, mandate, now=MOMENT + timedelta(days=30)) == "announcement_missed"
    scene.confirm(decision)
    assert refused(scene, mandate) == "already_confirmed"


def test_an_interest_and_a_missing_declaration_bar_who_asks(app: Flask) -> None:
    scene = make_scene((5,))
    award(scene, 0)
    mandate = third_officer(scene)
    stranger = make_user(Role.OFFICER)
    assert refused(scene, mandate, actor=actor_of(stranger)) == "declaration_needed"
    make_interest(scene.applications[0], stranger)
    with pytest.raises(NotAllowedError):
        resigning.let_sign(scene.applications[0], mandate_id=mandate.id, actor=actor_of(stranger), now=MOMENT)


@dataclass
class Rivals:
    """Officers who act on one proposal at the same moment, each in a transaction of their own."""

    app: Flask
    application: int
    heard: list[str] = field(default_factory=list)

    def run(self, *orders: tuple[int | None, int | str]) -> list[str]:
        """Let each officer let a mandate sign, or confirm a digest, at once; returns what they heard."""
        barrier = Barrier(len(orders), timeout=60)
        workers = [Thread(target=self._one, args=(barrier, *order)) for order in orders]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=120)
        return sorted(self.heard)

    def _one(self, barrier: Barrier, officer: int | None, what: int | str) -> None:
        with self.app.app_context():
            barrier.wait()
            try:
                actor = actor_of(db.session.get_one(User, officer))
                application = db.session.get_one(Application, self.application)
                if isinstance(what, str):
                    confirming.confirm(application, letter_sha256=what, actor=actor, now=MOMENT)
                else:
                    resigning.let_sign(application, mandate_id=what, actor=actor, now=MOMENT)
                db.session.commit()
                self.heard.append("done")
            except (DecisionError, NotAllowedError) as error:
                db.session.rollback()
                self.heard.append(getattr(error, "code", "not_allowed"))
            finally:
                db.session.remove()


def test_two_clicks_at_once_draw_it_anew_once(real_app: Flask) -> None:
    with real_app.app_context():
        scene = make_scene((5,))
        award(scene, 0)
        mandate, officer = third_officer(scene).id, scene.confirmer.user_id
        application = scene.applications[0].id
        db.session.commit()
        db.session.remove()
    heard = Rivals(real_app, application).run((officer, mandate), (officer, mandate))
    assert heard == ["done", "signs_already"]
    with real_app.app_context():
        assert db.session.query(Decision).count() == 2
        db.session.remove()


def test_confirming_and_signing_at_once_is_one_of_both(real_app: Flask) -> None:
    with real_app.app_context():
        scene = make_scene((5,))
        digest = scene.letter(award(scene, 0))
        mandate, officer = third_officer(scene).id, scene.confirmer.user_id
        application, round_id = scene.applications[0].id, scene.round.id
        db.session.commit()
        db.session.remove()
    heard = Rivals(real_app, application).run((officer, digest), (officer, mandate))
    assert heard in (["already_confirmed", "done"], ["done", "letter_pending"], ["done", "not_allowed"])
    with real_app.app_context():
        confirmed = db.session.query(Decision).filter(Decision.confirmed_at.is_not(None)).count()
        assert db.session.get_one(Round, round_id).promised_cents == confirmed * TEN_THOUSAND
        db.session.remove()
