"""Words for decisions that take the place of another, and for the reserve list."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import money

# On the button that leads to the form.
ACTIONS: Words = {
    "correction": _l("Correct the decision"),
    "withdrawal": _l("Withdraw the award"),
    "increase": _l("Award a higher amount"),
    "reserve": _l("Move up from the reserve list"),
    "remedy": _l("Decide again after objection, appeal or a court order"),
}
EXPLAINED: Words = {
    "correction": _l(
        "For an error in the earlier decision, or another outcome or amount. Who gets less is heard first, "
        "unless they asked for it."
    ),
    "withdrawal": _l(
        "Takes back the whole award (articles 4:48 and 4:50). The money comes free under the ceiling once a "
        "second officer confirms."
    ),
    "increase": _l("Gives more out of money that came free, in the order of the list."),
    "reserve": _l("Awards the application out of money that came free, in the order of the list."),
    "remedy": _l(
        "The claim is tested against the moment of the original decision (article 4:25(3)). What it gives "
        "beyond what was held already stands outside the ceiling, and needs a mandate of its own."
    ),
}
TURNS: Words = {
    "next": _l("Next"),
    "moving": _l("Decision on its way"),
    "waiting": _l("Waits"),
    "short": _l("Next, but not enough money"),
    "lapsed": _l("Lapsed"),
    "region_taken": _l("Region has an award already"),
    "max_awards": _l("Largest number of awards reached"),
    "not_announced": _l("Not announced yet"),
}
TURN_TONES: Mapping[str, str] = {
    "next": "positive",
    "moving": "info",
    "waiting": "neutral",
    "short": "warning",
    "lapsed": "neutral",
    "region_taken": "negative",
    "max_awards": "negative",
    "not_announced": "neutral",
}
REFUSALS: Words = {
    "kind_impossible": _l("This kind of decision cannot follow the decision that is in force now."),
    "coded_needed": _l("Tick the ground of the law on which the award is withdrawn."),
    "increase_lowers": _l("The new amount has to be higher than what was awarded before."),
    "not_on_list": _l("This application is not on the reserve list."),
    "place_lapsed": _l("The last day of the reserve list has passed, so this place cannot move up any more."),
    "region_taken": _l("An application for this region has an award, and this round gives one per region."),
    "max_awards": _l("The largest number of awards of this round is reached."),
    "place_taken": _l("Another application has this place on the reserve list already. Choose another."),
    "not_next": _l("This application is not next on the reserve list. Nobody overtakes."),
}


def later_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """Why a later decision cannot be proposed so."""
    known = params or {}
    if code == "money_short":
        return str(
            _(
                "There is not enough money for this application: %(free)s is free. "
                "Who is behind it waits too.",
                free=money(_cents(known, "free_cents")),
            )
        )
    if code == "more_than_free":
        return str(_("At most %(most)s can be awarded now.", most=money(_cents(known, "most_cents"))))
    if code == "not_next" and known.get("reference"):
        return str(
            _("%(reference)s is next on the reserve list. Nobody overtakes.", reference=known["reference"])
        )
    if code == "place_taken" and known.get("reference"):
        return str(
            _(
                "Application %(reference)s has this place on the reserve list already. Choose another, "
                "or first change that of %(reference)s.",
                reference=known["reference"],
            )
        )
    return str(REFUSALS[code])


def says(code: str) -> bool:
    """Whether the words for a refusal are here."""
    return code in REFUSALS or code in {"money_short", "more_than_free"}


def _cents(params: Mapping[str, object], name: str) -> int:
    value = params.get(name)
    return value if isinstance(value, int) else 0


FILTERS: dict[str, object] = {
    "later_action": lambda kind: str(ACTIONS[kind]),
    "later_explained": lambda kind: str(EXPLAINED[kind]),
    "turn_label": lambda turn: str(TURNS[turn]),
    "turn_tone": TURN_TONES.__getitem__,
}
