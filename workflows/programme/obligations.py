"""Obligations and payment by amount, after the classes of the Uniform Subsidiekader (USK).

Below 25,000 euros a fixed amount that is determined at once; to 125,000 proof that the work was
done, with at most one progress report a year; from 125,000 accounting of the costs.
"""

from workflows.phrases import AmountClass
from workflows.values import Text

EUROS = 100

DO_THE_WORK = Text(
    nl="U voert het project uit zoals u in uw aanvraag schreef, binnen {months} maanden.",
    en="You carry out the project as you wrote in your application, within {months} months.",
)
REPORT_CHANGES = Text(
    nl="Verandert er iets belangrijks, of kunt u het project niet of niet op tijd uitvoeren? Dan "
    "meldt u dat meteen aan ons (artikel 4:37 Awb).",
    en="Does something important change, or can you not carry out the project, or not in time? "
    "Then you report that to us at once (article 4:37 Awb).",
)
SHARE_LESSONS = Text(
    nl="U deelt wat u leert met andere regio's en werkt mee aan de evaluatie van het programma.",
    en="You share what you learn with other regions and take part in the programme's evaluation.",
)
PAY_WITHIN_WEEKS = Text(
    nl="Wij betalen {amount} in één keer, binnen {payment_weeks} weken na de bekendmaking van dit "
    "besluit (artikel 4:87 Awb).",
    en="We pay {amount} at once, within {payment_weeks} weeks after this decision is announced "
    "(article 4:87 Awb).",
)
AT_MOST = Text(
    nl="Het bedrag is een maximum (artikel 4:31 Awb). U krijgt het onder de voorwaarde dat er "
    "genoeg geld op de begroting staat (artikel 4:34 Awb).",
    en="The amount is a maximum (article 4:31 Awb). You get it on the condition that the budget "
    "holds enough money (article 4:34 Awb).",
)
PAY_IN_ADVANCES = Text(
    nl="U krijgt voorschotten (artikel 4:95 Awb). Het eerste voorschot betalen wij binnen "
    "{payment_weeks} weken na de bekendmaking van dit besluit.",
    en="You get advances (article 4:95 Awb). We pay the first advance within {payment_weeks} weeks "
    "after this decision is announced.",
)
ASK_DETERMINATION = Text(
    nl="Binnen dertien weken na het einde van het project vraagt u ons de subsidie vast te stellen "
    "(artikel 4:44 Awb).",
    en="Within thirteen weeks after the end of the project you ask us to determine the subsidy "
    "(article 4:44 Awb).",
)
LOWER_WHEN_LESS = Text(
    nl="Deed u minder dan was afgesproken, of hield u zich niet aan een verplichting? Dan kunnen "
    "wij de subsidie lager vaststellen (artikel 4:46 Awb) en geld terugvragen (artikel 4:57 "
    "Awb).",
    en="Did you do less than agreed, or not keep an obligation? Then we can determine the subsidy "
    "at a lower amount (article 4:46 Awb) and ask money back (article 4:57 Awb).",
)


def amount_classes(*extra: Text) -> tuple[AmountClass, ...]:
    """Give the three classes; `extra` are obligations of the kind that hold for every amount."""
    return (
        AmountClass(
            from_cents=0,
            obligations=(
                DO_THE_WORK,
                *extra,
                SHARE_LESSONS,
                REPORT_CHANGES,
                Text(
                    nl="Wij kunnen u vragen te laten zien dat u het project hebt uitgevoerd. "
                    "Bewaar daarom wat dat laat zien.",
                    en="We can ask you to show that you carried out the project. So keep what shows it.",
                ),
            ),
            payment=(
                Text(
                    nl="Met dit besluit stellen wij de subsidie meteen vast (artikel 4:42 Awb). U "
                    "hoeft achteraf geen vaststelling aan te vragen.",
                    en="With this decision we determine the subsidy at once (article 4:42 Awb). "
                    "You need not ask for a determination afterwards.",
                ),
                PAY_WITHIN_WEEKS,
            ),
        ),
        AmountClass(
            from_cents=25_000 * EUROS,
            obligations=(
                DO_THE_WORK,
                *extra,
                SHARE_LESSONS,
                Text(
                    nl="Duurt het project langer dan een jaar? Dan stuurt u ons één keer per jaar "
                    "een kort voortgangsverslag.",
                    en="Does the project take longer than a year? Then you send us a short "
                    "progress report once a year.",
                ),
                REPORT_CHANGES,
                ASK_DETERMINATION,
                Text(
                    nl="Daarbij laat u zien dat u het project hebt uitgevoerd.",
                    en="With it you show that you carried out the project.",
                ),
            ),
            payment=(AT_MOST, PAY_IN_ADVANCES, LOWER_WHEN_LESS),
        ),
        AmountClass(
            from_cents=125_000 * EUROS,
            obligations=(
                DO_THE_WORK,
                *extra,
                SHARE_LESSONS,
                Text(
                    nl="U stuurt ons één keer per jaar een voortgangsverslag met de kosten tot dan toe.",
                    en="You send us a progress report once a year, with the costs so far.",
                ),
                REPORT_CHANGES,
                ASK_DETERMINATION,
                Text(
                    nl="Daarbij verantwoordt u de kosten, met een verklaring van een accountant.",
                    en="With it you account for the costs, with an auditor's report.",
                ),
            ),
            payment=(AT_MOST, PAY_IN_ADVANCES, LOWER_WHEN_LESS),
        ),
    )
