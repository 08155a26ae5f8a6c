"""What a letter says of who disagrees: objection at the office, or appeal to the court after an objection.

Against a decision that followed an objection, an appeal or a court order no second objection is open, but
appeal to the administrative court (Awb 7:1, 8:1), within the same six weeks (6:7). What an objection or an
appeal holds is in Awb 6:5; which court it is, in 8:7; the fee, in 8:41.
"""

from subsidy.documents.letter import RemedyClause
from subsidy.documents.letter_facts import LetterFacts
from subsidy.documents.letter_language import Language
from subsidy.documents.letter_values import Filler
from subsidy.documents.term_text import moved
from workflows import term_account
from workflows.definition import RoundDefinition
from workflows.mandates import DecisionKind
from workflows.term_account import Account
from workflows.values import Text

OBJECTION_HOLDS = (
    Text(nl="uw naam en adres", en="your name and address"),
    Text(nl="de datum waarop u het bezwaar schrijft", en="the date on which you write the objection"),
    Text(nl="het kenmerk en de datum van deze brief", en="the reference and the date of the Dutch letter"),
    Text(
        nl="waarom u het niet eens bent met het besluit",
        en="why you disagree with the decision",
    ),
    Text(nl="uw handtekening", en="your signature"),
)
APPEAL_HOLDS = (
    OBJECTION_HOLDS[0],
    Text(nl="de datum waarop u het beroep schrijft", en="the date on which you write the appeal"),
    *OBJECTION_HOLDS[2:4],
    Text(nl="een kopie van deze brief", en="a copy of the Dutch letter"),
    OBJECTION_HOLDS[4],
)
APPEAL = (
    Text(
        nl="Bent u het niet eens met dit besluit? Dan kunt u in beroep gaan bij de rechtbank (artikel 8:1 "
        "Awb). Bezwaar maken kan niet meer. Ook anderen die rechtstreeks met het besluit te maken hebben, "
        "kunnen in beroep gaan.",
        en="Do you disagree with this decision? Then you can appeal to the administrative court (article 8:1 "
        "Awb). You can no longer object. Others whose interests the decision directly touches can appeal "
        "too.",
    ),
    Text(
        nl="Stuur uw beroep binnen {weeks} weken. De rechtbank moet het uiterlijk op {until} hebben "
        "ontvangen. Stuurt u het per post? Dan is het ook op tijd als u het uiterlijk die dag op de post "
        "doet en de rechtbank het binnen een week daarna ontvangt (artikel 6:9 Awb). Op rechtspraak.nl leest "
        "u hoe u digitaal in beroep gaat.",
        en="Send your appeal within {weeks} weeks. The court must have received it on {until} at the latest. "
        "Do you send it by post? Then it is also in time when you post it on that day at the latest and the "
        "court receives it within a week after (article 6:9 Awb). On rechtspraak.nl you read how to appeal "
        "online.",
    ),
    Text(
        nl="Voor een beroep betaalt u griffierecht (artikel 8:41 Awb). De rechtbank stuurt u daarvoor een "
        "brief.",
        en="For an appeal you pay a court fee (article 8:41 Awb). The court sends you a letter about it.",
    ),
)
COURT = Text(
    nl="de rechtbank van het gebied waar u woont of gevestigd bent, bestuursrecht (artikel 8:7 Awb)",
    en="the district court (rechtbank) of the area where you live or are established, administrative law "
    "(article 8:7 Awb)",
)
BEGINS = Text(
    nl="Wij maken dit besluit bekend op {day}. De dag daarna begint de termijn van {weeks} weken (artikelen "
    "6:7 en 6:8 van de Algemene wet bestuursrecht).",
    en="We announce this decision on {day}. The term of {weeks} weeks begins the day after (articles 6:7 and "
    "6:8 of the General Administrative Law Act).",
)


def remedy_of(
    definition: RoundDefinition, facts: LetterFacts, words: Filler, write: Language
) -> RemedyClause:
    """Say who can object or appeal, where and until when, and how the last day was counted."""
    if facts.later is not None and facts.later.kind is DecisionKind.REMEDY:
        return _appeal(facts, write)
    account = term_account.objection(facts.announced_on, printed=facts.objection_until)
    return RemedyClause(
        heading=write.choose("Bezwaar maken", "Objecting"),
        sentences=words.each(definition.letters.remedy),
        last_day_is=write.choose("Laatste dag voor uw bezwaar", "Last day for your objection"),
        last_day=facts.objection_until,
        computation=_computation(account, facts, write),
        address_is=write.choose("Het adres voor uw bezwaarschrift", "The address for your objection"),
        address_lines=(facts.office.name, "Bezwaar", *facts.office.address_lines),
        holds=write.choose("Zet in uw bezwaarschrift", "Put in your objection"),
        requirements=tuple(write.say(one) for one in OBJECTION_HOLDS),
    )


def _appeal(facts: LetterFacts, write: Language) -> RemedyClause:
    account = term_account.appeal(facts.announced_on, printed=facts.objection_until)
    until = write.weekday_and_date(facts.objection_until)
    return RemedyClause(
        heading=write.choose("In beroep gaan", "Appealing"),
        sentences=tuple(write.say(one, weeks=str(account.length), until=until) for one in APPEAL),
        last_day_is=write.choose("Laatste dag voor uw beroep", "Last day for your appeal"),
        last_day=facts.objection_until,
        computation=_computation(account, facts, write),
        address_is=write.choose("U stuurt uw beroepschrift naar", "You send your appeal to"),
        address_lines=(write.say(COURT),),
        holds=write.choose("Zet in uw beroepschrift", "Put in your appeal"),
        requirements=tuple(write.say(one) for one in APPEAL_HOLDS),
    )


def _computation(account: Account, facts: LetterFacts, write: Language) -> str:
    """Say how the last day was counted: Awb 6:7 and 6:8, Algemene termijnenwet art. 1.

    Where another day comes out now than the one that was fixed, nothing here explains that one.
    """
    begins = write.say(BEGINS, day=write.weekday_and_date(facts.announced_on), weeks=str(account.length))
    return " ".join((begins, *(moved(account.term, write) if account.holds else ())))
