"""Words for how a term was counted: each step as a row of a table and as a sentence, and what a law says."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import babel.dates
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from subsidy.wording.labels import Words
from subsidy.wording.spoken import language
from workflows.suspension import Suspension
from workflows.term_account import Account
from workflows.terms import ONE_DAY, Unit

TITLES: Words = {
    "decision": _l("Until when we can decide"),
    "supplement": _l("Until when you can supplement"),
    "not_processed": _l("Until when we can decide not to process the application"),
    "rebuttal": _l("Until when you can answer the reports"),
    "hearing": _l("Until when you can give your view"),
    "objection": _l("Until when you can object"),
    "appeal": _l("Until when you can appeal to the court"),
    "payment": _l("Until when we can pay"),
    "reserve": _l("Until when the place on the reserve list can lead to an award"),
}
OFFICE_TITLES: Words = {
    **TITLES,
    "supplement": _l("Until when the applicant can supplement"),
    "rebuttal": _l("Until when the applicant can answer the reports"),
    "hearing": _l("Until when the applicant can give a view"),
    "objection": _l("Until when the applicant can object"),
    "appeal": _l("Until when the applicant can appeal to the court"),
}
EVENTS: Words = {
    "closed": _l("The round closed"),
    "received": _l("The application was received"),
    "sent": _l("The letter was sent"),
    "announced": _l("The decision was announced"),
    "supplied": _l("The supplement was received"),
    "expired": _l("Last day to supplement; nothing came in"),
}
BEGAN: Words = {
    "closed": _l("The round closed on %(day)s."),
    "received": _l("The application was received on %(day)s."),
    "sent": _l("The letter was sent on %(day)s."),
    "announced": _l("The decision was announced on %(day)s."),
    "supplied": _l("The supplement was received on %(day)s."),
    "expired": _l("The last day to supplement was %(day)s, and nothing came in."),
}
SUSPENSIONS: Words = {
    "supplement": _l("We waited for the supplement"),
    "foreign_information": _l("We waited for information from abroad"),
    "consent": _l("The applicant agreed to wait"),
    "own_delay": _l("The delay was of the applicant's own making"),
    "force_majeure": _l("We could not decide because of something beyond our control"),
}
CLOSED: Words = {
    "saturday": _l("a Saturday"),
    "sunday": _l("a Sunday"),
    "new_year": _l("New Year's Day"),
    "good_friday": _l("Good Friday"),
    "easter_monday": _l("Easter Monday"),
    "kings_day": _l("King's Day"),
    "liberation_day": _l("Liberation Day"),
    "ascension_day": _l("Ascension Day"),
    "whit_monday": _l("Whit Monday"),
    "christmas_day": _l("Christmas Day"),
    "boxing_day": _l("the second day of Christmas"),
    "royal_decree": _l("a day that the government made equal to a holiday"),
    "two_working_days": _l("a term has to hold two working days at least"),
}
CAVEATS: Words = {
    "decrees_before_2023_unknown": _l(
        "The government can make single days equal to a holiday. For before 2023 we do not know those days. "
        "The last day may be later than we counted."
    ),
    "decrees_after_2028_unknown": _l(
        "The government can make single days equal to a holiday. For after 2028 those days are not known "
        "yet. The last day may become later than we counted."
    ),
    "still_suspended": _l("The clock still stands. Each day that it does, the last day moves up by one."),
}
# What each article says, in plain words.
ARTICLES: Words = {
    "Awb 4:5(1)": _l("You get a chance to supplement an application that is not complete."),
    "Awb 4:5(4)": _l(
        "Leaving an application unprocessed is possible within four weeks after the supplement, or after the "
        "term for it passed."
    ),
    "Awb 4:7": _l("We ask your view before we decide against you on data that you did not give yourself."),
    "Awb 4:8": _l("We ask the view of others with an interest too, before we decide against them."),
    "Awb 4:13(1)": _l("We decide within the term that the law or the scheme sets."),
    "Awb 4:14": _l("Can we not decide in time? Then we write so, and name a new day."),
    "Awb 4:15(1)(a)": _l(
        "The term to decide stands still from the day after we ask for a supplement, until it is there or "
        "the term for it passed."
    ),
    "Awb 4:15(1)(b)": _l("The term stands still while we wait for information from abroad."),
    "Awb 4:15(2)(a)": _l("The term stands still as long as you agree in writing to wait."),
    "Awb 4:15(2)(b)": _l("The term stands still as long as the delay is yours."),
    "Awb 4:15(2)(c)": _l("The term stands still as long as we cannot decide for reasons beyond our control."),
    "Awb 4:87(1)": _l("We pay within six weeks after the decision was announced, unless it says otherwise."),
    "Awb 6:7": _l("The term to object or to appeal is six weeks."),
    "Awb 6:8(1)": _l("It begins on the day after the decision was announced."),
    "Awb 8:1": _l("Against a decision on an objection you can appeal to the administrative court."),
    "Atw 1(1)": _l(
        "A term that ends on a Saturday, a Sunday or a holiday runs to the end of the next day that is none "
        "of those."
    ),
    "Atw 2": _l("A term of three days or more holds at least two days that are no weekend and no holiday."),
    "Atw 4": _l(
        "A term of more than twelve weeks does not become longer by weekends or holidays at its end."
    ),
}
# A stored article: the law, the number, a paragraph, a part of it.
ARTICLE = re.compile(
    r"(?P<law>Awb|Atw) (?P<number>[\d:]+)(?:\((?P<paragraph>\d+)\))?(?:\((?P<part>[a-z])\))?"
)


class Row(NamedTuple):
    """One step: what, and the day or the number that it gives."""

    what: str
    value: str


def weekday(day: date) -> str:
    """A date in full with its weekday, as a term is read: Monday 18 May 2026."""
    return str(babel.dates.format_date(day, "EEEE d MMMM y", locale=language()))


def length_text(account: Account) -> str:
    """How long the term is by itself."""
    if account.unit is Unit.WEEKS:
        return str(ngettext("%(num)d week", "%(num)d weeks", account.length))
    if account.unit is Unit.MONTHS:
        return str(ngettext("%(num)d month", "%(num)d months", account.length))
    return str(ngettext("%(num)d day", "%(num)d days", account.length))


def term_rows(account: Account) -> list[Row]:
    """The computation as the rows of a table."""
    return list(_rows(account))


def _rows(account: Account) -> Iterator[Row]:
    term = account.term
    yield Row(str(EVENTS[account.begins]), weekday(account.event_day))
    yield Row(str(_("The term begins on the day after")), weekday(term.first_day))
    yield Row(str(_("It lasts")), length_text(account))
    yield Row(str(_("By its length alone it ends on")), weekday(account.nominal_without_suspension))
    for one in account.suspensions if term.suspended_days else ():
        yield Row(str(_("The clock stood still: %(why)s", why=SUSPENSIONS[one.ground])), _stood_still(one))
    if term.suspended_days:
        days = ngettext("%(num)d day is added", "%(num)d days are added", term.suspended_days)
        yield Row(str(days), weekday(term.nominal_last_day))
    for day, reason in term.skipped:
        yield Row(str(_("Does not count as last day: %(why)s", why=CLOSED[reason])), weekday(day))
    yield Row(str(_("Last day, by this count")), weekday(term.last_day))
    if account.delayed_to is not None:
        yield Row(str(_("New day that we named in a letter")), weekday(account.delayed_to))
    if account.printed is not None:
        yield Row(str(_("Last day that the letter names")), weekday(account.printed))


def _stood_still(one: Suspension) -> str:
    if one.resumes_on is None:
        return str(_("from %(first)s, and still", first=weekday(one.first_day)))
    if one.resumes_on <= one.first_day:
        return str(_("no day"))
    last = one.resumes_on - ONE_DAY
    return str(
        _("from %(first)s until and including %(last)s", first=weekday(one.first_day), last=weekday(last))
    )


def term_sentences(account: Account) -> list[str]:
    """The same computation as sentences that follow each other."""
    return [str(one) for one in _sentences(account)]


def _sentences(account: Account) -> Iterator[str]:
    term = account.term
    yield str(BEGAN[account.begins]) % {"day": weekday(account.event_day)}
    yield str(_("The day after, the term begins. It lasts %(length)s.", length=length_text(account)))
    if term.suspended_days:
        yield str(
            ngettext(
                "The clock stood still for %(num)d day, and that day is added.",
                "The clock stood still for %(num)d days, and those are added.",
                term.suspended_days,
            )
        )
    if term.skipped:
        yield str(_("So it would end on %(day)s.", day=weekday(term.nominal_last_day)))
        yield from (
            str(_("%(day)s does not count as the last day: %(why)s.", day=weekday(day), why=CLOSED[reason]))
            for day, reason in term.skipped
        )
    yield str(_("The last day is %(day)s.", day=weekday(term.last_day)))
    if account.delayed_to is not None:
        yield str(
            _(
                "We wrote that we need more time. From then on this day holds: %(day)s.",
                day=weekday(account.delayed_to),
            )
        )


def differs_text(account: Account) -> str:
    """What it means that the printed day is another than the one counted here; empty when it is the same."""
    if account.holds or account.printed is None:
        return ""
    if account.set_by_letter:
        return str(
            _(
                "The letter names another day: %(day)s. No law sets this term but the letter, so the day in "
                "the letter counts.",
                day=weekday(account.printed),
            )
        )
    return str(
        _(
            "The letter names another day: %(printed)s. By this count it is %(counted)s. Keep to the earlier "
            "of the two until the subsidy office has told which one is right.",
            printed=weekday(account.printed),
            counted=weekday(account.last_day),
        )
    )


def article_name(article: str) -> str:
    """An article as people say it: `Awb 6:8(1)` is "article 6:8, paragraph 1, Awb"; else as it is stored."""
    found = ARTICLE.fullmatch(article)
    if found is None:
        return article
    parts = [str(_("article %(number)s", number=found["number"]))]
    if found["paragraph"]:
        parts.append(str(_("paragraph %(number)s", number=found["paragraph"])))
    if found["part"]:
        parts.append(str(_("part %(letter)s", letter=found["part"])))
    return f"{', '.join(parts)}, {found['law']}" if len(parts) > 1 else f"{parts[0]} {found['law']}"


def article_text(article: str) -> str:
    """What an article says in plain words; empty for one without words."""
    return str(ARTICLES.get(article, ""))


FILTERS: dict[str, object] = {
    "term_title": lambda kind: str(TITLES[kind]),
    "office_term_title": lambda kind: str(OFFICE_TITLES[kind]),
    "term_rows": term_rows,
    "term_sentences": term_sentences,
    "article_name": article_name,
    "article_text": article_text,
    "term_caveat": lambda code: str(CAVEATS[code]),
    "term_differs": differs_text,
}
