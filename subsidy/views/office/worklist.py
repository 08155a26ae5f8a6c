"""The worklist: what waits for the office, per step, over the rounds of this person."""

from collections.abc import Iterator, Sequence

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.services import hearing_list, incoming, interest_decisions, unsent_letters
from subsidy.services import worklist as service
from subsidy.services.reach import OFFICE, Reach, reach_of
from subsidy.services.waits import Wait
from subsidy.services.worklist import Item
from subsidy.views.office import bp
from subsidy.wording.office import term_label
from workflows.permissions import Can, Role, rounds_of

# What the office can do something about goes first; then what it waits for itself.
FIRST = (Wait.SCREEN, Wait.ASSIGN, Wait.ADVISE, Wait.PROPOSE, Wait.CONFIRM, Wait.ANNOUNCE)

FILE = "office.application"
# On which page a step is taken, and by whom; every other step begins at the file.
STEPS = {
    Wait.SCREEN: ("office.screening", (Role.OFFICER,)),
    Wait.SUPPLEMENT: ("office.screening", (Role.OFFICER,)),
    Wait.ASSIGN: ("office.assign", (Role.OFFICER,)),
    Wait.REVIEW: ("office.assign", (Role.OFFICER,)),
    Wait.REBUTTAL: ("office.rebuttal", (Role.OFFICER,)),
    Wait.CONFIRM: ("office.decision", OFFICE),
    Wait.ANNOUNCE: ("office.decision", OFFICE),
}


@bp.get("/")
@requires(Can.APPLICATION_LIST)
def worklist() -> ResponseReturnValue:
    """Show the applications that wait for one step, in one round or in all."""
    reach = reach_of(current_actor(), *OFFICE)
    slug = request.args.get("ronde", "")
    rounds = [one for one in reach.rounds if slug in {"", one.slug}]
    if slug and not rounds:
        abort(404)
    counts = service.counts(reach, rounds)
    wait = _wait(counts)
    to_answer = incoming.rounds_to_answer(reach, current_actor())
    after = request.args.get("na", 0, type=id_in)
    page = service.find_items(reach, rounds, wait, today=clock.today(), after=after)
    return render_template(
        "office/worklist.html",
        reach=reach,
        slug=slug,
        interests=interest_decisions.count_waiting(current_actor()),
        incoming=incoming.counts(reach, to_answer) if to_answer else None,
        unsent=unsent_letters.summaries(current_actor(), hidden=reach.hidden, now=clock.now()),
        wait=wait,
        tabs=[(one, counts[one], _here(reach, slug, one)) for one in Wait],
        label=labels(wait),
        hearings=hearing_list.stages([one.id for one in page.items], today=clock.today())
        if wait is Wait.PROPOSE and page.items
        else {},
        items=list(zip(page.items, urls_of(page.items, wait), strict=True)),
        first_url=_here(reach, slug, wait) if after else None,
        next_url=_here(reach, slug, wait, page.next_after) if page.next_after else None,
    )


def labels(wait: Wait) -> dict[str, str]:
    """Give the heads of the columns, which on a phone stand before each value."""
    return {
        "project": _("Project"),
        "lead": _("Main applicant"),
        "round": _("Round"),
        "asked": _("Asked"),
        "received": _("Received"),
        "reviews": _("Reviews"),
        "term": term_label(wait),
    }


def urls_of(items: Sequence[Item], wait: Wait) -> Iterator[str]:
    """Give the pages on which the step can be taken, or the file for who may only read.

    The number alone differs, so an address is built once.
    """
    endpoint, takes = STEPS.get(wait, (FILE, OFFICE))
    step, read = (url_for(one, application_id=0).rpartition("0") for one in (endpoint, FILE))
    rounds = rounds_of(current_actor(), *takes)
    for item in items:
        before, _, after = step if rounds is None or item.round.id in rounds else read
        yield f"{before}{item.id}{after}"


def _wait(counts: dict[Wait, int | None]) -> Wait:
    asked = request.args.get("wacht", "")
    if asked in set(Wait):
        return Wait(asked)
    return next((wait for wait in (*FIRST, *Wait) if counts[wait] != 0), Wait.SCREEN)


def _here(reach: Reach, slug: str, wait: Wait, after: int | None = None) -> str:
    return url_for("office.worklist", wacht=wait, ronde=slug if slug and reach.rounds else None, na=after)
