"""The power goes at every moment of every command that changes what is held."""

from pathlib import Path

import pytest

from fault_cases import case
from faults import no_certificates, only_where_processes_fork, power_cut, quick_disk  # noqa: F401  # fixtures
from fbi_server import fbi_server

pytestmark = [only_where_processes_fork, pytest.mark.usefixtures("quick_disk", "no_certificates")]

_EVERY = 8


@pytest.mark.parametrize(
    "name",
    ["import", "import from a stick", "channel", "export", "sync", "accept", "rollback", "undo", "remove"],
)
def test_a_power_cut_leaves_a_whole_list_and_the_next_try_succeeds(name: str, tmp_path: Path) -> None:
    with fbi_server() as server:
        server.fill(3)
        server.items[1]["title"] = "Heron at Dusk"
        tried = case(name, tmp_path, server)
        moments = tried.rehearse()
        assert moments > 10
        for at in range(1, moments + 1):
            survived = tried.meet(power_cut(at))
            assert survived.lost_power, (at, survived)
            if at % _EVERY == 0:
                tried.assert_the_command_answers()
            tried.assert_it_can_be_done_again()
