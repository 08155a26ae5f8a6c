"""Who reviews in a round: everybody who was asked, asking more people, and what each of them knows."""

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.choices import Place
from forms.reviewer_pool import AskForm, TermsForm, ask_form
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Round, RoundReviewer
from subsidy.services import pool, pool_lists, reviewer_invitations
from subsidy.services.pool import PoolError
from subsidy.services.pool_lists import Candidate
from subsidy.services.pool_profiles import known_themes
from subsidy.services.reviewer_invitations import Person, Terms
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.pool import body_options, expertise, pool_error
from workflows.permissions import Can

INVALID = 422
TIME_TO_ANSWER = timedelta(days=10)


@bp.get("/ronden/<slug>/beoordelaars")
@requires(Can.POOL_MANAGE)
def reviewers(round_: Round) -> ResponseReturnValue:
    """List everybody who was asked, with what they know and have to do."""
    after = request.args.get("na", type=id_in)
    today = clock.today()
    page = pool_lists.find_members(current_actor(), round_, today=today, after=after)
    here = url_for("office.reviewers", slug=round_.slug)
    return render_template(
        "office/pool.html",
        round_=round_,
        members=page.members,
        stands=pool_lists.count_stands(round_, today=today),
        themes=known_themes(),
        over=pool.is_over(round_),
        assigns=definition_of(round_).uses_referents,
        first_url=here if after else None,
        next_url=url_for("office.reviewers", slug=round_.slug, na=page.next_after)
        if page.next_after
        else None,
    )


@bp.get("/ronden/<slug>/beoordelaars/vragen")
@requires(Can.POOL_MANAGE)
def ask_reviewers(round_: Round) -> ResponseReturnValue:
    """Show the form that asks people."""
    return _ask_page(round_, _ask_form(round_, None))


@bp.post("/ronden/<slug>/beoordelaars/vragen")
@requires(Can.POOL_MANAGE)
def send_requests(round_: Round) -> ResponseReturnValue:
    """Ask those who were chosen and those whose address was typed, each by a mail of their own."""
    candidates = pool_lists.find_candidates(current_actor(), round_)
    form = _ask_form(round_, request.form, candidates)
    if not form.validate():
        return _ask_page(round_, form), INVALID
    chosen = set(form["people"].data) if "people" in form else set()
    people = [Person(one.user.email, one.user.name) for one in candidates if str(one.user.id) in chosen] + [
        Person(email, name) for email, name in form.typed_people()
    ]
    try:
        outcome = reviewer_invitations.ask(
            round_, people, terms_in(form), actor=current_actor(), now=clock.now()
        )
    except PoolError as error:
        form.form_errors.append(pool_error(error.code))
        return _ask_page(round_, form), INVALID
    if outcome.asked:
        message = ngettext("%(num)d person is asked.", "%(num)d people are asked.", outcome.asked)
        flash(message, "success")
    if outcome.known:
        names = ", ".join(outcome.known)
        flash(_("These people were asked in this round before: %(names)s.", names=names), "info")
    return redirect(url_for("office.reviewers", slug=round_.slug), 303)


@bp.post("/ronden/<slug>/beoordelaars/<int:asked_id>/intrekken")
@requires(Can.POOL_MANAGE)
def withdraw_request(round_: Round, asked_id: int) -> ResponseReturnValue:
    """Take a request back that nobody answered."""
    row = asked_in(round_, asked_id)
    try:
        reviewer_invitations.withdraw(row, actor=current_actor(), now=clock.now())
    except PoolError as error:
        flash(pool_error(error.code), "warning")
    else:
        flash(_("The request is withdrawn."), "success")
    return back_to(row)


def asked_in(round_: Round, asked_id: int) -> RoundReviewer:
    """Give somebody who was asked in this round; no page for anybody else."""
    row = pool.find_asked(round_, asked_id)
    if row is None:
        abort(404)
    return row


def back_to(row: RoundReviewer) -> ResponseReturnValue:
    """Go to the page of this person in this round."""
    return redirect(url_for("office.reviewer", slug=row.round.slug, asked_id=row.id), 303)


def terms_in(form: TermsForm) -> Terms:
    """Give the terms of a valid form."""
    return Terms(form["body"].data, form["most_reviews"].data, form["reply_by"].data)


def usual_day() -> date:
    """Give the day by which an answer is asked, unless the officer chooses another."""
    return clock.today() + TIME_TO_ANSWER


def _ask_form(round_: Round, typed: Any, candidates: list[Candidate] | None = None) -> AskForm:
    if candidates is None:
        candidates = pool_lists.find_candidates(current_actor(), round_)
    themes = known_themes() if candidates else {}
    people = [Place(str(one.user.id), _about(one, expertise(one.profile, themes)), "") for one in candidates]
    bodies = reviewer_invitations.bodies_of(round_)
    data = {"reply_by": usual_day(), "body": bodies[0] if len(bodies) == 1 else None}
    return ask_form(people, body_options(bodies), clock.today())(typed, data=data)


def _about(candidate: Candidate, knows: str) -> str:
    """A line about a person: who, from where, what they know, what they did before."""
    past = candidate.past
    served = ngettext("%(num)d other round", "%(num)d other rounds", past.rounds) if past.rounds else ""
    late = ngettext("%(num)d time late", "%(num)d times late", past.late) if past.late else ""
    parts = (candidate.user.name, candidate.user.organisation, knows, served, late)
    return " · ".join(str(part) for part in parts if part)


def _ask_page(round_: Round, form: AskForm) -> str:
    return render_template(
        "office/pool_ask.html",
        round_=round_,
        form=form,
        bodies=reviewer_invitations.bodies_of(round_),
    )
