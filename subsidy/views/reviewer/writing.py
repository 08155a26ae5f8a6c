"""Between the score form and what is stored of a review: what was typed, kept, parked, and chosen."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forms.reviewer import ScoreForm, score_form, text_of
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in
from subsidy.db import db
from subsidy.models import Review
from subsidy.services import parked, review_drafts, reviews
from subsidy.services.entries.merging import mark_of, merge
from subsidy.services.review_drafts import Draft, ReviewClosedError, draft_of
from subsidy.views.unsaved import KEPT, PARKED, Choice, parked_secret, typed_now
from subsidy.wording.reviewing import RECOMMENDATIONS
from subsidy.wording.spoken import language
from workflows.definition import RoundDefinition
from workflows.permissions import Can


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What a page tells about text that is not saved: `told` is empty, choose, kept or parked.

    `choices` are the parts to choose in; `kept` and `parked` say where the text is, for when it is stored.
    """

    told: str = ""
    choices: tuple[Choice, ...] = ()
    kept: str = ""
    parked: str = ""


def form_of(
    review: Review, definition: RoundDefinition, typed: MultiDict[str, str] | None = None
) -> ScoreForm:
    """Give the score form with what is stored, or with what was typed."""
    rules = definition.reviewing
    kind = score_form(
        definition.rules.criteria,
        language(),
        least_words=rules.motivation_min_words,
        recommendations=RECOMMENDATIONS.items() if rules.recommends else (),
    )
    if typed is not None:
        return kind(typed)
    stored = draft_of(review)
    data: dict[str, object] = {
        "version": review.version,
        "seen": stored.marks,
        "notes": stored.notes,
        "recommendation": stored.recommendation,
    }
    for criterion in definition.rules.criteria:
        score = stored.scores.get(criterion.id)
        data[kind.score_name(criterion)] = None if score is None else text_of(score)
        data[kind.motivation_name(criterion)] = stored.motivations.get(criterion.id, "")
    return kind(data=data)


def draft_in(form: ScoreForm, definition: RoundDefinition) -> Draft:
    """Give what a valid form says."""
    criteria = definition.rules.criteria
    draft = Draft(form.scores(criteria), form.motivations(criteria), form.notes.data or "", form.recommended)
    return review_drafts.normal(draft)


def page_of(review: Review) -> str:
    """Give the path of the page of a review, under which its parked forms are found."""
    return f"/beoordelen/{review.id}"


def store(
    review: Review, draft: Draft, definition: RoundDefinition, *, seen: str, hands_in: bool = False
) -> frozenset[str]:
    """Save, or save and hand in; gives the parts that another window changed. Raises as `reviews` does."""
    if not allowed(Can.REVIEW_WRITE):
        raise ReviewClosedError
    version = request.form.get("version", type=id_in)
    now = clock.now()
    if not hands_in:
        return reviews.save_draft(review, draft, version=version, seen=seen, now=now)
    reviews.hand_in(
        review, draft, definition=definition, version=version, seen=seen, actor=current_actor(), now=now
    )
    return frozenset()


def keep(review: Review) -> str:
    """Keep what was sent; gives its mark, which is empty when another window's text is in its place."""
    mark = review_drafts.keep(review, typed_now(), knows=request.form.get(KEPT, ""))
    if mark is not None:
        parked.let_go(request.form.get(PARKED, ""), page_of(review))
    return mark or ""


def keep_refused(review: Review) -> str:
    """Keep what was sent although it is refused: of the refused change nothing stays, of the text all."""
    db.session.rollback()
    mark = keep(review)
    db.session.commit()
    return mark


def let_go(review: Review) -> None:
    """Let go of the texts that the form began with: what it says is stored."""
    review_drafts.let_go(review, knows=request.form.get(KEPT, ""))
    parked.let_go(request.form.get(PARKED, ""), page_of(review))


def restore(review: Review, definition: RoundDefinition) -> tuple[ScoreForm, Unsaved]:
    """Give the form as it was typed earlier, when that is not what is stored; else with what is stored."""
    secret = parked_secret()
    waiting = parked.find(secret, page_of(review), now=clock.now())
    if waiting is not None:
        return _filled(review, definition, waiting.typed, parked_as=secret)
    if review.kept_mark:
        return _filled(review, definition, review.kept or [], kept_as=review.kept_mark)
    return form_of(review, definition), Unsaved()


def choices_between(form: ScoreForm, mine: Draft, stored: Draft, parts: frozenset[str]) -> tuple[Choice, ...]:
    """Give the parts to choose in, in the order of the form."""
    here, there = mine.parts, stored.parts
    return tuple(
        Choice(
            name,
            ((str(form[name].label.text), _words(name, here.get(name)), _words(name, there.get(name))),),
            mark_of(there.get(name)),
        )
        for name in form.data
        if name in parts
    )


def told_again(form: ScoreForm) -> tuple[tuple[str, str], ...]:
    """Give what was typed with its label, to read and copy when it can no longer be stored."""
    skipped = {"version", "seen"}
    return tuple(
        (str(field.label.text), _words(field.name, field.data))
        for field in form
        if field.name not in skipped and field.data
    )


def _words(name: str, value: object) -> str:
    if value is None or value == "":
        return str(_("Not filled in"))
    return str(RECOMMENDATIONS.get(str(value), value)) if name == review_drafts.RECOMMENDATION else str(value)


def _filled(
    review: Review,
    definition: RoundDefinition,
    typed: list[list[str]],
    *,
    kept_as: str = "",
    parked_as: str = "",
) -> tuple[ScoreForm, Unsaved]:
    """Fill the form; with what is stored when everything in it was stored after all."""
    form = form_of(review, definition, MultiDict((name, value) for name, value in typed))
    told = PARKED if parked_as else KEPT
    if not form.validate():
        return form, Unsaved(told, (), kept_as, parked_as)
    mine, stored = draft_in(form, definition), draft_of(review)
    merged = merge(mine.parts, stored.parts, form.seen.data or "")
    if not merged.clashing and merged.parts == {**dict.fromkeys(merged.parts), **stored.parts}:
        return form_of(review, definition), Unsaved(kept=kept_as, parked=parked_as)
    choices = choices_between(form, mine, stored, merged.clashing)
    return form, Unsaved("choose" if choices else told, choices, kept_as, parked_as)
