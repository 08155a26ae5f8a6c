"""What officers do in a play (see awarding), and how often it comes to their mind.

Most steps look first what there is to do, as somebody does who reads a list; some go to whatever comes by.
By the time they press, another may have been there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from sqlalchemy import ColumnElement, select, update

from subsidy.db import db
from subsidy.models import Application, Decision, Mandate
from subsidy.services import (
    announcements,
    batch_confirming,
    ceiling,
    confirming,
    later_decisions,
    letter_reading,
    proposal_batches,
    proposing,
    reserve,
    resigning,
)
from subsidy.services.basis import CodedGround
from subsidy.services.batch_proposing import propose_batch
from subsidy.services.ceiling import Wanted
from subsidy.services.decisions import DecisionError
from subsidy.services.in_force import in_force, pending
from subsidy.services.proposal import Proposal, coded_of
from subsidy.services.proposal_batches import Wish
from tests.factories import MOMENT
from tests.faults.awarding import THOUSAND, Play, Step
from workflows.mandates import DecisionKind
from workflows.snapshot import Decision as Outcome

TODAY = MOMENT.date()
Done = Mapping[str, int]


def set_up(play: Play, random: Random) -> Mapping[Step, int]:
    """Give what officers do in this round; where nothing was decided, half is proposed before they begin."""
    if play.decided:
        return DECIDED
    for _ in play.applications[::2]:
        try:
            play.done.update(propose(play, play.officers[0], random, at_random=0))
            db.session.commit()
        except DecisionError as error:  # in order of receipt, whoever is picked may have to wait
            db.session.rollback()
            play.refused.update({("decision", error.code): 1})
    return NEW


def propose(play: Play, officer: int, random: Random, *, at_random: float = 0.15) -> Done:
    """Propose a first decision: mostly an award, else a rejection, with or without a place on the list."""
    open_ = db.session.scalars(
        select(Application.id).where(
            Application.round_id == play.round_id,
            ~select(Decision.id)
            .where(Decision.application_id == Application.id, Decision.returned_at.is_(None))
            .exists(),
        )
    ).all()
    application = _one_of(play, open_, random, at_random=at_random)
    asked = application.requested_cents
    awarded = random.random() < 0.8
    cents = random.choice((asked, asked, random.randint(1, asked))) if awarded else 0
    place = play.applications.index(application.id) + 1 if not awarded and random.random() < 0.7 else None
    proposal = Proposal(
        Outcome.AWARDED if awarded else Outcome.REJECTED,
        TODAY,
        amount_cents=cents,
        ground=None if cents == asked else "ceiling",
        motivation="Past bij de regio.",
        departure="Het advies wordt niet gevolgd.",
        starts_on=TODAY if awarded else None,
        reserve_place=place,
        list_until=None if place is None else TODAY.replace(month=9),
        mandate_id=play.mandate_beside(officer, random),
    )
    proposing.propose(application, proposal, actor=play.actor(officer), now=MOMENT)
    return {"proposed first": 1}


def propose_all(play: Play, officer: int, random: Random) -> Done:
    """Ask for all that has no proposal, and do it as the worker does, beside everybody else."""
    wish = Wish(TODAY, mandate_id=play.mandate_beside(officer, random))
    batch = proposal_batches.ask(play.round(), wish, actor=play.actor(officer), now=MOMENT)
    db.session.commit()
    propose_batch({"batch_id": batch.id})
    db.session.refresh(batch)
    for one in proposal_batches.refused_in(batch):
        play.count(play.refused, {("batch", one.code): len(one.applications)})
    return {"batch proposed": 1, "proposed first": batch.proposed}


def confirm(play: Play, officer: int, random: Random) -> Done:
    """Confirm a proposal under the own mandate if there is one, else one of another."""
    waiting = _waiting(play)
    own = [id_ for id_, holder in waiting if holder == play.house.officers[officer]]
    application = _one_of(play, own or [id_ for id_, _ in waiting], random, at_random=0)
    _draw_letters(play)
    confirming.confirm(application, letter_sha256=play.house.letter, actor=play.actor(officer), now=MOMENT)
    return {"confirmed": 1}


def confirm_several(play: Play, officer: int, random: Random) -> Done:
    """Read the letters that wait and confirm them together; some have an old page with more on it."""
    _draw_letters(play)
    actor = play.actor(officer)
    waiting = batch_confirming.find_waiting(play.round(), actor=actor, today=TODAY)
    for one in waiting:
        letter_reading.note(one.decision_id, user_id=actor.user_id, now=MOMENT)
    ids = [one.application_id for one in waiting] if random.random() < 0.6 else play.applications
    db.session.commit()
    ticked = dict.fromkeys(ids, play.house.letter)
    found = batch_confirming.confirm_batch(play.round(), ticked, actor=actor, now=MOMENT)
    db.session.commit()
    for refused in found.refused:
        play.count(play.refused, {("batch", refused.code): 1})
    return {"confirmed": found.confirmed, "confirmed in a batch": found.confirmed}


def announce(play: Play, officer: int, random: Random) -> Done:
    """Post a letter that was confirmed."""
    confirmed = db.session.scalars(
        select(Decision.application_id).where(
            pending(), Decision.confirmed_at.is_not(None), Decision.round_id == play.round_id
        )
    ).all()
    application = _one_of(play, confirmed, random, at_random=0.1)
    announcements.announce_by_post(application, actor=play.actor(officer), now=MOMENT)
    return {"announced": 1}


def announce_all(play: Play, officer: int, _random: Random) -> Done:
    """Post all letters of today."""
    posted = announcements.post_today(play.round(), actor=play.actor(officer), now=MOMENT)
    return {"announced": posted, "announced together": posted}


def send_back(play: Play, officer: int, random: Random) -> Done:
    """Send a proposal back."""
    application = _one_of(play, [id_ for id_, _ in _waiting(play)], random, at_random=0.2)
    confirming.send_back(application, reason="De naam klopt niet.", actor=play.actor(officer), now=MOMENT)
    return {"sent back": 1}


def sign_anew(play: Play, officer: int, random: Random) -> Done:
    """Let another sign a proposal."""
    application = _one_of(play, [id_ for id_, _ in _waiting(play)], random)
    mandate_id = play.house.mandates[random.choice(play.officers)]
    resigning.let_sign(application, mandate_id=mandate_id, actor=play.actor(officer), now=MOMENT)
    return {"signed anew": 1}


def withdraw(play: Play, officer: int, random: Random) -> Done:
    """Propose to take an award back, at the request of who has it."""
    application = _one_of(play, _in_force(play, Decision.outcome == "awarded"), random)
    return _later(
        play,
        officer,
        random,
        application,
        Proposal(
            Outcome.WITHDRAWN,
            TODAY,
            kind=DecisionKind.WITHDRAWAL,
            reason="U hebt zelf om intrekking gevraagd.",
            motivation="Het project gaat niet door.",
            coded=_coded("own_request"),
        ),
    )


def correct(play: Play, officer: int, random: Random) -> Done:
    """Propose another amount, more or less than before, whatever there is left; some corrections reject."""
    application = _one_of(play, _in_force(play), random)
    asked = application.requested_cents
    rejected = random.random() < 0.1
    cents = 0 if rejected else random.choice((asked, asked, random.randint(1, asked)))
    old = later_decisions.find_in_force(application)
    lowers = old is not None and cents < old.amount_cents
    return _later(
        play,
        officer,
        random,
        application,
        Proposal(
            Outcome.REJECTED if rejected else Outcome.AWARDED,
            TODAY,
            amount_cents=cents,
            ground=None if cents == asked else "ceiling",
            kind=DecisionKind.CORRECTION,
            reason="Het bedrag was fout.",
            motivation="De begroting is opnieuw bekeken.",
            starts_on=None if rejected else TODAY,
            coded=_coded("awarded_wrongly" if lowers and not rejected else "manifest_error"),
        ),
    )


def move_up(play: Play, officer: int, random: Random) -> Done:
    """Give money that came free to who is next on the list; some try another, or more than there is."""
    list_ = reserve.list_of(play.round(), today=TODAY)
    upcoming = list_.next
    chosen = upcoming if upcoming is not None and random.random() < 0.8 else None
    if chosen is None and list_.entries:
        chosen = random.choice(list_.entries)
    application = (
        play.some_application(random)
        if chosen is None
        else db.session.get_one(Application, chosen.application_id)
    )
    asked = application.requested_cents
    cents = (chosen.standing.amount_cents if chosen is not None else 0) or asked
    if random.random() < 0.1:
        cents = asked
    part = chosen is not None and chosen.place.number is None
    return _later(
        play,
        officer,
        random,
        application,
        Proposal(
            Outcome.AWARDED,
            TODAY,
            amount_cents=cents,
            ground=None if cents >= asked else "ceiling",
            kind=DecisionKind.INCREASE if part else DecisionKind.RESERVE,
            reason="Er kwam geld vrij.",
            motivation="De aanvraag is geschikt en er kwam geld vrij.",
            starts_on=TODAY,
            coded=_coded("money_came_free"),
        ),
    )


def remedy(play: Play, officer: int, random: Random) -> Done:
    """Propose what an objection leads to, beside the ceiling."""
    application = _one_of(play, _in_force(play), random)
    return _later(
        play,
        officer,
        random,
        application,
        Proposal(
            Outcome.AWARDED,
            TODAY,
            amount_cents=application.requested_cents,
            kind=DecisionKind.REMEDY,
            reason="Uw bezwaar is gegrond.",
            motivation="Het bezwaar is gegrond.",
            remedy_of="Bezwaar van 1 maart 2026",
            starts_on=TODAY,
            coded=_coded("after_objection"),
        ),
    )


def change_ceiling(play: Play, officer: int, random: Random) -> Done:
    """Raise the ceiling as it was published; some try to lower it, or look at an old page."""
    round_ = play.round()
    seen = round_.ceiling_cents
    wanted = Wanted(
        cents=seen + random.choice((1, 2, 3, -1)) * THOUSAND,
        # So that no two are the two clicks of one.
        reason=f"Er is meer geld ({officer}, {random.random()}).",
        publication="Staatscourant 2026, 2",
        published_on=TODAY,
    )
    actor = play.actor(officer)
    if random.random() < 0.5:
        db.session.commit()  # the page was opened before
    ceiling.change(round_, wanted, seen_cents=seen, actor=actor, now=MOMENT)
    return {"ceiling changed": 1}


def _later(play: Play, officer: int, random: Random, application: Application, proposal: Proposal) -> Done:
    signed = replace(proposal, mandate_id=play.mandate_beside(officer, random))
    later_decisions.propose_later(application, signed, actor=play.actor(officer), now=MOMENT)
    return {f"proposed {proposal.kind}": 1}


def _coded(code: str) -> tuple[CodedGround, ...]:
    return coded_of((code,))


def _one_of(play: Play, found: Sequence[int], random: Random, *, at_random: float = 0.15) -> Application:
    """Pick one of what was found, or sometimes just any: somebody else may have been first."""
    if not found or random.random() < at_random:
        return play.some_application(random)
    return db.session.get_one(Application, random.choice(found))


def _waiting(play: Play) -> Sequence[tuple[int, int]]:
    """Give the applications with a proposal that is not confirmed, each with who holds its mandate."""
    rows = db.session.execute(
        select(Decision.application_id, Mandate.user_id)
        .join(Mandate, Mandate.id == Decision.mandate_id)
        .where(pending(), Decision.confirmed_at.is_(None), Decision.round_id == play.round_id)
    )
    return [(application_id, holder) for application_id, holder in rows]


def _in_force(play: Play, *where: ColumnElement[bool]) -> Sequence[int]:
    return db.session.scalars(
        select(Decision.application_id).where(in_force(), Decision.round_id == play.round_id, *where)
    ).all()


def _draw_letters(play: Play) -> None:
    """Do what the worker does meanwhile."""
    db.session.execute(
        update(Decision)
        .where(Decision.round_id == play.round_id, pending(), Decision.letter_sha256.is_(None))
        .values(letter_sha256=play.house.letter)
    )
    db.session.commit()


# Of a round that was not decided before, and of one that was.
NEW: dict[Step, int] = {
    propose: 5,
    propose_all: 1,
    confirm: 10,
    confirm_several: 3,
    announce: 4,
    announce_all: 1,
    send_back: 1,
    sign_anew: 1,
    withdraw: 1,
    change_ceiling: 1,
}
DECIDED: dict[Step, int] = {
    propose: 1,
    confirm: 9,
    confirm_several: 4,
    announce: 4,
    announce_all: 1,
    send_back: 1,
    sign_anew: 1,
    withdraw: 3,
    correct: 4,
    move_up: 6,
    remedy: 3,
    change_ceiling: 1,
}
