"""How a term was counted, in sentences for a letter; a `workflows.terms.Term` carries its account."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from subsidy.documents.letter_language import DUTCH, Language
from workflows.terms import ARTICLE_1, ONE_DAY, Term
from workflows.values import Text

# The codes of `workflows.calendar_nl.closed_reason`, and of article 2 of the Algemene termijnenwet.
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "saturday": Text(nl="zaterdag", en="Saturday"),
        "sunday": Text(nl="zondag", en="Sunday"),
        "new_year": Text(nl="Nieuwjaarsdag", en="New Year's Day"),
        "good_friday": Text(nl="Goede Vrijdag", en="Good Friday"),
        "easter_monday": Text(nl="Tweede Paasdag", en="Easter Monday"),
        "kings_day": Text(nl="Koningsdag", en="King's Day"),
        "liberation_day": Text(nl="Bevrijdingsdag", en="Liberation Day"),
        "ascension_day": Text(nl="Hemelvaartsdag", en="Ascension Day"),
        "whit_monday": Text(nl="Tweede Pinksterdag", en="Whit Monday"),
        "christmas_day": Text(nl="Eerste Kerstdag", en="Christmas Day"),
        "boxing_day": Text(nl="Tweede Kerstdag", en="Boxing Day"),
        "royal_decree": Text(nl="aangewezen als vrije dag", en="appointed as a day off"),
        "two_working_days": Text(
            nl="anders telt de termijn geen twee werkdagen",
            en="or the term would not hold two working days",
        ),
    }
)
WEEKEND = frozenset({"saturday", "sunday"})
WEEK = 7
# The caveat of `workflows.suspension.suspend` for a clock that stands still now.
STILL_SUSPENDED = "still_suspended"


def event_day(term: Term) -> date:
    """Return the day of what a term is counted from: the day before its first."""
    return term.first_day - ONE_DAY


def length_in_words(term: Term) -> str:
    """Write how long a term is without the days that moved it: `14 dagen`, `13 weken`."""
    days = (term.nominal_last_day - term.first_day).days + 1 - term.suspended_days
    weeks, rest = divmod(days, WEEK)
    if rest or weeks < 3:  # noqa: PLR2004  # fourteen days is how people say two weeks
        return f"{days} dag" if days == 1 else f"{days} dagen"
    return f"{weeks} weken"


def counted(term: Term) -> tuple[str, ...]:
    """Say from which day a term counts, how long it is, and which days at its end did not count."""
    first = DUTCH.weekday_and_date(term.first_day)
    begins = (f"De termijn begint op {first} en duurt {length_in_words(term)}.", *_suspended(term))
    return (*begins, *moved(term))


def moved(term: Term, write: Language = DUTCH) -> tuple[str, ...]:
    """Name each day at the end of a term that did not count, and why; nothing where it did not move."""
    if not term.skipped:
        return ()
    return (f"{_closed(term, write)} {_therefore(term, write)}",)


def _suspended(term: Term) -> tuple[str, ...]:
    if STILL_SUSPENDED in term.caveats:
        return (
            "De termijn staat nu stil, omdat wij op uw aanvulling wachten.",
            "Daardoor kan de laatste dag nog later worden.",
        )
    if not term.suspended_days:
        return ()
    days = "1 dag" if term.suspended_days == 1 else f"{term.suspended_days} dagen"
    return (f"De termijn stond {days} stil, omdat wij op uw aanvulling wachtten.",)


def _closed(term: Term, write: Language) -> str:
    """Name each day that was passed over, with its reason where the weekday does not say it."""
    first, *others = [
        write.weekday_and_date(day)
        if reason in WEEKEND
        else f"{write.weekday_and_date(day)} ({write.say(REASONS[reason])})"
        for day, reason in term.skipped
    ]
    if not others:
        return write.choose(
            f"De laatste dag zou {first} zijn: daarop eindigt een termijn niet.",
            f"The last day would be {first}: a term does not end on such a day.",
        )
    days = _and(others, write)
    return write.choose(
        f"De laatste dag zou {first} zijn. Ook {days} {'telt' if len(others) == 1 else 'tellen'} daarvoor "
        "niet mee.",
        f"The last day would be {first}. Neither {'does' if len(others) == 1 else 'do'} {days} count as one.",
    )


def _therefore(term: Term, write: Language) -> str:
    last = write.weekday_and_date(term.last_day)
    by = write.choose(
        " (artikel 1 van de Algemene termijnenwet)",
        " (article 1 of the General Extension of Time Limits Act)",
    )
    article = by if ARTICLE_1 in term.articles else ""
    return write.choose(f"Daarom is de laatste dag {last}{article}.", f"So the last day is {last}{article}.")


def _and(words: list[str], write: Language) -> str:
    *first, last = words
    return f"{', '.join(first)} {write.choose('en', 'and')} {last}" if first else last
