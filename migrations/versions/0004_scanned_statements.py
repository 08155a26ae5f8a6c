"""Signed statements go past the virus scanner, as attachments do.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signature") as signature:
        signature.add_column(
            sa.Column("statement_scan", sa.String(length=10), server_default="unscanned", nullable=False)
        )
        signature.create_check_constraint(
            "statement_scan_known", "statement_scan IN ('unscanned', 'waiting', 'clean', 'infected')"
        )


def downgrade() -> None:
    with op.batch_alter_table("signature") as signature:
        signature.drop_constraint("statement_scan_known", type_="check")
        signature.drop_column("statement_scan")
