"""What an officer fills in about a round: its dates, its money, the most used of its rules, its phase."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField
from wtforms.validators import DataRequired, InputRequired, Regexp, ValidationError

from forms.choices import choose_one
from forms.fields import Between, DayField, LineField, LongTextField, MoneyField, WholeNumberField
from forms.office_fields import MomentField, TickField
from forms.rules import Options, RulesForm, criterion_fields, rule_fields
from workflows.reviewing import ReviewRules
from workflows.rules import Criterion

SLUG = r"^[a-z0-9][a-z0-9-]{0,62}$"

# How a round is reviewed, by the names of ReviewRules.
OF_REVIEW = (
    "hide_reviewers",
    "hide_applicants",
    "motivation_min_words",
    "most_per_reviewer",
    "interest_years",
    "quorum_percent",
    "shows_certainty",
)


def _needed(message: object) -> list[object]:
    return [InputRequired(message)]


class RoundForm(RulesForm):
    """The dates have to make sense together; the rules are judged as a whole by the core."""

    seen: Field

    def validate_closes_at(self, field: Field) -> None:
        """Refuse a round that closes before it opens."""
        self._after(field, "opens_at", _("A round closes after it opens."))

    def validate_review_from(self, field: Field) -> None:
        """Refuse reviews while applications still come in."""
        self._after(field, "closes_at", _("The review begins after the round closes."))

    def validate_panel_from(self, field: Field) -> None:
        """Refuse a committee before the reviews."""
        message = _("The committee begins after the review.")
        self._after(field, "review_from" if self["review_from"].data else "closes_at", message)

    def _after(self, field: Field, earlier: str, message: str) -> None:
        before: datetime | None = self[earlier].data
        if field.data and before and field.data <= before:
            raise ValidationError(message)

    def reviewing(self, base: ReviewRules) -> ReviewRules:
        """Give how the round is reviewed, as typed over that of the kind; call it on a valid form."""
        return base.model_copy(update={name: self[name].data for name in OF_REVIEW})


def round_form(
    *, criteria: Sequence[Criterion], options: Mapping[str, Options], language: str
) -> type[RoundForm]:
    """Make the form; `options` holds, per rule that is chosen from a list, codes with their words."""
    fields = {
        **_round_fields(language),
        **rule_fields(options, language),
        **_term_fields(),
    } | _review_fields()
    fields |= criterion_fields(criteria)
    return type("MadeRoundForm", (RoundForm,), {**fields, "criteria": tuple(criteria)})


def _round_fields(language: str) -> dict[str, Field]:
    return {
        "seen": HiddenField(),
        "title": LineField(_l("Title"), [DataRequired(_l("Fill in the title."))]),
        "slug": LineField(
            _l("Short name"),
            [
                DataRequired(_l("Fill in a short name.")),
                Regexp(SLUG, message=_l("Use small letters, digits and hyphens, such as netwerk-2.")),
            ],
            description=_l("Part of the address of the pages, such as netwerk-2."),
            most=63,
        ),
        "number": WholeNumberField(
            _l("Number"), [*_needed(_l("Fill in the number of the round.")), Between(1, 9999)]
        ),
        "opens_at": MomentField(_l("Opens"), _needed(_l("Fill in when the round opens."))),
        "closes_at": MomentField(
            _l("Closes"),
            _needed(_l("Fill in when the round closes.")),
            description=_l("This minute is still in time."),
        ),
        "review_from": MomentField(_l("Review begins")),
        "panel_from": MomentField(_l("Committee begins")),
        "ceiling_cents": MoneyField(_l("Ceiling"), _needed(_l("Fill in the ceiling.")), language=language),
        "official_publication": LineField(
            _l("Official publication"),
            description=_l("Where ceiling and distribution were announced, such as Staatscourant 2026, 123."),
        ),
        "officially_published_on": DayField(
            _l("Date of the official publication"),
            description=_l("Before the day on which the round opens (Awb 4:26 and 4:27)."),
        ),
    }


def _term_fields() -> dict[str, Field]:
    return {
        "signatures_required": TickField(
            _l("Every partner confirms that it takes part"),
            description=_l("A missing confirmation is shown and never stops an application."),
        ),
        "supplement_days": WholeNumberField(
            _l("Days to supplement"),
            [*_needed(_l("Fill in the number of days.")), Between(1, 90)],
            description=_l("The term that is given once when something is missing (Awb 4:5)."),
        ),
        "decision_weeks": WholeNumberField(
            _l("Weeks to decide"),
            [*_needed(_l("Fill in the number of weeks.")), Between(1, 52)],
            description=_l("Counted from the day after the round closes (Awb 4:13)."),
        ),
    }


def _review_fields() -> dict[str, Field]:
    days, number = _needed(_l("Fill in the number of days.")), _needed(_l("Fill in a number."))
    return {
        "hide_reviewers": TickField(
            _l("Reviewers do not see who else reviews"),
            description=_l("They see each other's reports once they handed in, still without names."),
        ),
        "hide_applicants": TickField(
            _l("Reviewers do not see who applies"),
            description=_l(
                "Names of organisations and people are left out of what they read. In attachments and in "
                "free text a name can still stand."
            ),
        ),
        "motivation_min_words": WholeNumberField(
            _l("Least number of words behind a score"), [*number, Between(0, 500)]
        ),
        "most_per_reviewer": WholeNumberField(
            _l("Most reviews per person"),
            [*number, Between(1, 200)],
            description=_l("For who named no number."),
        ),
        "interest_years": WholeNumberField(
            _l("Years that count for having worked together"),
            [*number, Between(1, 20)],
            description=_l("Who applied together within these years is warned of a possible interest."),
        ),
        "quorum_percent": WholeNumberField(
            _l("Part of the committee that has to be there, in percent"), [*number, Between(0, 100)]
        ),
        "uses_rebuttal": TickField(
            _l("Applicants may answer the reports (rebuttal)"),
            description=_l(
                "Then there is no advice and no award before the answer, or before its term is over."
            ),
        ),
        "rebuttal_days": WholeNumberField(_l("Days for the rebuttal"), [*days, Between(1, 90)]),
        "rebuttal_max_words": WholeNumberField(
            _l("Most words of the answer"),
            [*_needed(_l("Fill in the number of words.")), Between(50, 2500)],
        ),
        "shows_certainty": TickField(
            _l("Show how sure the order is"),
            description=_l(
                "For the chair and the evaluator: how strict each reviewer is, how far reviewers agree, and "
                "the chance to end above the line. What is shown becomes part of the file: an applicant can "
                "ask for it, and a judge too."
            ),
        ),
    }


def phase_form(options: Options) -> type[Form]:
    """Make the form that sets the phase of a round by hand, with the reason."""
    fields: dict[str, Field] = {
        "phase": choose_one(_l("Phase"), _needed(_l("Choose a phase.")), options),
        "reason": LongTextField(
            _l("Reason"),
            [DataRequired(_l("Say why the dates are not followed."))],
            description=_l("Kept with the round, for who looks back later."),
            most=2000,
        ),
    }
    return type("PhaseForm", (Form,), fields)
