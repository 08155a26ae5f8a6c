"""The project: between its form and its entry."""

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from wtforms import Form

from forms.applicant_money import other_money_form
from forms.applicant_project import AWARD, FILE, LINK
from forms.choices import Offer
from forms.web_address import read_web_address
from subsidy import clock
from subsidy.services import earlier
from subsidy.services.entries import ProjectEntry
from subsidy.services.entries.project import MoneySource, OtherMoneyItem, RegiobeeldFrom
from subsidy.views.applicant.entering.reading import data_of
from subsidy.wording.findings import finding_text
from subsidy.wording.other_money import money_source_label
from workflows.definition import RoundDefinition


@dataclass(frozen=True, slots=True)
class ProjectFigures:
    """What the server tells of what is on the page: of the two references, and the sum of the money."""

    predecessor: str
    regiobeeld: str
    other_money_cents: int


def project_offer(offer: Offer, definition: RoundDefinition, user_id: int | None) -> Offer:
    """Offer this person's earlier awards as well, one query where they count, and the sources of money."""
    rules = definition.rules
    wanted = {*rules.predecessor_kinds, *([earlier.REGIOBEELD] if rules.regiobeeld_required else [])}
    own = earlier.own_awards(user_id, wanted)
    options = {one.reference: f"{one.reference}: {one.title} ({one.round_title})" for one in own}
    return replace(
        offer,
        predecessors=tuple(
            (one.reference, options[one.reference]) for one in own if one.kind in rules.predecessor_kinds
        ),
        regiobeelden=tuple(
            (one.reference, options[one.reference]) for one in own if one.kind == earlier.REGIOBEELD
        ),
        money_sources=tuple((source.value, money_source_label(source)) for source in MoneySource),
    )


def project_data(project: ProjectEntry) -> dict[str, Any]:
    """Give an entry as the data of its form; the list has a line to begin with.

    Text that says where the regiobeeld is and not in which of the three ways (of an imported application
    for instance) stands where a link goes, so that it is not lost.
    """
    award = project.regiobeeld if project.regiobeeld_from == RegiobeeldFrom.AWARD else None
    return {
        "title": project.title,
        "summary": project.summary,
        "months": project.months,
        "themes": project.themes,
        "predecessor_own": project.predecessor,
        "predecessor": project.predecessor,
        "regiobeeld_from": project.regiobeeld_from,
        "regiobeeld_link": None if award else project.regiobeeld,
        "regiobeeld_own": award,
        "regiobeeld_award": award,
        "gets_other_money": project.gets_other_money,
        "other_money": [
            {"source": one.source, "description": one.description, "amount": one.amount_cents}
            for one in project.other_money
        ]
        or [{}],
    }


def project_in(form: Form) -> ProjectEntry:
    """Give what was typed in a valid form."""
    regiobeeld_from, regiobeeld = _regiobeeld(form)
    money = _other_money(form)
    return ProjectEntry(
        form["title"].data,
        form["summary"].data,
        form["months"].data,
        tuple(data_of(form, "themes") or ()),
        _chosen(form, "predecessor", "predecessor_own"),
        regiobeeld,
        regiobeeld_from,
        _gets_other_money(form, money),
        money,
    )


def project_blanks(offer: Offer) -> dict[str, type[Form]]:
    """Give the form of an empty line for each list."""
    return {"other_money": other_money_form(offer)}


def project_figures(form: Form, definition: RoundDefinition) -> ProjectFigures:
    """Tell of the references that are on the page whether they fit, also of a form that is not valid."""
    rules = definition.rules
    predecessor = _chosen(form, "predecessor", "predecessor_own")
    regiobeeld_from, regiobeeld = _regiobeeld(form)
    award = regiobeeld if regiobeeld_from == AWARD else None
    known = earlier.Known.of((predecessor, award))
    told = ""
    if predecessor:
        reason = known.against(predecessor, rules, now=clock.now())
        told = finding_text("predecessor", {"predecessor": predecessor, "reason": reason})
    return ProjectFigures(
        told,
        _about_award(award, made=known.made_regiobeeld(award)) if award else "",
        sum(one.amount_cents for one in _other_money(form)),
    )


def _about_award(reference: str, *, made: bool) -> str:
    if made:
        return str(_("A regional picture was awarded under %(reference)s.", reference=reference))
    return str(
        _(
            "No awarded regional picture is known here under %(reference)s. Look whether you wrote it right.",
            reference=reference,
        )
    )


def _chosen(form: Form, typed: str, listed: str) -> str | None:
    """Give a reference: what was typed goes before what was chosen from the list."""
    return data_of(form, typed) or data_of(form, listed) or None


def _regiobeeld(form: Form) -> tuple[str | None, str | None]:
    """Give where the regiobeeld is and what says so; without a tick, what was filled in tells."""
    link = data_of(form, "regiobeeld_link") or None
    award = _chosen(form, "regiobeeld_award", "regiobeeld_own")
    address = read_web_address(link or "")
    match data_of(form, "regiobeeld_from") or None:
        case "file":
            return FILE, None
        case "link":
            return LINK, address or link
        case "award":
            return AWARD, award
    if award:
        return AWARD, award
    return (LINK, address) if address else (None, link)


def _gets_other_money(form: Form, money: tuple[OtherMoneyItem, ...]) -> bool | None:
    """Give the answer; who leaves it open and fills in money says yes."""
    answer: bool | None = form["gets_other_money"].answer if "gets_other_money" in form else None
    return True if money and answer is None else answer


def _other_money(form: Form) -> tuple[OtherMoneyItem, ...]:
    """Give the lines as far as they can be read."""
    lines = [line.form for line in form["other_money"]] if "other_money" in form else []
    return tuple(
        OtherMoneyItem(line["source"].data or "", line["description"].data or "", line["amount"].data)
        for line in lines
        if line["amount"].data is not None
    )
