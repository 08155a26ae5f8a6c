"""Words for the division of reviewers: why somebody, why nobody, and what would help."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from subsidy.wording.labels import Words, domain_label

# Signs of an interest in a few words, as they stand beside a name.
SIGNS: Words = {
    "same_organisation": _l("works at one of the organisations"),
    "same_kvk": _l("has the KvK number of one of the organisations"),
    "same_email_domain": _l("has an e-mail address of one of the organisations"),
    "partner": _l("is named in the application"),
    "co_applicant": _l("applied together with somebody of this application"),
    "own_region": _l("lives or works in this region"),
}

# What stands in the way, after the number of people for whom it does.
OBSTACLES: Words = {
    "already": _l("asked already"),
    "barred": _l("an interest or a close connection"),
    "away": _l("away for most of the time"),
    "language": _l("does not read the language"),
    "warned": _l("a warning that was not waived"),
    "full": _l("no room for another review"),
}

# The same of one person.
IN_THE_WAY: Words = {
    "barred": _l("cannot be asked: there is an interest or a close connection"),
    "away": _l("away for most of the time"),
    "language": _l("does not read the language"),
    "warned": _l("has a warning"),
}

CHANGES: Words = {
    "not_assignable": _l("is not in a state in which it can be reviewed"),
    "not_a_reviewer": _l("does not review in this round any more"),
    "barred": _l("has an interest or a close connection now"),
    "already": _l("was asked meanwhile"),
}

ORIGINS: Words = {
    "kept": _l("asked already"),
    "proposed": _l("proposed"),
    "by_hand": _l("added by hand"),
}

ERRORS: Words = {
    "not_ready": _l("This proposal is not open any more. Look at the newest one."),
    "changed_meanwhile": _l(
        "Somebody else changed this proposal after you opened it. This is how it stands now."
    ),
    "barred": _l("There is an interest or a close connection, so this person cannot be asked for it."),
    "not_a_reviewer": _l("This person does not review in this round any more."),
    "not_assignable": _l("This application cannot be reviewed now."),
    "already": _l("This person stands with this application already."),
    "is_kept": _l("This person was asked already. Take the assignment back on the page of the application."),
    "without_referents": _l("This kind of round has no reviewers."),
}


def proposal_error(code: str) -> str:
    """Why a step with a proposal cannot be taken."""
    return str(ERRORS[code])


def sign_text(code: str) -> str:
    """Say a sign of an interest in a few words."""
    return str(SIGNS[code])


def obstacle_text(code: str) -> str:
    """Say what keeps people from an application, after their number."""
    return str(OBSTACLES[code])


def in_the_way(code: str) -> str:
    """Say what keeps one person from an application."""
    return str(IN_THE_WAY[code])


def change_text(code: str) -> str:
    """Say what changed since a proposal was made."""
    return str(CHANGES[code])


def origin_label(code: str) -> str:
    """Say where a pair comes from."""
    return str(ORIGINS[code])


def reason_text(reason: Mapping[str, Any], themes: Mapping[str, str]) -> str:
    """Say why this person for this application; `themes` are those of the round, in words."""
    match reason["code"]:
        case "theme":
            return str(
                _("knows %(themes)s", themes=", ".join(themes.get(one, one) for one in reason["themes"]))
            )
        case "domain":
            domains = ", ".join(domain_label(one).lower() for one in reason["domains"])
            return str(_("comes from %(domains)s", domains=domains))
        case "region":
            return str(_("knows the region"))
        case "despite":
            warnings = "; ".join(sign_text(one) for one in reason["warnings"])
            return str(_("warning: %(warnings)s", warnings=warnings))
    return str(REASONS[reason["code"]])


REASONS: Words = {
    "kept": _l("asked already"),
    "by_hand": _l("added by hand"),
    "lay": _l("lay reviewer"),
    "lightest": _l("has the least to do of who is left"),
    "only_possible": _l("nobody else can"),
    "others_full": _l("who else could has no room left"),
    "balance": _l("others are needed elsewhere, or this divides the work better"),
}


def advice_text(advice: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """Say what to do about missing reviewers."""
    match advice["code"]:
        case "raise_most":
            return _raised(advice["people"], names)
        case "waive":
            return _waived(advice)
        case "raise_and_waive":
            return f"{_raised(advice['people'], names)} {_waived(advice)}"
    return str(
        ngettext(
            "Ask %(num)d more person who can take %(most)d reviews and has no interest in these "
            "applications.",
            "Ask %(num)d more people who can each take %(most)d reviews and have no interest in these "
            "applications.",
            advice["people"],
            most=advice["most"],
        )
    )


# More names than this say nothing any more.
NAMED = 6


def _raised(people: Sequence[Sequence[int]], names: Mapping[int, str]) -> str:
    told = [f"{names.get(person, '?')} (+{by})" for person, by in people]
    if len(told) > NAMED:
        told = [*told[:NAMED], "…"]
    return str(
        ngettext(
            "Let %(num)d person take more reviews than agreed: %(names)s.",
            "Let %(num)d people take more reviews than agreed: %(names)s.",
            len(people),
            names=", ".join(told),
        )
    )


def _waived(advice: Mapping[str, Any]) -> str:
    codes = "; ".join(sign_text(one) for one in advice["codes"])
    return str(
        ngettext(
            "Set a warning aside for %(num)d pair: %(codes)s.",
            "Set a warning aside for %(num)d pairs: %(codes)s.",
            advice["pairs"],
            codes=codes,
        )
    )


FILTERS: dict[str, object] = {
    "assignment_sign": sign_text,
    "assignment_obstacle": obstacle_text,
    "assignment_in_the_way": in_the_way,
    "assignment_change": change_text,
    "assignment_origin": origin_label,
    "assignment_reason": reason_text,
    "assignment_advice": advice_text,
}
