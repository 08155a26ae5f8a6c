"""The section about the project itself: title, summary, duration, themes, and what went before."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form
from wtforms.validators import ValidationError

from forms.applicant_money import other_money_fields
from forms.choices import Offer, choose_one, choose_radio, choose_several
from forms.fields import Between, LineField, LongTextField, Needed, WholeNumberField, WordLimit
from forms.web_address import read_web_address
from workflows.definition import RoundDefinition

SUMMARY_WORDS = 250
MOST_MONTHS = 120
LONGEST_TITLE = 200
LONGEST_REFERENCE = 40
LONGEST_SOURCE = 2000
FILE, LINK, AWARD = "file", "link", "award"


class ReferenceField(LineField):
    """The reference of an application; one that stands in the list beside it is chosen there."""

    def __init__(
        self,
        label: object = None,
        validators: Sequence[object] = (),
        listed: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, most=LONGEST_REFERENCE, **kwargs)
        self.listed = frozenset(reference for reference, _words in listed)

    def process_data(self, value: str | None) -> None:
        """Stay empty for what the list shows."""
        super().process_data(None if value in self.listed else value)


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
        fields |= _predecessor_fields(offer)
    if definition.rules.regiobeeld_required:
        fields |= _regiobeeld_fields(definition, offer)
    if definition.asks_other_money:
        fields |= other_money_fields(offer)
    return fields


def _predecessor_fields(offer: Offer) -> dict[str, Field]:
    """The earlier subsidy: from the list of one's own, or its reference; the reference goes first."""
    hint = _l("It stands on the letter about the earlier subsidy.")
    if not offer.predecessors:
        return {
            "predecessor": ReferenceField(
                _l("Reference of the earlier application"), [Needed()], description=hint
            )
        }
    return {
        "predecessor_own": choose_one(_l("Your earlier subsidy"), [Needed()], offer.predecessors),
        "predecessor": ReferenceField(
            _l("Or the reference of another earlier application"),
            listed=offer.predecessors,
            description=hint,
        ),
    }


def _regiobeeld_fields(definition: RoundDefinition, offer: Offer) -> dict[str, Field]:
    """Where the regiobeeld is, and of each of the three ways what it needs."""
    fields = {
        "regiobeeld_from": choose_radio(
            _l("Where is the regiobeeld?"),
            [] if definition.rules.predecessor_kinds else [Needed()],
            (
                (FILE, _l("We attach it as a file")),
                (LINK, _l("It is on a web page")),
                (AWARD, _l("It was made with an earlier subsidy")),
            ),
            description=_l("It does not matter who made it."),
        ),
        "regiobeeld_link": LineField(
            _l("Address of the web page"),
            [_WebAddress()],
            most=LONGEST_SOURCE,
            description=_l("Such as https://www.example.nl/regiobeeld."),
        ),
        "regiobeeld_award": ReferenceField(
            _l("Reference of the application with which it was made"),
            listed=offer.regiobeelden,
            description=_l("It may be an application of others."),
        ),
    }
    if offer.regiobeelden:
        fields["regiobeeld_own"] = choose_one(_l("Your earlier regional picture"), [], offer.regiobeelden)
    return fields


class _WebAddress:
    """The address of a web page; its form is checked, and nothing is fetched."""

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse what is no web address where one was announced."""
        if form["regiobeeld_from"].data == LINK and field.data and read_web_address(field.data) is None:
            raise ValidationError(
                _("Write the whole address of a web page, such as https://www.example.nl/regiobeeld.")
            )


def _duration_hint(definition: RoundDefinition) -> object:
    most = definition.rules.max_months
    return _l("At most %(months)s months in this round.", months=most) if most else ""
