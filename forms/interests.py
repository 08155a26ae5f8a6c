"""What people type about their interests, and what the chair decides about it (Awb 2:4)."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from forms.choices import Options, RadioChoiceField, choose_radio, choose_several
from forms.fields import LongTextField, Needed
from forms.office_fields import TickField

NONE, SOME = "none", "some"
USUAL, OTHER = "usual", "other"
LONGEST = 2000


class MeasureParts(Form):
    """The usual measure, or another one in words."""

    measure = RadioChoiceField(
        _l("Which measure fits?"),
        choices=[
            SelectChoice(
                USUAL, _l("The usual one: no advice, no discussion and no ranking of this application")
            ),
            SelectChoice(OTHER, _l("Another one, namely:")),
        ],
        default=USUAL,
        validators=[Needed()],
    )
    measure_words = LongTextField(
        _l("Which other measure?"), description=_l("Only with another measure."), most=LONGEST
    )

    def validate_measure_words(self, field: Field) -> None:
        """Another measure says which."""
        if self.measure.data == OTHER and not field.data.strip():
            raise ValidationError(_("Say which measure."))

    @property
    def measure_text(self) -> str:
        """The measure in words; empty for the usual one."""
        return (self.measure_words.data or "") if self.measure.data == OTHER else ""


class InterestForm(MeasureParts):
    """An interest: its kind, in words, and the measure that the person proposes."""

    kind: Field
    nature = LongTextField(
        _l("What is your interest?"),
        validators=[Needed()],
        description=_l("For example: I work for a partner, or I am family of somebody involved."),
        most=LONGEST,
    )

    def interest_told(self) -> bool:
        """Whether this is about an interest at all."""
        return True

    def validate_kind(self, field: Field) -> None:
        """An interest is of some kind."""
        if self.interest_told() and not field.data:
            raise ValidationError(_("Choose the kind of interest."))

    def validate_nature(self, field: Field) -> None:
        """An interest says what it is."""
        if self.interest_told() and not (field.data or "").strip():
            raise ValidationError(_("Say what your interest is."))


class DeclarationForm(InterestForm):
    """No interest, or an interest. `signs`: there are signs of one, so no interest says why."""

    signs = False
    interest = RadioField(
        _l("Do you have an interest in this application?"),
        choices=[
            SelectChoice(NONE, _l("No, I have no interest in this application")),
            SelectChoice(SOME, _l("Yes, I have an interest, or it can look as if I have one")),
        ],
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    why = LongTextField(
        _l("Why is this no interest?"),
        description=_l("One sentence is enough. It stays in the file."),
        most=LONGEST,
    )

    def interest_told(self) -> bool:
        """Whether the person says yes."""
        return bool(self.interest.data == SOME)

    def validate_why(self, field: Field) -> None:
        """No interest despite a sign of one says why."""
        if self.signs and self.interest.data == NONE and not (field.data or "").strip():
            raise ValidationError(_("Say why what we found is no interest."))


class TiesForm(Form):
    """With which organisations of the round somebody has a tie, where it hides who is behind what."""

    ties: Field
    nature = LongTextField(
        _l("What is your tie with them?"),
        description=_l("Only when you ticked an organisation. For example: I work there, or a brother does."),
        most=LONGEST,
    )

    def validate_nature(self, field: Field) -> None:
        """A tie says what it is."""
        if self.ties.data and not (field.data or "").strip():
            raise ValidationError(_("Say what your tie is."))


class RoundDeclarationForm(Form):
    """That somebody saw the list and has no interest but what was reported.

    `number` and `highest` say what the list held. `signs`: there are signs that were not reported.
    """

    signs = False
    number = HiddenField()
    highest = HiddenField()
    why = LongTextField(
        _l("Why are the other signs no interest?"),
        validators=[Needed()],
        description=_l("One sentence for all is enough. It stays in the file."),
        most=LONGEST,
    )
    seen = TickField(
        _l("I saw this list. I have no interest in these applications, but for what I reported."),
        validators=[InputRequired(_l("Tick that you saw the list."))],
    )

    def validate_why(self, field: Field) -> None:
        """No interest despite a sign of one says why."""
        if self.signs and not (field.data or "").strip():
            raise ValidationError(_("Say why what we found is no interest."))


class DecisionForm(MeasureParts):
    """What the chair decides on a declared interest."""

    outcome = RadioField(
        _l("What do you decide?"),
        choices=[
            SelectChoice("upheld", _l("There is an interest: this person stays out of the application")),
            SelectChoice("dismissed", _l("There is no interest: this person can take part again")),
        ],
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    reason = LongTextField(
        _l("Reason of the decision"),
        validators=[InputRequired(_l("Give a reason."))],
        description=_l("The person gets this reason by e-mail. It stays in the file."),
        most=LONGEST,
    )


def interest_form(kinds: Options) -> type[InterestForm]:
    """Make the form that reports an interest, of one of these kinds."""
    return type("KindForm", (InterestForm,), {"kind": _kind(kinds, [Needed()])})


def declaration_form(kinds: Options, *, signs: bool) -> type[DeclarationForm]:
    """Make the form of a declaration, for somebody with or without signs of an interest."""
    return type("FileForm", (DeclarationForm,), {"kind": _kind(kinds, [Needed()]), "signs": signs})


def ties_form(organisations: Sequence[tuple[str, object]]) -> type[TiesForm]:
    """Make the form that asks for ties with these organisations."""
    ties = choose_several(_l("With which of these organisations do you have a tie?"), [], organisations)
    return type("OrganisationsForm", (TiesForm,), {"ties": ties})


def round_form(*, signs: bool) -> type[RoundDeclarationForm]:
    """Make the form of a declaration for a round as a whole."""
    return type("WholeForm", (RoundDeclarationForm,), {"signs": signs})


def _kind(kinds: Options, validators: list[object]) -> Field:
    return choose_radio(_l("What kind of interest is it?"), validators, kinds)
