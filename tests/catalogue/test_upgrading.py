"""The newest revision of each line of migrations is the one the program believes to be the newest."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from alerts.upgrading import ALERTS
from catalogue.upgrading import CATALOGUE, Line


@pytest.mark.parametrize("line", [CATALOGUE, ALERTS], ids=["catalogue", "alerts"])
def test_head_is_the_newest_revision(line: Line) -> None:
    config = Config()
    config.set_main_option("script_location", str(line.folder))
    assert ScriptDirectory.from_config(config).get_current_head() == line.head
