"""Mandates: who may decide on what, up to which amount and until when; given and withdrawn here."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.mandates import ALL_ROUNDS, MandateForm, mandate_form
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.db import db
from subsidy.models import Mandate, User
from subsidy.services import mandate_giving, people_lists
from subsidy.services.advance import NotAllowedError
from subsidy.services.mandate_giving import MandateError, Terms
from subsidy.views.administration import bp
from subsidy.wording.mandates import POWERS, mandate_error
from subsidy.wording.spoken import language
from workflows.mandates import Power
from workflows.permissions import Can

INVALID = 422
# Which field a refusal is about; any other is about the whole.
FIELD = {
    "powers_needed": "powers",
    "says_where_from": "reference",
    "ends_before_it_begins": "until_day",
    "ended_already": "until_day",
    "not_an_officer": "holder",
}


@bp.get("/mandaten")
@requires(Can.MANDATES_VIEW)
def mandates() -> ResponseReturnValue:
    """List the mandates that hold, or all that there ever were."""
    ended = "alle" in request.args
    after = request.args.get("na", type=id_in)
    page = mandate_giving.find_page(today=clock.today(), ended=ended, after=after)
    kept = "ja" if ended else None
    return render_template(
        "administration/mandates.html",
        lines=page.lines,
        ended=ended,
        me=current_actor().user_id,
        first_url=url_for("administration.mandates", alle=kept) if after else None,
        next_url=url_for("administration.mandates", na=page.more, alle=kept) if page.more else None,
    )


@bp.get("/mandaten/geven")
@requires(Can.MANDATES_MANAGE)
def new_mandate() -> ResponseReturnValue:
    """Ask whom to give which mandate."""
    return _page(_form())


@bp.post("/mandaten/geven")
@requires(Can.MANDATES_MANAGE)
def give_mandate() -> ResponseReturnValue:
    """Give an officer a mandate."""
    form = _form()
    if not form.validate():
        return _page(form), INVALID
    holder = db.session.get_one(User, int(form["holder"].data))
    try:
        mandate_giving.give(holder, _terms(form), actor=current_actor(), now=clock.now())
    except MandateError as error:
        form[FIELD[error.code]].errors = [mandate_error(error.code)]
        return _page(form), INVALID
    except NotAllowedError:
        abort(403)
    flash(_("%(name)s has the mandate.", name=holder.name), "success")
    return redirect(url_for("administration.mandates"), 303)


@bp.post("/mandaten/<int:mandate_id>/intrekken")
@requires(Can.MANDATES_MANAGE)
def withdraw_mandate(mandate_id: int) -> ResponseReturnValue:
    """Withdraw a mandate from now on."""
    mandate = db.session.get(Mandate, mandate_id)
    if mandate is None:
        abort(404)
    try:
        withdrawn = mandate_giving.withdraw(mandate, actor=current_actor(), now=clock.now())
    except NotAllowedError:
        abort(404)
    if withdrawn:
        flash(_("The mandate of %(name)s is withdrawn.", name=mandate.holder.name), "success")
    else:
        flash(_("This mandate was withdrawn already."), "info")
    return redirect(url_for("administration.mandates"), 303)


def _form() -> MandateForm:
    """Make the form, with every officer but who gives the mandate."""
    people = mandate_giving.find_officers(besides=current_actor().user_id)
    rounds = [(ALL_ROUNDS, _("all rounds"))]
    rounds += [(str(id_), title) for id_, title in people_lists.round_titles().items()]
    made = mandate_form(
        [(str(id_), name) for id_, name in people], rounds, POWERS.items(), language=language()
    )
    sent = request.form if request.method == "POST" else None
    return made(sent, data={"from_day": clock.today(), "for_round": ALL_ROUNDS})


def _terms(form: MandateForm) -> Terms:
    return Terms(
        powers=frozenset(Power(one) for one in form["powers"].data),
        function=form.function.data or "",
        reference=form.reference.data or "",
        from_day=form["from_day"].data,
        until_day=form["until_day"].data,
        up_to_cents=form["up_to_cents"].data,
        round_id=form.round_id(),
    )


def _page(form: MandateForm) -> str:
    return render_template("administration/mandate.html", form=form)
