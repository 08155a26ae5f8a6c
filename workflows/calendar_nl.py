"""Days on which no legal term ends in the Netherlands: weekends, and art. 3 Algemene termijnenwet.

Art. 3 names the holidays (first paragraph, with 5 May in every year) and lets a royal decree equate
single days with them (third paragraph). The moving feasts come from the `holidays` package, whose
default category lacks 5 May in most years and every decree day; the decrees are data below.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SATURDAY, SUNDAY = 5, 6

# Names that the package gives to the holidays of art. 3(1), and the codes that we give them.
# Easter Sunday and Whit Sunday are closed as Sundays. Before 2014 it was Queen's Day.
ARTICLE_3: Mapping[str, str] = MappingProxyType(
    {
        "Nieuwjaarsdag": "new_year",
        "Goede vrijdag": "good_friday",
        "Tweede paasdag": "easter_monday",
        "Koningsdag": "kings_day",
        "Koninginnedag": "kings_day",
        "Bevrijdingsdag": "liberation_day",
        "Hemelvaartsdag": "ascension_day",
        "Tweede pinksterdag": "whit_monday",
        "Eerste kerstdag": "christmas_day",
        "Tweede kerstdag": "boxing_day",
    }
)

# Days equated with a holiday by royal decree, art. 3(3). Known here from 2023 to 2028; what decrees
# said before, or will say later, is not known to this calendar, and computations say so.
DECREE_DAYS = frozenset(
    {
        date(2023, 4, 28),
        date(2023, 5, 19),
        date(2024, 5, 10),
        date(2024, 12, 27),
        date(2025, 5, 30),
        date(2026, 1, 2),
        date(2026, 5, 15),
        date(2027, 5, 7),
        date(2028, 4, 28),
        date(2028, 5, 26),
    }
)
DECREES_KNOWN = range(2023, 2029)


@lru_cache(maxsize=256)
def _holidays_of(year: int) -> Mapping[date, str]:
    found = holidays.country_holidays("NL", years=year, categories=("public", "optional"), language="nl")
    codes: dict[date, str] = {}
    for day in found:
        for name in found.get_list(day):
            if name in ARTICLE_3:
                codes[day] = ARTICLE_3[name]
    return MappingProxyType(codes)


def closed_reason(day: date) -> str | None:
    """Return why no term ends on this day, as a code, or None on a working day (art. 1, 3 Atw).

    The codes: `saturday`, `sunday`, `royal_decree` and those of the holidays in `ARTICLE_3`. A
    holiday on a weekend day gives the holiday.
    """
    holiday = _holidays_of(day.year).get(day)
    if holiday is not None:
        return holiday
    if day in DECREE_DAYS:
        return "royal_decree"
    return {SATURDAY: "saturday", SUNDAY: "sunday"}.get(day.weekday())


def is_working_day(day: date) -> bool:
    """Whether the day is no Saturday, Sunday or holiday in the sense of art. 3 Atw."""
    return closed_reason(day) is None


def next_working_day(day: date) -> date:
    """Return the first working day after this day."""
    following = day + timedelta(days=1)
    while not is_working_day(following):
        following += timedelta(days=1)
    return following


def propose_working_day(day: date) -> date:
    """Return the day itself when it is a working day, else the first one after it.

    For dates that a call or a letter sets: there the Atw does not move anything, so the date that
    is printed should be a working day from the start.
    """
    return day if is_working_day(day) else next_working_day(day)


def day_of(instant: datetime) -> date:
    """Return the day in the Netherlands of an aware instant.

    Raises:
        ValueError: the instant has no offset.

    """
    if instant.utcoffset() is None:
        raise ValueError("an instant needs an offset")
    return instant.astimezone(AMSTERDAM).date()
