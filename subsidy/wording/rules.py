"""The rules of a round in plain sentences: who can apply for what, and how the money is divided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import gettext as _

from subsidy.wording.labels import DOMAINS, SCALES, Words
from subsidy.wording.values import decimal, money, number, text
from workflows.kinds import KINDS
from workflows.rules import Distribution, DomainsMode, FirstComeUnit, Rules, TieBreak

Titles = Mapping[str, str]
"""Titles of kinds of round, or of criteria, by their id."""


def conditions(rules: Rules, kinds: Titles, places: Sequence[str]) -> list[str]:
    """Say what an application has to meet; `places` are the names of the municipalities allowed."""
    return [
        *_partnership(rules),
        *_region(rules, places),
        *_project(rules),
        *_before(rules, kinds),
        *_once(rules),
    ]


def division(rules: Rules, ceiling_cents: int, criteria: Titles) -> list[str]:
    """Say how the ceiling (euro cents) is divided over the applications (Awb 4:26)."""
    return [
        *_order(rules),
        *_thresholds(rules),
        *_limits(rules),
        *_last_of_the_money(rules, ceiling_cents),
        *_ties(rules, criteria),
    ]


def kind_titles() -> dict[str, str]:
    """Give the titles of the kinds of round that this program knows, in the language of the page."""
    return {kind: text(one.title) for kind, one in KINDS.items()}


def _partnership(rules: Rules) -> Iterator[str]:
    advised = rules.domains_mode is DomainsMode.ADVISED
    if rules.min_domains is not None:
        if advised:
            yield _("Preferably at least %(number)s different domains take part.", number=rules.min_domains)
        else:
            yield _("At least %(number)s different domains take part.", number=rules.min_domains)
    if rules.required_domains:
        names = _list(rules.required_domains, DOMAINS)
        if advised:
            yield _("Preferably these domains take part: %(domains)s.", domains=names)
        else:
            yield _("These domains take part in any case: %(domains)s.", domains=names)


def _region(rules: Rules, places: Sequence[str]) -> Iterator[str]:
    if rules.scales:
        yield _("Your region has one of these sizes: %(scales)s.", scales=_list(rules.scales, SCALES))
    if places:
        yield _("Your region lies within these municipalities: %(places)s.", places=", ".join(places))
    yield from _bounds(
        rules.min_inhabitants,
        rules.max_inhabitants,
        _("Your region has %(least)s to %(most)s inhabitants."),
        _("Your region has at least %(least)s inhabitants."),
        _("Your region has at most %(most)s inhabitants."),
    )
    yield from _bounds(
        rules.min_municipalities,
        rules.max_municipalities,
        _("Your region has %(least)s to %(most)s municipalities."),
        _("Your region has at least %(least)s municipalities."),
        _("Your region has at most %(most)s municipalities."),
    )
    by_size = rules.min_municipalities_by_size
    if by_size is not None:
        yield _(
            "Does one of the municipalities have more than %(people)s inhabitants? Then at least %(then)s "
            "municipalities take part, and otherwise at least %(otherwise)s.",
            then=by_size.then,
            people=number(by_size.largest_over),
            otherwise=by_size.otherwise,
        )


def _project(rules: Rules) -> Iterator[str]:
    least, most = rules.min_amount_cents, rules.max_amount_cents
    if least is not None and most is not None:
        yield _("You ask from %(least)s to %(most)s.", least=money(least), most=money(most))
    elif least is not None:
        yield _("You ask at least %(least)s.", least=money(least))
    elif most is not None:
        yield _("You ask at most %(most)s.", most=money(most))
    if rules.max_months is not None:
        yield _("The project takes at most %(months)s months.", months=rules.max_months)


def _before(rules: Rules, kinds: Titles) -> Iterator[str]:
    if rules.regiobeeld_required:
        yield _("There is a regional picture (regiobeeld) of your region; who made it does not matter.")
    if rules.predecessor_kinds:
        names = ", ".join(kinds.get(kind, kind) for kind in rules.predecessor_kinds)
        yield _("You received an earlier subsidy of this kind: %(kinds)s.", kinds=names)
        if rules.predecessor_running:
            yield _("The project of that earlier subsidy is still running when you apply.")


def _once(rules: Rules) -> Iterator[str]:
    if rules.one_per_lead:
        yield _("An organisation is main applicant of one application; the first that we receive counts.")
    if rules.one_per_region:
        yield _("For each region one application is possible; the first that we receive counts.")


def _order(rules: Rules) -> Iterator[str]:
    match rules.distribution:
        case Distribution.TENDER:
            yield _(
                "We compare all applications with each other. The best come first, "
                "and we award from the top until the ceiling is reached."
            )
        case Distribution.FIRST_COME if rules.first_come_unit is FirstComeUnit.DAY:
            yield _("First come, first served, per day: what is complete on an earlier day goes first.")
        case Distribution.FIRST_COME:
            yield _("First come, first served: the moment at which your application is complete counts.")
        case Distribution.PROPORTIONAL:
            yield _(
                "Is more asked than the ceiling allows? Then every application that qualifies "
                "gets the same part of what it asks."
            )


def _thresholds(rules: Rules) -> Iterator[str]:
    if rules.criteria and rules.threshold_total is not None:
        yield _(
            "Only an application with a total of at least %(total)s out of 100 can be awarded.",
            total=decimal(float(rules.threshold_total)),
        )


def _limits(rules: Rules) -> Iterator[str]:
    if rules.one_award_per_region:
        yield _("In each region we award one application at most.")
    if rules.max_awards is not None:
        yield _("We award at most %(number)s applications.", number=rules.max_awards)


def _last_of_the_money(rules: Rules, ceiling_cents: int) -> Iterator[str]:
    if rules.distribution is Distribution.PROPORTIONAL:
        return
    if rules.partial_award and rules.min_partial_cents < ceiling_cents:
        yield _(
            "The first application that no longer fits gets what is left, if that is at least %(least)s.",
            least=money(rules.min_partial_cents),
        )
    elif not rules.partial_award:
        yield _("What is left for the first application that no longer fits is not awarded in part.")


def _ties(rules: Rules, criteria: Titles) -> Iterator[str]:
    steps = [_tie(name, criteria) for name in rules.tie_break]
    if steps and rules.distribution is not Distribution.PROPORTIONAL:
        yield _(
            "Do applications end equal? Then this decides, in this order: %(steps)s.", steps="; ".join(steps)
        )


def _tie(name: str, criteria: Titles) -> str:
    match name:
        case TieBreak.REQUESTED:
            return str(_("the lower amount asked"))
        case TieBreak.RECEIVED:
            return str(_("what was complete first"))
        case TieBreak.LOT:
            return str(_("lots that are drawn"))
        case _:
            return str(_("the better score on %(criterion)s", criterion=criteria.get(name, name)))


def _bounds(least: int | None, most: int | None, both: str, only_least: str, only_most: str) -> Iterator[str]:
    words = {"least": number(least), "most": number(most)}
    if least is not None and most is not None:
        yield both % words
    elif least is not None:
        yield only_least % words
    elif most is not None:
        yield only_most % words


def _list(codes: Iterable[str], words: Words) -> str:
    return ", ".join(str(words.get(code, code)).lower() for code in codes)
