"""The section about the project itself: title, summary, duration, themes, and what went before."""

from flask_babel import lazy_gettext as _l
from wtforms import Field

from forms.choices import Offer, choose_several
from forms.fields import Between, LineField, LongTextField, Needed, WholeNumberField, WordLimit
from workflows.definition import RoundDefinition

SUMMARY_WORDS = 250
MOST_MONTHS = 120
LONGEST_TITLE = 200
LONGEST_REFERENCE = 40
LONGEST_SOURCE = 2000


def project_fields(definition: RoundDefinition, offer: Offer) -> dict[str, Field]:
    """Give the unbound fields; what the rules do not ask for is not there (Awb 4:4(2))."""
    fields: dict[str, Field] = {
        "title": LineField(_l("Title of the project"), [Needed()], most=LONGEST_TITLE),
        "summary": LongTextField(
            _l("Summary"),
            [Needed(), WordLimit(SUMMARY_WORDS)],
            description=_l("What you are going to do, in words that everybody understands."),
        ),
        "months": WholeNumberField(
            _l("Duration in months"),
            [Needed(), Between(1, MOST_MONTHS)],
            description=_duration_hint(definition),
        ),
    }
    if definition.themes:
        options = [(theme.value, theme.label.in_language(offer.language)) for theme in definition.themes]
        fields["themes"] = choose_several(
            _l("Themes"), [], options, description=_l("Tick what your project is mostly about.")
        )
    if definition.rules.predecessor_kinds:
        fields["predecessor"] = LineField(
            _l("Reference of the earlier application"),
            [Needed()],
            most=LONGEST_REFERENCE,
            description=_l("It stands on the letter about the earlier subsidy."),
        )
    if definition.rules.regiobeeld_required:
        fields["regiobeeld"] = LineField(
            _l("Where is the regiobeeld?"),
            [] if definition.rules.predecessor_kinds else [Needed()],
            most=LONGEST_SOURCE,
            description=_l(
                "A link, the name of the file that you attach, "
                "or the reference of the application with which it was made."
            ),
        )
    return fields


def _duration_hint(definition: RoundDefinition) -> object:
    most = definition.rules.max_months
    return _l("At most %(months)s months in this round.", months=most) if most else ""
