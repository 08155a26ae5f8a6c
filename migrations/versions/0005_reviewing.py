"""Reviewing: the pool, interests, assignment proposals, rebuttals, meetings, certainty, calibration.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "reviewer_profile",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kvk", sa.String(length=8), nullable=True),
        sa.Column("lay", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("themes", JSON, nullable=False),
        sa.Column("domains", JSON, nullable=False),
        sa.Column("known_municipalities", JSON, nullable=False),
        sa.Column("own_municipalities", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("most_reviews", sa.Integer(), nullable=True),
        sa.Column("away", JSON, nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_reviewer_profile_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reviewer_profile")),
    )
    op.create_table(
        "assignment_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'ready', 'failed', 'confirmed', 'dropped')",
            name=op.f("ck_assignment_proposal_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_assignment_proposal_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["user_account.id"], name=op.f("fk_assignment_proposal_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assignment_proposal_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_proposal")),
    )
    op.create_index("ix_assignment_proposal_round", "assignment_proposal", ["round_id", "id"], unique=False)
    op.create_table(
        "calibration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("case_text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_calibration_made_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_calibration_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
    )
    op.create_index("ix_calibration_round", "calibration", ["round_id", "id"], unique=False)
    op.create_table(
        "certainty_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("material_digest", sa.String(length=64), nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'ready', 'failed')", name=op.f("ck_certainty_run_state_known")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_certainty_run_asked_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_certainty_run_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certainty_run")),
    )
    op.create_index("ix_certainty_run_round", "certainty_run", ["round_id", "id"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_sha256", sa.String(length=64), nullable=True),
        sa.Column("minutes_content", sa.String(length=64), nullable=True),
        sa.Column("minutes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR minutes_sha256 IS NOT NULL",
            name=op.f("ck_meeting_confirmed_has_minutes"),
        ),
        sa.CheckConstraint("quorum >= 0", name=op.f("ck_meeting_quorum_not_negative")),
        sa.ForeignKeyConstraint(["chair_id"], ["user_account.id"], name=op.f("fk_meeting_chair_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["user_account.id"], name=op.f("fk_meeting_confirmed_by")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_meeting_made_by")),
        sa.ForeignKeyConstraint(
            ["minutes_sha256"], ["stored_file.sha256"], name=op.f("fk_meeting_minutes_sha256")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_meeting_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_round", "meeting", ["round_id", "id"], unique=False)
    op.create_table(
        "round_declaration",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_declaration_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_round_declaration_user_id")),
        sa.PrimaryKeyConstraint("round_id", "user_id", name=op.f("pk_round_declaration")),
    )
    op.create_table(
        "round_reviewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(length=10), nullable=False),
        sa.Column("most_reviews", sa.Integer(), nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("secrecy_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by", sa.Integer(), nullable=True),
        sa.Column("drop_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "answer IS NULL OR answer <> 'accepted' OR (user_id IS NOT NULL AND secrecy_at IS NOT NULL)",
            name=op.f("ck_round_reviewer_accepted_with_secrecy"),
        ),
        sa.CheckConstraint(
            "answer IS NULL OR answer IN ('accepted', 'declined')",
            name=op.f("ck_round_reviewer_answer_known"),
        ),
        sa.CheckConstraint("body IN ('referent', 'committee')", name=op.f("ck_round_reviewer_body_known")),
        sa.ForeignKeyConstraint(
            ["dropped_by"], ["user_account.id"], name=op.f("fk_round_reviewer_dropped_by")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["user_account.id"], name=op.f("fk_round_reviewer_invited_by")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_reviewer_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_round_reviewer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_reviewer")),
        sa.UniqueConstraint("round_id", "email", name=op.f("uq_round_reviewer_round_id_email")),
        sa.UniqueConstraint("round_id", "user_id", name=op.f("uq_round_reviewer_round_id_user_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_round_reviewer_token_digest")),
    )
    op.create_index("ix_round_reviewer_user", "round_reviewer", ["user_id"], unique=False)
    op.create_index("ix_round_reviewer_email", "round_reviewer", ["email"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deliberation", sa.Text(), server_default="", nullable=False),
        sa.Column("put_off", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR started_at IS NOT NULL", name=op.f("ck_agenda_item_ended_was_started")
        ),
        sa.CheckConstraint(
            "put_off = '' OR started_at IS NULL OR ended_at IS NOT NULL",
            name=op.f("ck_agenda_item_put_off_not_discussed"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_agenda_item_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "application_id", name=op.f("pk_agenda_item")),
    )
    op.create_index("ix_agenda_item_application", "agenda_item", ["application_id"], unique=False)
    op.create_index(
        "uq_agenda_item_under_discussion",
        "agenda_item",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("started_at IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("started_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("present", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("part IN ('chair', 'member', 'secretary')", name=op.f("ck_attendance_part_known")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_attendance_user_id")),
        sa.PrimaryKeyConstraint("meeting_id", "user_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "calibration_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calibration_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scores", JSON, nullable=False),
        sa.Column("motivations", JSON, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibration.id"],
            name=op.f("fk_calibration_review_calibration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_calibration_review_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_review")),
        sa.UniqueConstraint(
            "calibration_id", "user_id", name=op.f("uq_calibration_review_calibration_id_user_id")
        ),
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("extent", sa.String(length=10), server_default="file", nullable=False),
        sa.Column("kind", sa.String(length=20), server_default="other", nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), server_default="", nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decision_measure", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IS NULL OR (decision IN ('upheld', 'dismissed') AND decision_reason <> '' AND decided_at IS NOT NULL AND decided_by IS NOT NULL AND decided_by <> user_id)",
            name=op.f("ck_interest_decided_by_another_with_reason"),
        ),
        sa.CheckConstraint("extent IN ('file', 'round')", name=op.f("ck_interest_extent_known")),
        sa.CheckConstraint("nature <> ''", name=op.f("ck_interest_nature_said")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_interest_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_interest_decided_by")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["interest.id"], name=op.f("fk_interest_follows_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_interest_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    op.create_index("ix_interest_follows", "interest", ["follows_id"], unique=False)
    op.create_index("ix_interest_user", "interest", ["user_id", "application_id"], unique=False)
    op.create_index(
        "uq_interest_live",
        "interest",
        ["application_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("decision IS NULL OR decision = 'upheld'"),
        postgresql_where=sa.text("decision IS NULL OR decision = 'upheld'"),
    )
    op.create_table(
        "overridden_warning",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("warnings", JSON, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_overridden_warning_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_overridden_warning_user_id")),
        sa.PrimaryKeyConstraint("application_id", "user_id", name=op.f("pk_overridden_warning")),
    )
    op.create_table(
        "proposed_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.CheckConstraint(
            "origin IN ('kept', 'proposed', 'by_hand')", name=op.f("ck_proposed_pair_origin_known")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_proposed_pair_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["assignment_proposal.id"],
            name=op.f("fk_proposed_pair_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_proposed_pair_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_pair")),
        sa.UniqueConstraint(
            "proposal_id",
            "application_id",
            "user_id",
            name=op.f("uq_proposed_pair_proposal_id_application_id_user_id"),
        ),
    )
    op.create_table(
        "rebuttal",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reports", JSON, nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("max_words", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sent_at IS NULL OR answer <> ''", name=op.f("ck_rebuttal_sent_says_something")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_rebuttal_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["released_by"], ["user_account.id"], name=op.f("fk_rebuttal_released_by")),
        sa.ForeignKeyConstraint(["sent_by"], ["user_account.id"], name=op.f("fk_rebuttal_sent_by")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_rebuttal")),
    )
    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mistaken", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_recusal_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_recusal_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_recusal_recorded_by")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recusal_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    op.create_index("ix_recusal_meeting", "recusal", ["meeting_id"], unique=False)
    op.create_index("ix_recusal_user", "recusal", ["user_id", "application_id"], unique=False)
    op.add_column("panel_advice", sa.Column("score_reasons", JSON, server_default="{}", nullable=False))
    op.add_column("panel_advice", sa.Column("priority_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("panel_advice", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "review", sa.Column("recommendation", sa.String(length=20), server_default="", nullable=False)
    )
    op.add_column("review", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("review", sa.Column("kept", JSON, nullable=True))
    op.add_column("review", sa.Column("kept_mark", sa.String(length=16), server_default="", nullable=False))
    _bring_along()


def _bring_along() -> None:
    """Interests get a row of their own; who reviews already is asked once more, for their secrecy."""
    op.execute(
        "INSERT INTO interest (application_id, user_id, capacity, extent, nature, measure, declared_at) "
        "SELECT application_id, reviewer_id, 'reviewer', 'file', conflict, conflict_measure, "
        "COALESCE(declared_at, assigned_at) FROM review "
        "WHERE conflict IS NOT NULL AND reviewer_id IS NOT NULL"
    )
    op.execute(
        "INSERT INTO round_reviewer (round_id, email, name, user_id, body, invited_at) "
        "SELECT application.round_id, user_account.email, user_account.name, user_account.id, "
        "'referent', MIN(review.assigned_at) FROM review "
        "JOIN application ON application.id = review.application_id "
        "JOIN user_account ON user_account.id = review.reviewer_id "
        "GROUP BY application.round_id, user_account.email, user_account.name, user_account.id"
    )


def downgrade() -> None:
    op.drop_column("review", "kept_mark")
    op.drop_column("review", "kept")
    op.drop_column("review", "released_at")
    op.drop_column("review", "recommendation")
    op.drop_column("panel_advice", "version")
    op.drop_column("panel_advice", "priority_reason")
    op.drop_column("panel_advice", "score_reasons")
    op.drop_index("ix_recusal_user", table_name="recusal")
    op.drop_index("ix_recusal_meeting", table_name="recusal")
    op.drop_table("recusal")
    op.drop_table("rebuttal")
    op.drop_table("proposed_pair")
    op.drop_table("overridden_warning")
    op.drop_index(
        "uq_interest_live",
        table_name="interest",
        sqlite_where=sa.text("decision IS NULL OR decision = 'upheld'"),
        postgresql_where=sa.text("decision IS NULL OR decision = 'upheld'"),
    )
    op.drop_index("ix_interest_user", table_name="interest")
    op.drop_index("ix_interest_follows", table_name="interest")
    op.drop_table("interest")
    op.drop_table("calibration_review")
    op.drop_table("attendance")
    op.drop_index(
        "uq_agenda_item_under_discussion",
        table_name="agenda_item",
        sqlite_where=sa.text("started_at IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("started_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.drop_index("ix_agenda_item_application", table_name="agenda_item")
    op.drop_table("agenda_item")
    op.drop_index("ix_round_reviewer_email", table_name="round_reviewer")
    op.drop_index("ix_round_reviewer_user", table_name="round_reviewer")
    op.drop_table("round_reviewer")
    op.drop_table("round_declaration")
    op.drop_index("ix_meeting_round", table_name="meeting")
    op.drop_table("meeting")
    op.drop_index("ix_certainty_run_round", table_name="certainty_run")
    op.drop_table("certainty_run")
    op.drop_index("ix_calibration_round", table_name="calibration")
    op.drop_table("calibration")
    op.drop_index("ix_assignment_proposal_round", table_name="assignment_proposal")
    op.drop_table("assignment_proposal")
    op.drop_table("reviewer_profile")
