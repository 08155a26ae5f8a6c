"""Interests as data: who declared what, in which application, and that the file closes for them (Awb 2:4).

An interest can be declared at any time until the application is decided, and never loses what was
written: the review stays as it is and no longer counts (code for dealing with personal interests). What the
chair then decides is in `interest_decisions`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from subsidy.db import LOCK, db, insert_into
from subsidy.models import Application, Interest, OverriddenWarning, Participation, Review, Round
from subsidy.services import events, standing
from subsidy.services.interest_warnings import sent_in, warnings_in
from subsidy.services.organisation_names import name_key
from subsidy.services.reach import is_live
from subsidy.services.snapshots import definition_of
from workflows.application import FINAL
from workflows.interests import Kind, Sign
from workflows.permissions import Actor, Can, Role, may
from workflows.states import ApplicationState


class DeclarationRefusedError(Exception):
    """No declaration was recorded.

    `declared` or `decided` already, `involved`, `blank` (an interest says what), `why_needed` (there are
    signs of an interest, so no interest says why), `not_sent_in`, `list_changed` (of a round as a whole).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def declare_no_interest(review: Review, *, actor: Actor, now: datetime, why: str = "") -> None:
    """Record that there is no interest, which opens the file; `why` when there are signs of one.

    Where the round hides who applies, a sign would tell, so nothing is asked. Raises DeclarationRefusedError.
    """
    application = review.application
    _lock(application, review)
    if review.declared_at is not None or find_live(application, actor.user_id) is not None:
        raise DeclarationRefusedError("declared")
    me = frozenset({actor.user_id or 0})
    target = standing.to_application(actor, application, now=now)
    # Who takes part in an application of this round has an interest, whatever they say.
    if not may(actor, Can.REVIEW_VIEW_FILE, replace(target, declared_no_interest=me)):
        raise DeclarationRefusedError("involved")
    signs = signs_for(application, actor.user_id or 0)
    if signs and not why.strip() and not definition_of(application.round).reviewing.hide_applicants:
        raise DeclarationRefusedError("why_needed")
    review.declared_at = now
    if signs:
        override(application, signs, why, user_id=actor.user_id, capacity=Role.REVIEWER.value, now=now)
    _record(
        "review.no_interest_declared",
        application,
        {"review": review.id},
        {"why": why.strip()} if signs else None,
        actor=actor,
        now=now,
    )
    db.session.flush()


def declare_interest(
    review: Review, *, nature: str, measure: str, actor: Actor, now: datetime, kind: Kind = Kind.OTHER
) -> Interest:
    """Record an interest and the measure that the reviewer proposes; the file closes for them at once.

    A review that was handed in is kept and no longer counts. An empty measure is the usual one. Raises
    DeclarationRefusedError.
    """
    if not nature.strip():
        raise DeclarationRefusedError("blank")
    if kind is Kind.INVOLVED:
        _lock_files(review.application, actor.user_id)
    _lock(review.application, review)
    if review.conflict is not None:
        raise DeclarationRefusedError("declared")
    return _store(
        review.application, review, kind, nature, measure, capacity=Role.REVIEWER.value, actor=actor, now=now
    )


def declare_ties(
    review: Review, ties: Collection[str], *, nature: str, actor: Actor, now: datetime
) -> Interest | None:
    """Declare the ties with organisations of the round, where it hides who is behind which application.

    `ties` are keys of `organisations_in`. With one of them behind this application it is an interest, which
    is returned; else there is none and the file opens. Raises DeclarationRefusedError.
    """
    if ties and not nature.strip():
        raise DeclarationRefusedError("blank")
    names = select(Participation.name).where(Participation.application_id == review.application_id)
    if any(name_key(name) in ties for name in db.session.scalars(names)):
        return declare_interest(review, nature=nature, measure="", actor=actor, now=now)
    declare_no_interest(review, actor=actor, now=now)
    return None


def report_interest(
    application: Application,
    *,
    kind: Kind,
    nature: str,
    measure: str,
    capacity: str,
    actor: Actor,
    now: datetime,
) -> Interest:
    """Record an interest of somebody of the office or the committee; a review of theirs no longer counts.

    Raises DeclarationRefusedError.
    """
    if not nature.strip():
        raise DeclarationRefusedError("blank")
    if kind is Kind.INVOLVED:
        _lock_files(application, actor.user_id)
    _lock(application)
    if application.state == ApplicationState.DRAFT:
        raise DeclarationRefusedError("not_sent_in")
    review = db.session.scalars(
        select(Review)
        .where(
            Review.application_id == application.id,
            Review.reviewer_id == actor.user_id,
            Review.released_at.is_(None),
        )
        .with_for_update(key_share=True)
    ).one_or_none()
    if review is not None and review.conflict is not None:
        raise DeclarationRefusedError("declared")
    return _store(application, review, kind, nature, measure, capacity=capacity, actor=actor, now=now)


def organisations_in(round_: Round) -> list[tuple[str, str]]:
    """Return every organisation that applies in a round, once, as a key and a name, by alphabet."""
    rows = db.session.scalars(
        select(Participation.name)
        .join(Application, Application.id == Participation.application_id)
        .where(*sent_in(round_))
        .distinct()
    )
    named = {name_key(name): name for name in sorted(rows, reverse=True)}
    return sorted(named.items(), key=lambda pair: pair[1].casefold())


def signs_for(application: Application, user_id: int) -> tuple[Sign, ...]:
    """Return the signs that this person has an interest in this application."""
    found = warnings_in(application.round, [user_id], application_ids=[application.id])
    return found.get((application.id, user_id), ())


