"""Words for the composer of letters: what each part is called, what its fields mean, and what is wrong."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.findings import check_label
from subsidy.wording.labels import Words, ground_label, outcome_label
from subsidy.wording.values import money
from workflows.letter_parts import Fault, Lack
from workflows.phrases import Place

PARTS: Words = {
    "scheme": _l("Name of the scheme"),
    "salutation": _l("Salutation"),
    "subject": _l("Subject"),
    "decision": _l("The decision"),
    "extra": _l("Paragraphs below the decision"),
    "legal_basis": _l("Articles of the law"),
    "procedure": _l("How the application was handled"),
    "advice": _l("The advice"),
    "scores": _l("Above the table of scores"),
    "obligations": _l("Obligations"),
    "payment": _l("How it is paid"),
    "remedy": _l("Who can object, and until when"),
    "closing": _l("Closing line"),
    "signature": _l("Greeting above the name"),
}
LEGAL_PARTS: Words = {
    "authority": _l("Who decides"),
    "decision": _l("The decision"),
    "motivation": _l("The reasons"),
    "advice": _l("The advice, and why the decision departs from it"),
    "obligations": _l("Obligations"),
    "payment": _l("When it is paid"),
    "state_aid": _l("The Regulation on state aid"),
    "legal_basis": _l("Articles of the law"),
    "remedy": _l("Who can object, until when and where"),
    "signature": _l("Who signs, under which mandate"),
}
BY_LAYOUT: Words = {
    "authority": _l("The layout prints the authority in every letter."),
    "motivation": _l("The officer writes the reasons in the proposal, and the letter prints them."),
    "advice": _l("Why the decision departs from the advice comes from the proposal."),
    "remedy": _l(
        "The layout prints the last day, how it was counted, the address and what an objection holds."
    ),
    "signature": _l("The layout prints name, function and mandate below the greeting."),
}
FIELDS: Words = {
    "reference": _l("Reference of the application"),
    "title": _l("Title of the project"),
    "applicant": _l("Name of the main applicant"),
    "region": _l("Name of the region"),
    "round": _l("Title of the round"),
    "kind": _l("Kind of subsidy"),
    "scheme": _l("Name of the scheme"),
    "authority": _l("Who decides"),
    "months": _l("How many months the project takes"),
    "requested": _l("The amount that was asked"),
    "submitted_on": _l("The day on which the application came in"),
    "decided_on": _l("The day on which the decision is made known"),
    "ceiling": _l("The ceiling of the round"),
    "amount": _l("The amount of the award"),
    "amount_in_words": _l("The amount of the award in words"),
    "starts_on": _l("First day of the activities"),
    "ends_on": _l("Last day of the activities"),
    "payment_weeks": _l("Weeks within which is paid"),
    "state_aid": _l("Sentences on de minimis aid, with the Regulation of that day"),
    "state_aid_sgei": _l(
        "Sentences on aid for services of general interest, with the Regulation of that day"
    ),
    "place": _l("Place on the reserve list"),
    "list_until": _l("Last day of the reserve list"),
    "asked_on": _l("The day on which a supplement was asked"),
    "supplement_until": _l("Last day to supplement"),
    "criterion": _l("Title of the criterion"),
    "score": _l("The score on that criterion"),
    "threshold": _l("The threshold of that criterion"),
    "total": _l("Total score"),
    "threshold_total": _l("Threshold of the total score"),
    "reviews": _l("Reviews that count"),
    "reviews_needed": _l("Reviews that are needed"),
    "max_awards": _l("Largest number of awards"),
    "objection_until": _l("Last day to object"),
    "objection_weeks": _l("Weeks within which one can object"),
}
FAULTS: Mapping[Lack, object] = {
    Lack.MISSING: _l("Nothing stands here in %(language)s. Write it."),
    Lack.UNEVEN: _l(
        "The English has another number of paragraphs than the Dutch. Give each its own translation."
    ),
    Lack.FIELD_UNKNOWN: _l("Nothing fills the field {%(field)s} here. Take it out, in %(language)s."),
    Lack.BRACE: _l("A brace stands alone, in %(language)s. Take it out, or make a field of it."),
    Lack.FIELD_MISSING: _l(
        "The field {%(field)s} (%(meaning)s) is missing, in %(language)s. The letter has to name it."
    ),
    Lack.NO_ARTICLE: _l(
        "No article is named, in %(language)s. Write at least one, such as Awb, article 4:23."
    ),
    Lack.NO_OBJECTION: _l(
        "It does not say that one can object, in %(language)s. Say who can (article 3:45)."
    ),
    Lack.NO_REGULATION: _l(
        "This award can be state aid. Put in the field {state_aid} or {state_aid_sgei}, "
        "or name the Regulation, in %(language)s."
    ),
}
REFUSALS: Words = {
    "not_published": _l("The words can be changed once the round is published."),
    "no_draft": _l("There is no draft any more: a colleague published it, or threw it away."),
    "draft_exists": _l("There is a draft already. Publish it or throw it away first."),
    "changed": _l("A colleague changed the draft in the meantime. Look at it again."),
    "faulty": _l("Something is still missing in these words. Nothing was published."),
    "field_unknown": _l("There is a field in these words that no letter fills."),
}


def part_label(place: Place) -> str:
    """Say what a place in the letters is called; `place` is a tuple as in workflows/phrases."""
    match place:
        case ("grounds", "criterion"):
            return str(_("Below the threshold of a criterion"))
        case ("grounds", str(code)):
            return ground_label(code)
        case ("findings", str(code)):
            return check_label(code)
        case (*_rest, name):
            return str(PARTS.get(str(name), name))
        case _:
            return ""


def whole_label(place: Place, starts: tuple[int, ...] = ()) -> str:
    """Say the same with where it belongs; the classes hold from the amounts `starts` (euro cents) on."""
    match place:
        case ("outcomes", str(kind), _name):
            return f"{outcome_label(kind)}: {part_label(place)}"
        case ("grounds", _name):
            return str(_("Ground: %(ground)s", ground=part_label(place)))
        case ("findings", _name):
            return str(_("Requirement: %(check)s", check=part_label(place)))
        case ("amount_classes", int(number), _name) if number < len(starts):
            return str(
                _("Awards from %(amount)s on: %(part)s", amount=money(starts[number]), part=part_label(place))
            )
        case _:
            return part_label(place)


def legal_part_label(code: str) -> str:
    """Say what the law asks."""
    return str(LEGAL_PARTS.get(code, code))


def legal_part_layout(code: str) -> str:
    """Say what the layout, or a proposal, gives of it; nothing where the words give all."""
    return str(BY_LAYOUT.get(code, ""))


def field_meaning(name: str) -> str:
    """Say what a field is filled with."""
    return str(FIELDS.get(name, name))


def language_name(code: str) -> str:
    """Name a language, in the middle of a sentence."""
    return str(_("English") if code == "en" else _("Dutch"))


def letter_fault(fault: Fault) -> str:
    """Say what is wrong with the words at a place, and what to do."""
    return str(FAULTS[fault.code]) % {
        "language": language_name(fault.language),
        "field": fault.field,
        "meaning": field_meaning(fault.field),
    }


def wording_refusal(code: str) -> str:
    """Say why a step on the words of a round is refused."""
    return str(REFUSALS.get(code, code))


FILTERS: dict[str, object] = {
    "letter_part": part_label,
    "letter_place": whole_label,
    "legal_part_label": legal_part_label,
    "legal_part_layout": legal_part_layout,
    "field_meaning": field_meaning,
    "letter_fault": letter_fault,
}
