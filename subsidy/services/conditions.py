"""Questions that are asked only after a certain answer: what is hidden is no answer, and is not lost either.

While an application is written, the answer to a question that is not asked (any more) is set aside: it is
not shown, counted or sent, and comes back when the question does. Sending in lets go of it.
"""

from subsidy.models import Application
from workflows.definition import RoundDefinition


def settle(application: Application, definition: RoundDefinition) -> None:
    """Move each answer where it belongs: to the answers when its question is asked, else aside."""
    typed = {**application.set_aside, **application.answers}
    asked = definition.asked(typed)
    known = {question.id for question in definition.questions}
    answers = {key: value for key, value in typed.items() if key in asked or key not in known}
    aside = {key: value for key, value in typed.items() if key not in answers}
    # Written only when something moves: every autosave passes here.
    if answers != application.answers:
        application.answers = answers
    if aside != application.set_aside:
        application.set_aside = aside


def finish(application: Application, definition: RoundDefinition) -> None:
    """Let go of what is not asked, on sending in: its answers, and its files."""
    settle(application, definition)
    if application.set_aside:
        application.set_aside = {}
    hidden = {question.id for question in definition.questions} - definition.asked(application.answers)
    application.attachments = [one for one in application.attachments if one.question not in hidden]
