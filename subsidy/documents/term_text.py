"""How a term was counted, in Dutch sentences for a letter; a `workflows.terms.Term` carries its account."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from subsidy.documents.dutch import weekday_and_date
from workflows.terms import ARTICLE_1, ONE_DAY, Term

# The codes of `workflows.calendar_nl.closed_reason`, and of article 2 of the Algemene termijnenwet.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "saturday": "zaterdag",
        "sunday": "zondag",
        "new_year": "Nieuwjaarsdag",
        "good_friday": "Goede Vrijdag",
        "easter_monday": "Tweede Paasdag",
        "kings_day": "Koningsdag",
        "liberation_day": "Bevrijdingsdag",
        "ascension_day": "Hemelvaartsdag",
        "whit_monday": "Tweede Pinksterdag",
        "christmas_day": "Eerste Kerstdag",
        "boxing_day": "Tweede Kerstdag",
        "royal_decree": "aangewezen als vrije dag",
        "two_working_days": "anders telt de termijn geen twee werkdagen",
    }
)
WEEKEND = frozenset({"saturday", "sunday"})
WEEK = 7


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
    begins = (
        f"De termijn begint op {weekday_and_date(term.first_day)} en duurt {length_in_words(term)}.",
        *_suspended(term),
    )
    if not term.skipped:
        return begins
    return (*begins, f"De laatste dag zou {_closed(term)}. {_moved(term)}")


def _suspended(term: Term) -> tuple[str, ...]:
    if not term.suspended_days:
        return ()
    days = "1 dag" if term.suspended_days == 1 else f"{term.suspended_days} dagen"
    return (f"De termijn stond {days} stil, omdat wij op uw aanvulling wachtten.",)


def _closed(term: Term) -> str:
    """Name each day that was passed over, with its reason where the weekday does not say it."""
    days = [
        weekday_and_date(day) if reason in WEEKEND else f"{weekday_and_date(day)} ({REASONS[reason]})"
        for day, reason in term.skipped
    ]
    first, *others = days
    if not others:
        return f"{first} zijn: daarop eindigt een termijn niet"
    return f"{first} zijn. Ook {_and(others)} {'telt' if len(others) == 1 else 'tellen'} daarvoor niet mee"


def _moved(term: Term) -> str:
    article = " (artikel 1 van de Algemene termijnenwet)" if ARTICLE_1 in term.articles else ""
    return f"Daarom is de laatste dag {weekday_and_date(term.last_day)}{article}."


def _and(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} en {last}" if first else last
