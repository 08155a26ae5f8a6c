"""The letters of the programme: one set of phrases, in which a kind says what is its own."""

from workflows.phrases import LetterKind, LetterPhrases, OutcomePhrases
from workflows.programme.obligations import amount_classes
from workflows.programme.refusals import FINDINGS, GROUNDS
from workflows.values import Text

# A demo value: the programme's own regulation is named here by the office that runs it.
SCHEME = Text(
    nl="Subsidieregeling regionale samenwerking in de zorg (voorbeeld)",
    en="Subsidy scheme for regional collaboration in care (example)",
)
AWB = Text(
    nl="Algemene wet bestuursrecht (Awb), titel 4.2",
    en="General Administrative Law Act (Awb), title 4.2",
)
LEGAL_BASIS = (AWB.nl, SCHEME.nl)

SUBJECT_AWARD = Text(
    nl="Besluit: u krijgt subsidie voor {title}", en="Decision: you get a subsidy for {title}"
)
SUBJECT_REFUSAL = Text(
    nl="Besluit: u krijgt geen subsidie voor {title}",
    en="Decision: you do not get a subsidy for {title}",
)
STATE_AID = Text(nl="{state_aid}", en="{state_aid}")

PANEL_ADVICE = (
    # Nothing here about a rebuttal: a letter says only what is known to have happened.
    Text(
        nl="Onafhankelijke beoordelaars toetsten uw aanvraag aan de criteria van de oproep. Daarna "
        "gaf een commissie ons advies over de scores en de volgorde.",
        en="Independent reviewers assessed your application on the criteria of the call. Then a "
        "committee advised us on the scores and the order.",
    ),
    Text(
        nl="Wij hebben gecontroleerd of het advies zorgvuldig tot stand kwam. Dat is zo (artikel 3:9 Awb).",
        en="We checked that the advice was prepared with care (article 3:9 Awb).",
    ),
)
REVIEWERS_ADVICE = (
    Text(
        nl="Onafhankelijke beoordelaars toetsten uw aanvraag aan de criteria van de oproep. Hun "
        "scores en uitleg zijn de basis van dit besluit. Wij hebben gecontroleerd of zij dit "
        "zorgvuldig deden. Dat is zo (artikel 3:9 Awb).",
        en="Independent reviewers assessed your application on the criteria of the call. Their "
        "scores and reasons are the basis of this decision. We checked that they did this with "
        "care (article 3:9 Awb).",
    ),
)


def letter_phrases(purpose: Text, *obligations: Text, with_panel: bool) -> LetterPhrases:
    """Give the phrases of a kind: what its subsidy is for, and its own obligations."""
    return LetterPhrases(
        scheme=SCHEME,
        salutation=Text(nl="Geachte heer of mevrouw,", en="Dear Sir or Madam,"),
        outcomes=_outcomes(purpose),
        legal_basis=(AWB, SCHEME),
        procedure=(
            Text(
                nl="U vroeg {requested} subsidie aan in de ronde {round}.",
                en="You applied for a subsidy of {requested} in the round {round}.",
            ),
            Text(
                nl="Wij keken eerst of uw aanvraag op tijd en volledig was en voldeed aan de "
                "voorwaarden van de oproep.",
                en="We first looked whether your application was in time and complete, and met the "
                "conditions of the call.",
            ),
        ),
        advice=PANEL_ADVICE if with_panel else REVIEWERS_ADVICE,
        scores=Text(
            nl="Hieronder staat per criterium de score, met de uitleg.",
            en="Below stands the score per criterion, with the reasons.",
        ),
        grounds=GROUNDS,
        findings=FINDINGS,
        amount_classes=amount_classes(*obligations),
        remedy=_remedy(),
        closing=Text(
            nl="Hebt u vragen over deze brief? Neem dan contact met ons op. Noem daarbij het "
            "kenmerk {reference}.",
            en="Do you have questions about this letter? Then contact us. Please mention the "
            "reference {reference}.",
        ),
        signature=Text(nl="Met vriendelijke groet,", en="Yours sincerely,"),
    )


