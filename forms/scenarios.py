"""What an officer fills in about a scenario: a name, another ceiling, other rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from forms.choices import choose_first, choose_one
from forms.fields import Between, LineField, LongTextField, MoneyField, WholeNumberField
from forms.rules import PLAIN, Options, RulesForm, criterion_fields, rule_fields
from workflows.rules import Criterion, Rules, TieBreak

# Rules that can be tried out beside those of the form of a round.
MORE = ("aggregate", "first_come_unit", "min_municipalities", "max_municipalities")
LEAST_TIES = 4
GREATEST_CEILING = 100_000_000_000_000


class ScenarioForm(RulesForm):
    """A scenario; `ties` is how many ways to separate equals can be named, one after the other."""

    plain = (*PLAIN, *MORE)
    ties: int = LEAST_TIES

    def tie_fields(self) -> list[Field]:
        """Give the fields in which equals are separated, the first first."""
        return [self[f"tie-{number}"] for number in range(1, self.ties + 1)]

    def typed(self) -> dict[str, Any]:
        """Give what was typed, by rule; without the criteria."""
        ties = tuple(field.data for field in self.tie_fields() if field.data)
        return super().typed() | {"tie_break": ties, "lot_seed": self["lot_seed"].data or None}

    def validate_lot_seed(self, field: Field) -> None:
        """Ask for the seed where lots are drawn."""
        if not field.data and any(tie.data == TieBreak.LOT for tie in self.tie_fields()):
            raise ValidationError(_("Fill in the seed with which lots are drawn."))

    @property
    def version_seen(self) -> int:
        """The version that the form was made from; 0 for what is no version."""
        text = self["version"].data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


class NameForm(Form):
    """A name for a copy."""

    copy_name = LineField(_l("Name of the copy"), [DataRequired(_l("Give the scenario a name."))], most=100)


def scenario_form(rules: Rules, *, options: Mapping[str, Options], language: str) -> type[ScenarioForm]:
    """Make the form for a round with these rules; `options`: the codes with their words, per rule."""
    ties = max(LEAST_TIES, len(rules.tie_break))
    fields: dict[str, Field] = {
        "version": HiddenField(),
        "name": LineField(
            _l("Name"),
            [DataRequired(_l("Give the scenario a name."))],
            description=_l("Such as: lower ceiling, or relevance counts double."),
            most=100,
        ),
        "note": LongTextField(
            _l("Note"), description=_l("What the board should know about it, for instance why."), most=2000
        ),
        "ceiling_cents": MoneyField(
            _l("Ceiling"),
            [InputRequired(_l("Fill in the ceiling.")), Between(0, GREATEST_CEILING)],
            language=language,
        ),
        **rule_fields(options, language),
        **_more_fields(options),
        **criterion_fields(rules.criteria),
    }
    for number in range(1, ties + 1):
        label = _l("Equal? Then first") if number == 1 else _l("And then (%(number)s)", number=number)
        fields[f"tie-{number}"] = choose_one(label, [_not_twice], options["tie_break"])
    return type("MadeScenarioForm", (ScenarioForm,), {**fields, "criteria": rules.criteria, "ties": ties})


def data_of(rules: Rules) -> dict[str, Any]:
    """Give the rules as data of the form."""
    data: dict[str, Any] = {name: getattr(rules, name) for name in (*PLAIN, *MORE)}
    for one in rules.criteria:
        data[f"weight-{one.id}"], data[f"threshold-{one.id}"] = one.weight, one.threshold
    for number, name in enumerate(rules.tie_break, start=1):
        data[f"tie-{number}"] = name
    return data | {"lot_seed": rules.lot_seed or ""}


def tie_options(criteria: Sequence[Criterion], words: Options) -> Options:
    """Give what can separate equals: the score on a criterion, and what has these words."""
    return [
        *((one.id, _("the better score on %(criterion)s", criterion=one.title)) for one in criteria),
        *words,
    ]


def _more_fields(options: Mapping[str, Options]) -> dict[str, Field]:
    return {
        "min_municipalities": WholeNumberField(_l("Least number of municipalities"), [Between(0, 500)]),
        "max_municipalities": WholeNumberField(_l("Largest number of municipalities"), [Between(0, 500)]),
        "aggregate": choose_first(
            _l("Several scores become one as"), [InputRequired("")], options["aggregate"]
        ),
        "first_come_unit": choose_first(
            _l("First come, first served counts"), [InputRequired("")], options["first_come_unit"]
        ),
        "lot_seed": LineField(
            _l("Seed of the lots"),
            description=_l("The published text with which anyone can draw the same lots again."),
        ),
    }


def _not_twice(form: Form, field: Field) -> None:
    if not field.data or not isinstance(form, ScenarioForm):
        return
    before = []
    for other in form.tie_fields():
        if other.name == field.name:
            break
        before.append(other.data)
    if field.data in before:
        raise ValidationError(_("This is named earlier already; choose another, or none."))
