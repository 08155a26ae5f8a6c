"""The main menu: for each person the pages that their roles open."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from subsidy.access import allowed, current_actor, door
from subsidy.services import inbox
from workflows.permissions import Can, Role, Target


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
    Entrance("panel.index", _l("Committee"), (Can.PANEL_LIST,)),
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
    """The menu of this request's person; reads their grants, and of an applicant what was not opened yet."""
    actor = current_actor()
    menu = {"public.index": str(_("Rounds"))}
    if actor.user_id is not None and Role.APPLICANT in {grant.role for grant in actor.grants}:
        menu |= {"applicant.index": str(_("My applications")), "applicant.post": _post(actor.user_id)}
    here = door()
    menu |= {entrance.endpoint: str(entrance.label) for entrance in ENTRANCES if _opens(entrance, here)}
    if actor.user_id is not None:
        menu["account.profile"] = str(_("My account"))
    if allowed(Can.MAIL_VIEW_DEV, here):
        menu["administration.mail"] = str(_("Sent mail"))
    nearest = _nearest(list(menu), request.endpoint or "")
    return [Item(label, url_for(endpoint), endpoint == nearest) for endpoint, label in menu.items()]


def first_page() -> str:
    """Where a person begins after logging in: at their work, else at their own applications."""
    for entrance in ENTRANCES:
        if _opens(entrance, door()):
            return url_for(entrance.endpoint)
    return url_for("applicant.index")


def _post(user_id: int) -> str:
    """The entry of the inbox, with what was not opened yet; counted in one query."""
    unread = inbox.count_unread(user_id)
    return str(_("Post (%(number)s new)", number=unread) if unread else _("Post"))


def _opens(entrance: Entrance, here: Target) -> bool:
    return any(allowed(can, here) for can in entrance.permissions)


def _nearest(endpoints: list[str], asked: str) -> str | None:
    """The entry under which a page falls: the one of its blueprint with the longest address above it."""
    kin = [one for one in endpoints if one.partition(".")[0] == asked.partition(".")[0]]
    return max(kin, key=lambda one: _reach(_address(one), _address(asked)), default=None)


def _reach(above: str, address: str) -> int:
    return len(above) if address.startswith(above) else 0


def _address(endpoint: str) -> str:
    return next(current_app.url_map.iter_rules(endpoint)).rule
