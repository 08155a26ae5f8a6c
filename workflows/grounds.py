"""The grounds of the law that an officer can name beside what the division says: code, article, text.

A ground serves some kinds of decision and some letters alone: a refusal rests on Awb 4:35, taking back
what was given on 4:48 and 4:50. `hearing` says that the party is heard before such a decision: a refusal
on data that differ from the applicant's own (4:7), or a decision that takes away what somebody has (4:8).
The exception for money does not hold for 4:35, 4:48, 4:50 and 4:51 (4:12(2)).

Which articles there are follows DOMAIN.md; the letters and paragraphs of 4:35, 4:48, 4:50, 4:51, 4:6, 7:11
and 8:72 rest on general knowledge of the Awb, as does that a party who asked for it, or who was heard in
an objection (7:2), is not heard again. An article is data: it is printed as it stands here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind
from workflows.values import Text

K, L = DecisionKind, LetterKind


@dataclass(frozen=True, slots=True)
class LegalGround:
    """One ground: it serves `letters` of decisions of `kinds`; `hearing`: hear first (Awb 4:7, 4:8)."""

    code: str
    article: str
    text: Text
    kinds: frozenset[DecisionKind]
    letters: frozenset[LetterKind]
    hearing: bool = False

    def serves(self, kind: DecisionKind, letter: LetterKind) -> bool:
        """Tell whether a decision of this kind, with this letter, can rest on it."""
        return kind in self.kinds and letter in self.letters


REFUSING = frozenset({L.REJECT, L.PARTIAL})
ANEW = frozenset({K.FIRST, K.REMEDY})
TAKING_BACK = frozenset({K.WITHDRAWAL, K.CORRECTION})
TAKEN_BACK = frozenset({L.WITHDRAWAL, L.PARTIAL, L.REJECT})


def _refusal(code: str, article: str, *, nl: str, en: str) -> LegalGround:
    return LegalGround(code, f"Awb {article}", Text(nl=nl, en=en), ANEW, REFUSING, hearing=True)


def _taking_back(code: str, article: str, *, nl: str, en: str) -> LegalGround:
    return LegalGround(code, f"Awb {article}", Text(nl=nl, en=en), TAKING_BACK, TAKEN_BACK, hearing=True)


_ALL = (
    LegalGround(
        "ceiling",
        "Awb 4:25(2)",
        Text(
            nl="Het subsidieplafond zou worden overschreden.",
            en="The ceiling would be exceeded.",
        ),
        frozenset({K.FIRST, K.CORRECTION, K.RESERVE, K.INCREASE, K.REMEDY}),
        frozenset({L.REJECT, L.RESERVE, L.PARTIAL}),
    ),
    _refusal(
        "not_carried_out",
        "4:35(1)(a)",
        nl="Er is een gegronde reden om aan te nemen dat de activiteiten niet of niet helemaal doorgaan.",
        en="There is good reason to believe that the activities will not, or not wholly, take place.",
    ),
    _refusal(
        "not_complying",
        "4:35(1)(b)",
        nl="Er is een gegronde reden om aan te nemen dat de aanvrager zich niet aan de verplichtingen van de "
        "subsidie houdt.",
        en="There is good reason to believe that the applicant will not meet the obligations of the subsidy.",
    ),
    _refusal(
        "not_accounting",
        "4:35(1)(c)",
        nl="Er is een gegronde reden om aan te nemen dat de aanvrager de activiteiten, de uitgaven en de "
        "inkomsten niet behoorlijk verantwoordt.",
        en="There is good reason to believe that the applicant will not properly account for the activities, "
        "the expenses and the income.",
    ),
    _refusal(
        "wrong_data",
        "4:35(2)(a)",
        nl="De aanvrager gaf bij de aanvraag onjuiste of onvolledige gegevens, die tot een onjuist besluit "
        "zouden hebben geleid.",
        en="With the application the applicant gave wrong or incomplete data, which would have led to a "
        "wrong decision.",
    ),
    _refusal(
        "insolvent",
        "4:35(2)(b)",
        nl="De aanvrager is failliet, heeft surseance van betaling of zit in de schuldsanering, of daarom is "
        "bij de rechtbank gevraagd.",
        en="The applicant is bankrupt, has a suspension of payment or is in debt rescheduling, or the court "
        "was asked for it.",
    ),
    _refusal(
        "after_years",
        "4:51",
        nl="De aanvrager kreeg drie jaar of langer subsidie voor dezelfde activiteiten. Veranderde "
        "omstandigheden of inzichten verzetten zich tegen voortzetting.",
        en="The applicant had a subsidy for the same activities for three years or more. Changed "
        "circumstances or insights are against continuing it.",
    ),
    LegalGround(
        "repeated",
        "Awb 4:6(2)",
        Text(
            nl="De aanvraag herhaalt een aanvraag die is afgewezen, zonder nieuwe feiten of veranderde "
            "omstandigheden.",
            en="The application repeats one that was rejected, without new facts or changed circumstances.",
        ),
        frozenset({K.FIRST}),
        frozenset({L.REJECT}),
    ),
    LegalGround(
        "incomplete",
        "Awb 4:5(1)",
        Text(
            nl="De aanvraag is onvolledig en is binnen de gegeven termijn niet aangevuld.",
            en="The application is incomplete and was not supplemented within the term that was given.",
        ),
        frozenset({K.FIRST}),
        frozenset({L.NOT_PROCESSED}),
    ),
    LegalGround(
        "own_request",
        "Awb 4:50(1)",
        Text(
            nl="De ontvanger vraagt zelf om intrekking.",
            en="The recipient asks for the withdrawal.",
        ),
        frozenset({K.WITHDRAWAL}),
        frozenset({L.WITHDRAWAL}),
    ),
    _taking_back(
        "activities_not_done",
        "4:48(1)(a)",
        nl="De activiteiten zijn niet of niet helemaal uitgevoerd, of worden niet uitgevoerd.",
        en="The activities were not, or not wholly, carried out, or will not be.",
    ),
    _taking_back(
        "obligations_broken",
        "4:48(1)(b)",
        nl="De ontvanger hield zich niet aan de verplichtingen van de subsidie.",
        en="The recipient did not meet the obligations of the subsidy.",
    ),
    _taking_back(
        "awarded_on_wrong_data",
        "4:48(1)(c)",
        nl="De ontvanger gaf onjuiste of onvolledige gegevens. Met de juiste gegevens was het besluit anders "
        "geweest.",
        en="The recipient gave wrong or incomplete data. With the right data the decision would have been "
        "another.",
    ),
    _taking_back(
        "known_to_be_wrong",
        "4:48(1)(d)",
        nl="De subsidieverlening was onjuist, en de ontvanger wist dat of hoorde dat te weten.",
        en="The award was wrong, and the recipient knew or ought to have known it.",
    ),
    _taking_back(
        "awarded_wrongly",
        "4:50(1)(a)",
        nl="De subsidieverlening is onjuist.",
        en="The award is wrong.",
    ),
    _taking_back(
        "changed_circumstances",
        "4:50(1)(b)",
        nl="Veranderde omstandigheden of inzichten verzetten zich tegen voortzetting van de subsidie.",
        en="Changed circumstances or insights are against continuing the subsidy.",
    ),
    _taking_back(
        "other_law",
        "4:50(1)(c)",
        nl="Een wettelijk voorschrift laat in dit geval intrekking of wijziging toe.",
        en="A statutory rule allows withdrawal or change in this case.",
    ),
    LegalGround(
        "manifest_error",
        "Awb 3:2",
        Text(
            nl="Het eerdere besluit bevat een kennelijke fout.",
            en="The earlier decision has a manifest error.",
        ),
        frozenset({K.CORRECTION}),
        frozenset(L) - {L.WITHDRAWAL},
    ),
    LegalGround(
        "money_came_free",
        "Awb 4:25, 4:26",
        Text(
            nl="Er kwam geld vrij onder het subsidieplafond. Wij verdelen het in de volgorde die bij de "
            "eerste besluiten gold.",
            en="Money came free under the ceiling. We divide it in the order that held for the first "
            "decisions.",
        ),
        frozenset({K.INCREASE, K.RESERVE}),
        frozenset({L.AWARD, L.PARTIAL}),
    ),
    LegalGround(
        "after_objection",
        "Awb 7:11",
        Text(
            nl="Na bezwaar hebben wij het eerdere besluit opnieuw bekeken.",
            en="After an objection we looked at the earlier decision anew.",
        ),
        frozenset({K.REMEDY}),
        frozenset(L) - {L.WITHDRAWAL},
    ),
    LegalGround(
        "after_ruling",
        "Awb 8:72",
        Text(
            nl="De rechter droeg op een nieuw besluit te nemen.",
            en="The court ordered a new decision.",
        ),
        frozenset({K.REMEDY}),
        frozenset(L) - {L.WITHDRAWAL},
    ),
)
GROUNDS: Mapping[str, LegalGround] = MappingProxyType({one.code: one for one in _ALL})
"""Every ground by its code, in the order in which an officer sees them."""


def of_kind(kind: DecisionKind) -> tuple[LegalGround, ...]:
    """Give the grounds that some decision of this kind can rest on."""
    return tuple(one for one in _ALL if kind in one.kinds)


def unfit(codes: Iterable[str], kind: DecisionKind, letter: LetterKind) -> tuple[str, ...]:
    """Give the codes that no decision of this kind, with this letter, can rest on; unknown ones too."""
    return tuple(code for code in codes if code not in GROUNDS or not GROUNDS[code].serves(kind, letter))


def needs_hearing(codes: Iterable[str]) -> bool:
    """Tell whether the party is heard before a decision on these grounds (Awb 4:7, 4:8); unknown: no."""
    return any(code in GROUNDS and GROUNDS[code].hearing for code in codes)