def find_live(application: Application, user_id: int | None) -> Interest | None:
    """Return the interest of this person that bars them from this application, or None."""
    return db.session.scalars(
        select(Interest).where(
            Interest.application_id == application.id, Interest.user_id == user_id, is_live()
        )
    ).one_or_none()


def find_newest(application: Application, user_id: int | None) -> Interest | None:
    """Return what this person declared last in this application, whatever the chair decided; or None."""
    return db.session.scalars(
        select(Interest)
        .where(Interest.application_id == application.id, Interest.user_id == user_id)
        .order_by(Interest.id.desc())
        .limit(1)
    ).one_or_none()


def override(
    application: Application,
    signs: Sequence[Sign],
    reason: str,
    *,
    user_id: int | None,
    capacity: str,
    now: datetime,
) -> None:
    """Keep which signs there were when somebody declared no interest, and why; the last one stands."""
    values = {
        "capacity": capacity,
        "warnings": [{"code": sign.code.value, "params": dict(sign.params)} for sign in signs],
        "reason": reason.strip(),
        "declared_at": now,
    }
    row = insert_into(OverriddenWarning).values(application_id=application.id, user_id=user_id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["application_id", "user_id"], set_=values))


def _store(  # what somebody declares, and in which capacity
    application: Application,
    review: Review | None,
    kind: Kind,
    nature: str,
    measure: str,
    *,
    capacity: str,
    actor: Actor,
    now: datetime,
) -> Interest:
    if application.state in FINAL:
        raise DeclarationRefusedError("decided")
    if find_live(application, actor.user_id) is not None:
        raise DeclarationRefusedError("declared")
    interest = Interest(
        application_id=application.id,
        user_id=actor.user_id,
        capacity=capacity,
        extent="round" if kind is Kind.INVOLVED else "file",
        kind=kind.value,
        nature=nature.strip(),
        measure=measure.strip(),
        declared_at=now,
        handed_in_at=None if review is None else review.handed_in_at,
    )
    db.session.add(interest)
    if review is not None:
        review.declared_at, review.handed_in_at = now, None
        review.conflict, review.conflict_measure = interest.nature, interest.measure
    db.session.flush()
    personal = {"kind": interest.kind, "nature": interest.nature, "measure": interest.measure}
    facts: dict[str, object] = {"interest": interest.id}
    name = "interest.declared"
    if review is not None:
        name = "review.interest_declared"
        facts |= {"review": review.id, "was_handed_in": interest.handed_in_at is not None}
    _record(name, application, facts, personal, actor=actor, now=now)
    if kind is Kind.INVOLVED:
        _set_aside(interest, application.round_id, actor=actor, now=now)
    return interest


def _set_aside(interest: Interest, round_id: int, *, actor: Actor, now: datetime) -> None:
    """Let an interest follow in every other file of the round that this person was asked to review.

    Who is directly involved in one application is no reviewer of any: what they handed in counts no more,
    until the chair dismisses the first.
    """
    barred = select(Interest.application_id).where(Interest.user_id == actor.user_id, is_live())
    reviews = db.session.scalars(
        select(Review)
        .join(Application, Application.id == Review.application_id)
        .where(
            *_reviews_in(round_id, actor.user_id),
            Review.conflict.is_(None),
            Application.state.not_in(FINAL),
            Application.id.not_in(barred),
        )
        .order_by(Review.id)
        .with_for_update(key_share=True, of=Review)
        .execution_options(populate_existing=True)
    ).all()
    for review in reviews:
        following = Interest(
            application_id=review.application_id,
            user_id=actor.user_id,
            capacity=interest.capacity,
            extent=interest.extent,
            kind=interest.kind,
            nature=interest.nature,
            measure=interest.measure,
            declared_at=now,
            handed_in_at=review.handed_in_at,
            follows_id=interest.id,
        )
        db.session.add(following)
        review.declared_at, review.handed_in_at = now, None
        review.conflict, review.conflict_measure = interest.nature, interest.measure
        db.session.flush()
        facts = {"interest": following.id, "review": review.id, "follows": interest.id}
        facts |= {"was_handed_in": following.handed_in_at is not None}
        application = db.session.get_one(Application, review.application_id)
        _record("review.interest_declared", application, facts, None, actor=actor, now=now)


def _reviews_in(round_id: int, user_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return (Application.round_id == round_id, Review.reviewer_id == user_id, Review.released_at.is_(None))


def _lock_files(application: Application, user_id: int | None) -> None:
    """Lock this file and the others of its round that this person reviews, in one order for everybody."""
    mine = select(Application.id).join(Review, Review.application_id == Application.id)
    mine = mine.where(*_reviews_in(application.round_id, user_id))
    db.session.scalars(
        select(Application)
        .where(or_(Application.id == application.id, Application.id.in_(mine)))
        .order_by(Application.id)
        .with_for_update(key_share=True)
    ).all()


def _lock(application: Application, review: Review | None = None) -> None:
    """Lock the file and then the review, as handing in does, and read again what decides."""
    db.session.refresh(application, attribute_names=["state"], with_for_update=LOCK)
    if review is not None:
        deciding = ["declared_at", "conflict", "handed_in_at"]
        db.session.refresh(review, attribute_names=deciding, with_for_update=LOCK)


def _record(
    name: str,
    application: Application,
    facts: Mapping[str, object],
    personal: Mapping[str, str] | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts=facts,
        personal=personal,
    )