def _outcomes(purpose: Text) -> dict[LetterKind, OutcomePhrases]:
    return {
        LetterKind.AWARD: OutcomePhrases(
            subject=SUBJECT_AWARD,
            decision=(
                Text(
                    nl="Wij geven {applicant} een subsidie van {amount} ({amount_in_words}).",
                    en="We give {applicant} a subsidy of {amount} ({amount_in_words}).",
                ),
                purpose,
                STATE_AID,
            ),
            legal_basis=(Text(nl="Awb, artikelen 4:23 en 4:26", en="Awb, articles 4:23 and 4:26"),),
        ),
        LetterKind.PARTIAL: OutcomePhrases(
            subject=Text(
                nl="Besluit: u krijgt een deel van de subsidie voor {title}",
                en="Decision: you get part of the subsidy for {title}",
            ),
            decision=(
                Text(
                    nl="Wij geven {applicant} een subsidie van {amount} ({amount_in_words}). U "
                    "vroeg {requested}. Het deel daarboven wijzen wij af.",
                    en="We give {applicant} a subsidy of {amount} ({amount_in_words}). You asked "
                    "{requested}. We reject the part above it.",
                ),
                purpose,
                STATE_AID,
            ),
            legal_basis=(
                Text(
                    nl="Awb, artikelen 4:23, 4:25, tweede lid, en 4:26",
                    en="Awb, articles 4:23, 4:25, second paragraph, and 4:26",
                ),
            ),
        ),
        LetterKind.REJECT: OutcomePhrases(
            subject=SUBJECT_REFUSAL,
            decision=(
                Text(
                    nl="Wij wijzen de aanvraag van {applicant} af.",
                    en="We reject the application of {applicant}.",
                ),
            ),
            legal_basis=(
                Text(
                    nl="Awb, artikelen 3:46, 4:23 en 4:26",
                    en="Awb, articles 3:46, 4:23 and 4:26",
                ),
            ),
        ),
        LetterKind.RESERVE: OutcomePhrases(
            subject=SUBJECT_REFUSAL,
            decision=(
                Text(
                    nl="Wij wijzen de aanvraag van {applicant} af. Uw aanvraag kwam wel voor "
                    "subsidie in aanmerking. Daarom staat zij op plaats {place} van de "
                    "reservelijst.",
                    en="We reject the application of {applicant}. Your application did qualify for "
                    "a subsidy. Therefore it has place {place} on the reserve list.",
                ),
                Text(
                    nl="De lijst geldt tot en met {list_until}. Komt er in die tijd geld of een plaats "
                    "vrij, en bent u aan de beurt? Dan nemen wij een nieuw besluit. U hoeft daar "
                    "niets voor te doen.",
                    en="The list holds up to and including {list_until}. Does money or a place "
                    "become available in that time, and is it your turn? Then we take a new "
                    "decision. You need not do anything for it.",
                ),
            ),
            legal_basis=(Text(nl="Awb, artikel 4:25, tweede lid", en="Awb, article 4:25, second paragraph"),),
        ),
        LetterKind.NOT_PROCESSED: OutcomePhrases(
            subject=Text(
                nl="Besluit: wij behandelen uw aanvraag {title} niet",
                en="Decision: we do not process your application {title}",
            ),
            decision=(
                Text(
                    nl="Wij behandelen de aanvraag van {applicant} niet.",
                    en="We do not process the application of {applicant}.",
                ),
                Text(
                    nl="Op {asked_on} vroegen wij u de aanvraag aan te vullen. U had daarvoor tijd "
                    "tot en met {supplement_until}. Wij hebben niet alles gekregen wat nodig "
                    "is.",
                    en="On {asked_on} we asked you to supplement the application. You had time up "
                    "to and including {supplement_until}. We did not get all that is needed.",
                ),
            ),
            legal_basis=(
                Text(
                    nl="Awb, artikel 4:5, eerste en vierde lid",
                    en="Awb, article 4:5, first and fourth paragraph",
                ),
            ),
        ),
    }


def _remedy() -> tuple[Text, ...]:
    """Say who can object, when and where (Awb 3:45, 6:4, 6:7)."""
    return (
        Text(
            nl="Bent u het niet eens met dit besluit? Dan kunt u bezwaar maken. Ook anderen die "
            "rechtstreeks met het besluit te maken hebben, kunnen dat.",
            en="Do you disagree with this decision? Then you can object. So can others whose "
            "interests the decision directly touches.",
        ),
        Text(
            nl="Stuur uw bezwaar binnen {objection_weeks} weken. Wij moeten het uiterlijk op "
            "{objection_until} hebben ontvangen. Stuurt u het per post? Dan is het ook op tijd "
            "als u het uiterlijk die dag op de post doet en wij het binnen een week daarna "
            "ontvangen (artikel 6:9 Awb).",
            en="Send your objection within {objection_weeks} weeks. We must have received it on "
            "{objection_until} at the latest. Do you send it by post? Then it is also in time "
            "when you post it on that day at the latest and we receive it within a week after "
            "(article 6:9 Awb).",
        ),
    )
