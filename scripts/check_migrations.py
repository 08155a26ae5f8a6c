"""Run the migrations up, compare with the models, all the way down, and up again, on the DATABASE_URL given.

On the way down nothing may be left but the table in which Alembic keeps its version.
"""

import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask_migrate import check, downgrade, upgrade  # the folder above is on the path only now
from sqlalchemy import inspect

from subsidy.db import db
from wsgi import app


def main() -> int:
    """Do the four steps; returns 1 when something is left behind, else 0 or the exit of Flask-Migrate."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        upgrade()
        check()
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
        if left:
            print(f"Left behind on the way down: {', '.join(sorted(left))}", file=sys.stderr)
            return 1
        upgrade()
    return 0


if __name__ == "__main__":
    sys.exit(main())
