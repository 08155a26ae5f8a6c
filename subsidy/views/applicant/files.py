"""The files of an application, for its collaboration: added with a section, read, taken away."""

from flask import current_app, flash, get_template_attribute, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import Form

from forms.applicant_questions import name_of
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application
from subsidy.services import attachments
from subsidy.services.applications import NotWritableError
from subsidy.services.attachments import Added, AttachmentRefusedError
from subsidy.services.media_types import accepted_endings
from subsidy.views.applicant import bp
from subsidy.views.attached import download, find_attachment, pages_of, picture
from subsidy.wording.files import refused_file
from workflows.definition import Question, QuestionKind, Section
from workflows.permissions import Can

CLOSED, INVALID = 409, 422


def accept_of(question: Question) -> str:
    """Give what a browser offers to choose from for a question, as its `accept` attribute."""
    return ",".join(accepted_endings(question.accepts))


def take_files(application: Application, section: Section, form: Form) -> bool:
    """Add the files that came with the form of a section, and take away the one that is to go.

    False when a file is refused, which is then told at its question; the caller answers 422.
    """
    _remove_file(application, section)
    for question in section.questions:
        if question.kind is not QuestionKind.FILE:
            continue
        field = form[name_of(question)]
        for upload in _uploads(name_of(question)):
            try:
                added = _add(application, question, upload)
            except AttachmentRefusedError as error:
                field.errors = [*field.errors, _refusal(error, upload, question)]
            else:
                if not added.new:
                    flash(_told(added), "info")
    return not form.errors


@bp.post("/aanvragen/<int:application_id>/bestanden/<question_id>")
@requires(Can.APPLICATION_VIEW_OWN)
def add_file(application: Application, question_id: str) -> ResponseReturnValue:
    """Add one file by itself, for the page that shows how far it is; answers with the new list of files.

    JSON: `list` (a fragment of the page) and `told`, or `error`.
    """
    if not (allowed(Can.APPLICATION_EDIT) or allowed(Can.APPLICATION_SUPPLEMENT)):
        return jsonify(error=_("This part can no longer be changed.")), CLOSED
    uploads = _uploads("file")
    try:
        question = attachments.question_to_add_to(application, question_id, now=clock.now())
    except NotWritableError:
        return jsonify(error=_("This part can no longer be changed.")), CLOSED
    if not uploads:
        return jsonify(error=_("No file was chosen.")), INVALID
    try:
        added = _add(application, question, uploads[0])
    except AttachmentRefusedError as error:
        return jsonify(error=_refusal(error, uploads[0], question)), INVALID
    file_list = get_template_attribute("applicant/fields/files.html", "file_list")
    return jsonify(list=file_list(question, application), told=_told(added))


@bp.get("/aanvragen/<int:application_id>/bijlagen/<int:attachment_id>")
@requires(Can.APPLICATION_VIEW_OWN)
def attachment(application: Application, attachment_id: int) -> ResponseReturnValue:
    """Download a file of one's own application; never shown inside a page."""
    return download(find_attachment(application, attachment_id, own=True))


@bp.get("/aanvragen/<int:application_id>/bijlagen/<int:attachment_id>/lezen")
@requires(Can.APPLICATION_VIEW_OWN)
def read_attachment(application: Application, attachment_id: int) -> ResponseReturnValue:
    """Read a file of one's own application on screen, page by page."""
    found = find_attachment(application, attachment_id, own=True)
    return render_template(
        "applicant/attachment.html", application=application, file=found, reading=pages_of(found)
    )


@bp.get("/aanvragen/<int:application_id>/bijlagen/<int:attachment_id>/bladzijden/<int:number>")
@requires(Can.APPLICATION_VIEW_OWN)
def attachment_page(application: Application, attachment_id: int, number: int) -> ResponseReturnValue:
    """Show a page of a file as a picture."""
    return picture(find_attachment(application, attachment_id, own=True), number)


def _add(application: Application, question: Question, upload: FileStorage) -> Added:
    return attachments.add(
        application,
        question,
        file=upload.stream,
        name=upload.filename or "",
        most_bytes=current_app.config["SETTINGS"].max_upload_bytes,
        actor=current_actor(),
        now=clock.now(),
    )


def _refusal(error: AttachmentRefusedError, upload: FileStorage, question: Question) -> str:
    return refused_file(error.code, error.params, upload.filename or "", question.accepts)


def _told(added: Added) -> str:
    name = added.attachment.file_name
    if added.new:
        return str(_("%(name)s was added.", name=name))
    return str(_("This file was there already, as %(name)s. It is kept once.", name=name))


def _uploads(name: str) -> list[FileStorage]:
    return [upload for upload in request.files.getlist(name) if upload.filename]


def _remove_file(application: Application, section: Section) -> None:
    asked = request.form.get("remove_file", "")
    if not (asked.isascii() and asked.isdecimal()):
        return
    questions = {one.id for one in section.questions if one.kind is QuestionKind.FILE}
    if not attachments.remove(application, int(asked), questions, now=clock.now()):
        flash(
            _("This file cannot be removed: it was sent in, or somebody else removed it already."), "warning"
        )
