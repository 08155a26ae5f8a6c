"""The rules of a round as fields: what an officer sets when a round is made, and tries out in a scenario."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError as Fault
from wtforms import Field, Form
from wtforms.validators import InputRequired, ValidationError

from forms.choices import choose_first, choose_several
from forms.fields import Between, MoneyField, WholeNumberField
from forms.office_fields import NumberField, TickField
from workflows.rules import Criterion, Rules

Options = Sequence[tuple[str, object]]

# Rules that the form shows by their own name; the other rules of the kind stay as they are.
PLAIN = (
    "distribution",
    "min_domains",
    "required_domains",
    "domains_mode",
    "scales",
    "min_inhabitants",
    "max_inhabitants",
    "min_amount_cents",
    "max_amount_cents",
    "max_months",
    "predecessor_kinds",
    "regiobeeld_required",
    "one_per_lead",
    "one_per_region",
    "one_award_per_region",
    "max_awards",
    "partial_award",
    "min_partial_cents",
    "min_reviews",
    "threshold_total",
)


class RulesForm(Form):
    """Rules are judged as a whole by the core; `plain` names the fields that are a rule by themselves."""

    plain: tuple[str, ...] = PLAIN
    criteria: tuple[Criterion, ...] = ()

    def weights(self) -> list[tuple[Criterion, Field, Field]]:
        """Give each criterion with the fields of its weight and its threshold."""
        return [(one, self[f"weight-{one.id}"], self[f"threshold-{one.id}"]) for one in self.criteria]

    def rules(self, base: Rules) -> Rules | None:
        """Give the rules as typed over others; None, with the errors at their fields."""
        typed: dict[str, Any] = base.model_dump(by_alias=False) | self.typed()
        typed["min_partial_cents"] = typed["min_partial_cents"] or 1
        typed["criteria"] = [
            {**one.model_dump(), "weight": weight.data, "threshold": threshold.data}
            for one, weight, threshold in self.weights()
        ]
        try:
            return Rules.model_validate(typed)
        except Fault as fault:
            for error in fault.errors():
                self._refuse(error["loc"], str(error["msg"]))
            return None

    def typed(self) -> dict[str, Any]:
        """Give what was typed, by rule; without the criteria."""
        return {name: self[name].data for name in self.plain}

    def _refuse(self, place: tuple[int | str, ...], message: str) -> None:
        name = str(place[0]) if place else ""
        if name == "criteria" and len(place) > 2 and place[2] in {"weight", "threshold"}:  # noqa: PLR2004
            name = f"{place[2]}-{self.criteria[int(place[1])].id}"
        if name in self:
            self[name].errors = [message]
        else:
            self.form_errors.append(message)


def _above_nothing(_form: Form, field: Field) -> None:
    if field.data is not None and field.data <= 0:
        raise ValidationError(_("Write a number above 0."))


def criterion_fields(criteria: Sequence[Criterion]) -> dict[str, Field]:
    """Give the fields of the weight and the threshold of each criterion."""
    fields = {}
    for one in criteria:
        fields[f"weight-{one.id}"] = NumberField(
            _l("Weight"), [InputRequired(_l("Fill in the weight.")), _above_nothing]
        )
        fields[f"threshold-{one.id}"] = NumberField(_l("Lowest score that is enough"))
    return fields


def rule_fields(options: Mapping[str, Options], language: str) -> dict[str, Field]:
    """Give a field per rule of PLAIN; `options`: the codes with their words, per rule that is chosen."""
    return {
        "distribution": choose_first(_l("Distribution"), [InputRequired("")], options["distribution"]),
        "min_domains": WholeNumberField(_l("Least number of domains"), [Between(0, 6)]),
        "domains_mode": choose_first(_l("Too few domains"), [InputRequired("")], options["domains_mode"]),
        "required_domains": choose_several(
            _l("Domains that must take part"), [], options["required_domains"]
        ),
        "scales": choose_several(
            _l("Accepted scales of a region"),
            [],
            options["scales"],
            description=_l("None ticked: every scale is accepted."),
        ),
        "min_inhabitants": WholeNumberField(_l("Least number of inhabitants")),
        "max_inhabitants": WholeNumberField(_l("Largest number of inhabitants")),
        "min_amount_cents": MoneyField(_l("Least amount per application"), language=language),
        "max_amount_cents": MoneyField(_l("Largest amount per application"), language=language),
        "max_months": WholeNumberField(_l("Longest duration in months"), [Between(1, 240)]),
        "predecessor_kinds": choose_several(
            _l("Only after an earlier award of"), [], options["predecessor_kinds"]
        ),
        "regiobeeld_required": TickField(_l("A regional picture must be available")),
        "one_per_lead": TickField(_l("One application per main applicant")),
        "one_per_region": TickField(_l("One application per region")),
        "one_award_per_region": TickField(_l("One award per region")),
        "max_awards": WholeNumberField(_l("Largest number of awards"), [Between(1, 100_000)]),
        "partial_award": TickField(_l("The last one may get a part of what it asks")),
        "min_partial_cents": MoneyField(_l("Smallest part that is awarded"), language=language),
        "min_reviews": WholeNumberField(
            _l("Reviews needed"),
            [InputRequired(_l("Fill in how many reviews are needed.")), Between(0, 20)],
            description=_l("Where the kind asks a number per amount, that number goes first."),
        ),
        "threshold_total": NumberField(
            _l("Least total score"), [Between(0, 100)], description=_l("From 0 to 100.")
        ),
    }
