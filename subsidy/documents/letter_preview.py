"""A letter on a page of the office, before anything is decided: its own template, without layout on paper."""

import re

from markupsafe import Markup

from subsidy import clock
from subsidy.documents.decision_facts import facts_of
from subsidy.documents.decision_letters import concept_for
from subsidy.documents.letter import LetterContent
from subsidy.documents.letter_sample import sample_facts
from subsidy.documents.letter_text import compose_letter
from subsidy.documents.pdf import pdf_renderer
from subsidy.models import Application, Round
from subsidy.services import basis_gathering
from subsidy.services.decisions import find_current
from workflows.definition import RoundDefinition
from workflows.phrases import LetterKind

_HEADING = re.compile(r"(</?h)([1-5])\b")
# Pictures are for paper: a page would have to fetch them.
_PICTURE = re.compile(r"<img\b[^>]*>")


def preview_of(application: Application, definition: RoundDefinition) -> LetterContent:
    """Write the letter of an application in the words of `definition`, as a concept.

    What was proposed or decided here is what it says; else what the division gives now. Raises LetterError
    when a fact is missing.
    """
    round_ = application.round
    standing = find_current(application)
    if standing is not None and standing.objection_last_day is not None and not standing.imported:
        return compose_letter(definition, facts_of(round_, standing, concept=True))
    basis = basis_gathering.gather(round_)[application.id]
    return concept_for(round_, basis, definition, now=clock.now())


def sample_of(round_: Round, definition: RoundDefinition, kind: LetterKind) -> LetterContent:
    """Write a letter of a kind on a made-up application, in the words of `definition`."""
    return compose_letter(definition, sample_facts(round_, definition, kind))


def as_html(content: LetterContent) -> Markup:
    """Give the body of a letter for a page that has its own first heading.

    Everything that somebody typed was escaped by the template, so each tag in it is one of ours.
    """
    body = pdf_renderer().html("letter.html", {"letter": content, "frame": "pdf/part.html"})
    lower = _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", body)
    return Markup(_PICTURE.sub("", lower))  # noqa: S704  # see above
