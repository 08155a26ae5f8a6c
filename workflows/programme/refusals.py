"""Why not: a phrase per ground of refusal and per check on eligibility.

The motivation of the decision itself, and the particulars of a finding, come beside these
(Awb 3:46); here stands only what is the same for everyone.
"""

from workflows.codes import Check, Ground
from workflows.values import Text

GROUNDS = {
    Ground.NOT_ELIGIBLE: Text(
        nl="Uw aanvraag voldoet niet aan alle voorwaarden om mee te doen aan deze ronde. Hieronder "
        "leest u welke.",
        en="Your application does not meet all conditions for taking part in this round. Below you "
        "read which.",
    ),
    Ground.TOO_FEW_REVIEWS: Text(
        nl="Voor uw aanvraag zijn {reviews_needed} beoordelingen nodig. Er zijn er {reviews} die meetellen.",
        en="Your application needs {reviews_needed} reviews. {reviews} of them count.",
    ),
    Ground.CRITERION: Text(
        nl="Op het criterium {criterion} is de score van uw aanvraag {score}. Voor subsidie is "
        "hier de grens {threshold}. Uw aanvraag haalt die grens niet.",
        en="On the criterion {criterion} the score of your application is {score}. For a subsidy "
        "the limit here is {threshold}. Your application does not reach that limit.",
    ),
    Ground.BELOW_THRESHOLD: Text(
        nl="Uw aanvraag krijgt in totaal {total} van de 100 punten. Voor subsidie zijn minstens "
        "{threshold_total} punten nodig.",
        en="Your application gets {total} out of 100 points in total. A subsidy takes at least "
        "{threshold_total} points.",
    ),
    Ground.REGION_TAKEN: Text(
        nl="In deze ronde kan per regio één aanvraag subsidie krijgen. Een aanvraag die hoger op "
        "de ranglijst staat, gaat over een gebied dat ook bij uw regio hoort.",
        en="In this round one application per region can get a subsidy. An application that ranks "
        "higher is about an area that belongs to your region too.",
    ),
    Ground.MAX_AWARDS: Text(
        nl="In deze ronde krijgen ten hoogste {max_awards} aanvragen subsidie. Er staan genoeg "
        "aanvragen hoger op de ranglijst.",
        en="In this round at most {max_awards} applications get a subsidy. Enough applications rank higher.",
    ),
    Ground.CEILING: Text(
        nl="Voor deze ronde is {ceiling} beschikbaar. Dit is het subsidieplafond. Het is niet "
        "genoeg voor alle aanvragen die voor subsidie in aanmerking komen.",
        en="For this round {ceiling} is available. This is the subsidy ceiling. It is not enough "
        "for all applications that qualify for a subsidy.",
    ),
    Ground.INCOMPLETE: Text(
        nl="Uw aanvraag bevat te weinig gegevens om erover te kunnen beslissen.",
        en="Your application holds too little information to decide on it.",
    ),
}

FINDINGS = {
    Check.IN_TIME: Text(
        nl="Uw aanvraag is niet ingediend in de periode waarin dat kon.",
        en="Your application was not submitted in the period in which that was possible.",
    ),
    Check.DOMAINS: Text(
        nl="In uw samenwerking doen te weinig verschillende domeinen mee.",
        en="Too few different domains take part in your collaboration.",
    ),
    Check.REQUIRED_DOMAINS: Text(
        nl="In uw samenwerking ontbreekt een domein dat mee moet doen.",
        en="A domain that has to take part is missing from your collaboration.",
    ),
    Check.SCALE: Text(
        nl="De schaal van uw regio past niet bij deze ronde.",
        en="The scale of your region does not fit this round.",
    ),
    Check.AREA: Text(
        nl="Uw regio ligt niet helemaal in het gebied waarvoor deze ronde is.",
        en="Your region does not lie wholly in the area that this round is for.",
    ),
    Check.INHABITANTS: Text(
        nl="Het aantal inwoners van uw regio past niet bij deze ronde.",
        en="The number of inhabitants of your region does not fit this round.",
    ),
    Check.MUNICIPALITIES: Text(
        nl="Het aantal gemeenten in uw regio past niet bij deze ronde.",
        en="The number of municipalities in your region does not fit this round.",
    ),
    Check.AMOUNT: Text(
        nl="Het bedrag dat u vraagt, past niet bij deze ronde.",
        en="The amount that you ask does not fit this round.",
    ),
    Check.MONTHS: Text(
        nl="Uw project duurt langer dan in deze ronde kan.",
        en="Your project takes longer than this round allows.",
    ),
    Check.REGIOBEELD: Text(
        nl="Er is geen regiobeeld bij uw aanvraag, en u verwijst er ook niet naar.",
        en="There is no regiobeeld with your application, nor do you refer to one.",
    ),
    Check.PREDECESSOR: Text(
        nl="Uw aanvraag volgt niet op een eerdere subsidie die daarvoor nodig is.",
        en="Your application does not follow an earlier subsidy that is needed for it.",
    ),
    Check.ONE_PER_LEAD: Text(
        nl="Een organisatie kan in deze ronde één aanvraag doen. Wij ontvingen eerder al een "
        "aanvraag van uw organisatie.",
        en="An organisation can apply once in this round. We received an application of your "
        "organisation before.",
    ),
    Check.ONE_PER_REGION: Text(
        nl="Per regio kan in deze ronde één aanvraag meedoen. Wij ontvingen eerder al een aanvraag "
        "voor een gebied dat ook bij uw regio hoort.",
        en="One application per region can take part in this round. We received an application "
        "before for an area that belongs to your region too.",
    ),
}
