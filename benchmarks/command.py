"""Running fieldcheck's command line as a user does, and what a run costs."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU time, user and system, in seconds and the most memory held at once in megabytes."""

    cpu_s: float
    memory_mb: float
    code: int


def run(arguments: tuple[str, ...], environment: Mapping[str, str]) -> Spent:
    """Run one command, unseen.

    The memory of a child counts from its parent's at the time of its start, so keep the program that asks small.
    """
    command = [sys.executable, "-m", "fieldcheck", *arguments]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Spent(used.ru_utime + used.ru_stime, used.ru_maxrss / 1_024, child.returncode)
