"""The files of an application, for its collaboration: added with a section, downloaded, taken away."""

from flask import abort, current_app, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from wtforms import Form

from forms.applicant_questions import name_of
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import attachments, file_store
from subsidy.services.attachments import AttachmentRefusedError
from subsidy.views.applicant import bp
from subsidy.wording.applicant import refused_file
from workflows.definition import QuestionKind, Section
from workflows.permissions import Can


def take_files(application: Application, section: Section, form: Form) -> bool:
    """Add the files that came with the form of a section, and take away the one that is to go.

    False when a file is refused, which is then told at its question; the caller answers 422.
    """
    _remove_file(application, section)
    limit = current_app.config["SETTINGS"].max_upload_bytes
    for question in section.questions:
        if question.kind is not QuestionKind.FILE:
            continue
        field = form[name_of(question)]
        for upload in _uploads(name_of(question)):
            try:
                attachments.add(
                    application,
                    question,
                    file=upload.stream,
                    name=upload.filename or "",
                    most_bytes=limit,
                    actor=current_actor(),
                    now=clock.now(),
                )
            except AttachmentRefusedError as error:
                field.errors = [*field.errors, refused_file(error.code, error.params, upload.filename or "")]
    return not form.errors


@bp.get("/aanvragen/<int:application_id>/bijlagen/<int:attachment_id>")
@requires(Can.APPLICATION_VIEW_OWN)
def attachment(application: Application, attachment_id: int) -> ResponseReturnValue:
    """Download a file of one's own application; never shown inside a page."""
    found = attachments.find(application, attachment_id)
    if found is None:
        abort(404)
    return send_file(
        file_store.path_of(found.sha256),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.file_name,
        etag=False,
        max_age=0,
    )


def _uploads(name: str) -> list[FileStorage]:
    return [upload for upload in request.files.getlist(name) if upload.filename]


def _remove_file(application: Application, section: Section) -> None:
    asked = request.form.get("remove_file", "")
    if asked.isascii() and asked.isdecimal():
        questions = {one.id for one in section.questions if one.kind is QuestionKind.FILE}
        attachments.remove(application, int(asked), questions, now=clock.now())
