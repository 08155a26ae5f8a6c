"""The floors: the least that Flask, SQLAlchemy and Jinja can do over the same tables and the same server.

No login, no permissions, no components: a page of 50 rows with a count and a join, one record, one review
saved. A page of ours is compared with these in the same run, because absolute numbers differ by machine.
"""

from decimal import Decimal

from flask import Flask, redirect, render_template_string, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from werkzeug.wrappers import Response

import config
from subsidy.models import Application, Participation, Review, Round

LIST = """<!doctype html><html lang="nl"><head><title>Floor</title></head><body><h1>{{ total }}</h1><table>
{% for row in rows %}<tr><td>{{ row.reference }}</td><td>{{ row.title }}</td><td>{{ row.name }}</td>
<td>{{ row.state }}</td><td>{{ row.requested_cents }}</td></tr>{% endfor %}</table></body></html>"""
RECORD = """<!doctype html><html lang="nl"><head><title>Floor</title></head><body><h1>{{ row.title }}</h1>
<p>{{ row.reference }} {{ row.state }} {{ row.requested_cents }}</p><p>{{ row.summary }}</p></body></html>"""

db = SQLAlchemy()
app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = config.from_environment().database_url
db.init_app(app)


@app.get("/list/<slug>")
def page_of_fifty(slug: str) -> str:
    """Fifty applications with their lead, and how many there are."""
    of_round = Application.round_id == select(Round.id).where(Round.slug == slug).scalar_subquery()
    rows = db.session.execute(
        select(
            Application.reference,
            Application.title,
            Application.state,
            Application.requested_cents,
            Participation.name,
        )
        .join(Participation, Participation.application_id == Application.id)
        .where(of_round, Participation.lead)
        .order_by(Application.reference)
        .limit(50)
    )
    total = db.session.scalar(select(func.count()).select_from(Application).where(of_round))
    return render_template_string(LIST, rows=rows.all(), total=total)


@app.get("/record/<int:application_id>")
def record(application_id: int) -> str:
    """One application by its key."""
    return render_template_string(RECORD, row=db.session.get_one(Application, application_id))


@app.post("/review/<int:review_id>")
def save(review_id: int) -> Response:
    """One review with its scores, changed and committed: no version, no check, no one who may not."""
    review = db.session.get_one(Review, review_id)
    review.notes = request.form["notes"]
    for row in review.scores:
        row.score = Decimal(request.form[f"score-{row.criterion}"])
        row.motivation = request.form[f"motivation-{row.criterion}"]
    db.session.commit()
    return redirect(f"/record/{review.application_id}", 303)
