"""The main menu: for each person the pages that their roles open."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from subsidy.access import allowed, current_actor, door
from workflows.permissions import Can, Role


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Entrance:
    """A page that the menu leads to, and any of the permissions that open it."""

    endpoint: str
    label: LazyString
    permissions: tuple[Can, ...]


# In the order in which a round goes through hands; the first that opens is where a login leads.
ENTRANCES = (
    Entrance("office.worklist", _l("Worklist"), (Can.APPLICATION_LIST,)),
    Entrance("office.rounds", _l("Manage rounds"), (Can.ROUND_EDIT,)),
    Entrance("reviewer.index", _l("My reviews"), (Can.REVIEW_LIST_OWN,)),
    Entrance("evaluator.index", _l("Figures"), (Can.STATISTICS_VIEW,)),
    Entrance(
        "administration.index",
        _l("Administration"),
        (Can.GRANTS_VIEW, Can.OUTBOX_VIEW, Can.EVENTS_VIEW),
    ),
)


class Menu:
    """The menu as templates get it: put together when a page shows it, so an error page needs no database."""

    def __iter__(self) -> Iterator[Item]:
        """The entries for this request's person."""
        return iter(items())


def items() -> list[Item]:
    """The menu of this request's person; reads no more than their grants."""
    menu = [_item("public.index", str(_("Rounds")))]
    actor = current_actor()
    roles = {grant.role for grant in actor.grants}
    if Role.APPLICANT in roles:
        menu.append(_item("applicant.index", str(_("My applications"))))
    menu += [_item(entrance.endpoint, str(entrance.label)) for entrance in ENTRANCES if _opens(entrance)]
    if actor.user_id is not None:
        menu.append(_item("account.profile", str(_("My account"))))
    if allowed(Can.MAIL_VIEW_DEV, door()):
        menu.append(_item("administration.mail", str(_("Sent mail"))))
    return menu


def first_page() -> str:
    """Where a person begins after logging in: at their work, else at their own applications."""
    for entrance in ENTRANCES:
        if _opens(entrance):
            return url_for(entrance.endpoint)
    return url_for("applicant.index")


def _opens(entrance: Entrance) -> bool:
    if entrance.endpoint not in current_app.view_functions:  # TEMPORARY
        return False
    return any(allowed(can, door()) for can in entrance.permissions)


def _item(endpoint: str, label: str) -> Item:
    """Current is the page itself, and every page of the same room where the menu has one door to it."""
    asked, room = request.endpoint or "", endpoint.partition(".")[0]
    whole_room = room not in {"office", "administration"} and asked.partition(".")[0] == room
    return Item(label, url_for(endpoint), current=whole_room or asked == endpoint)
