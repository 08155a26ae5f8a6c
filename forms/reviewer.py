"""What a reviewer types: scores with their reasons."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, StringField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import TextInput

from forms.choices import Options, choose_radio
from forms.fields import LongTextField, Needed
from workflows.definition import Criterion

# A scale of at most so many whole steps is a list to choose from; a wider one is a number to type.
MOST_STEPS = 10


class ScoreField(StringField):
    """A score on a wide or broken scale, typed with a comma or a point; None when nothing was typed."""

    widget = TextInput()

    def __init__(self, label: str, criterion: Criterion, **kwargs: object) -> None:
        super().__init__(label, **kwargs)
        self.criterion = criterion

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text as typed; `pre_validate` judges it."""
        self.data = valuelist[0].strip().replace(",", ".") if valuelist else None

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002  # WTForms hands it over
        """Refuse what is no number on the scale."""
        if not self.data:
            return
        low, high = sorted((self.criterion.worst, self.criterion.best))
        try:
            score = Decimal(self.data)
            fits = score.is_finite() and self.criterion.holds(score)
        except InvalidOperation:
            fits = False
        if not fits:
            raise ValidationError(_("Write a number from %(low)s to %(high)s.", low=low, high=high))


class ScoreForm(Form):
    """The score form of a round; `score_form` adds two fields per criterion, and the recommendation.

    `version` is empty on a page that shows older text in some part; `seen` holds the marks of what it showed.
    """

    version = HiddenField()
    seen = HiddenField()
    notes = LongTextField(
        _l("Private notes"), description=_l("Only you see these. They are no part of the review.")
    )

    @staticmethod
    def score_name(criterion: Criterion) -> str:
        """The name of the field with the score."""
        return f"score-{criterion.id}"

    @staticmethod
    def motivation_name(criterion: Criterion) -> str:
        """The name of the field with the reasons."""
        return f"motivation-{criterion.id}"

    def scores(self, criteria: Iterable[Criterion]) -> dict[str, Decimal | None]:
        """The scores typed, by criterion; call it on a valid form."""
        typed = {one.id: self[self.score_name(one)].data for one in criteria}
        return {id_: Decimal(score) if score else None for id_, score in typed.items()}

    def motivations(self, criteria: Iterable[Criterion]) -> dict[str, str]:
        """The reasons typed, by criterion."""
        return {one.id: self[self.motivation_name(one)].data or "" for one in criteria}

    @property
    def recommended(self) -> str:
        """The recommendation chosen; empty when there is none."""
        return (self["recommendation"].data or "") if "recommendation" in self else ""


def score_form(
    criteria: Iterable[Criterion], language: str, *, least_words: int = 0, recommendations: Options = ()
) -> type[ScoreForm]:
    """Make the form for these criteria, with anchors and guidance in this language.

    `least_words` is what a motivation needs before it can be handed in; no `recommendations`: none is asked.
    """
    fields: dict[str, object] = {}
    asked = (
        _l("Say what in the application leads to this score, in at least %(least)s words.", least=least_words)
        if least_words
        else _l("Say what in the application leads to this score.")
    )
    for criterion in criteria:
        title = criterion.label.in_language(language)
        steps = steps_of(criterion)
        label = _l("Score for %(criterion)s", criterion=title)
        if steps:
            options = [(text_of(step), _label(criterion, step, language)) for step in steps]
            score: object = choose_radio(label, [Needed()], options)
        else:
            numeric = {"inputmode": "decimal", "autocomplete": "off"}
            score = ScoreField(label, criterion, validators=[Needed()], render_kw=numeric)
        fields[ScoreForm.score_name(criterion)] = score
        fields[ScoreForm.motivation_name(criterion)] = LongTextField(
            _l("Motivation for %(criterion)s", criterion=title), validators=[Needed()], description=asked
        )
    offered = list(recommendations)
    if offered:
        fields["recommendation"] = choose_radio(_l("What do you recommend?"), [Needed()], offered)
    return type("RoundScoreForm", (ScoreForm,), fields)


class ReopeningForm(Form):
    """Why a review that was handed in is opened again."""

    reason = LongTextField(
        _l("Why is this review opened again?"),
        description=_l("The reviewer gets your reason by e-mail. It stays in the file."),
        validators=[InputRequired(_l("Give a reason."))],
        most=2000,
    )


def steps_of(criterion: Criterion) -> tuple[Decimal, ...]:
    """The scores to choose from, worst first; none when the scale is too wide or has broken ends."""
    low, high = sorted((criterion.worst, criterion.best))
    whole = low == low.to_integral_value() and high == high.to_integral_value()
    if not whole or high - low > MOST_STEPS:
        return ()
    between = {Decimal(step) for step in range(int(low), int(high) + 1)}
    scores = between | {anchor.score for anchor in criterion.anchors if criterion.holds(anchor.score)}
    return tuple(sorted(scores, reverse=criterion.best < criterion.worst))


def text_of(score: Decimal) -> str:
    """A score as text, the same for 4 and 4.0, as forms send it and pages show it."""
    plain = format(score, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _label(criterion: Criterion, score: Decimal, language: str) -> str:
    anchor = next((one for one in criterion.anchors if one.score == score), None)
    return f"{text_of(score)}: {anchor.text.in_language(language)}" if anchor else text_of(score)
