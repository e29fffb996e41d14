"""How long fieldcheck takes to start, in CPU time, beside the libraries that it stands on.

Run ``python benchmarks/startup.py [RUNS]``. The measured commands take turns, so that a machine that slows down
slows all of them, and each starts once before the first measurement to warm the disk cache and the bytecode.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PEER = "python -c 'import typer, rich'"
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    PEER: ("-c", "import typer, rich"),
    "fieldcheck --help": ("-m", "fieldcheck", "--help"),
    "fieldcheck check TEXT": ("-m", "fieldcheck", "check", "bronze statuette of a horse, 12 cm", "--plain"),
}
DEFAULT_RUNS = 25
MOST_FOR_HELP = 2.0
"""``--help`` may cost this many times the import of typer and rich."""


def cpu_ms(arguments: tuple[str, ...], environment: dict[str, str]) -> float:
    """CPU time of one run, user and system, in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1_000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure(runs: int) -> dict[str, float]:
    """The median CPU time of each command in milliseconds."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "FIELDCHECK_HOME": home,
            "FIELDCHECK_CONFIG": str(Path(home, "config.toml")),
        }
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for round_ in range(runs + 1):
            for name, arguments in COMMANDS.items():
                spent = cpu_ms(arguments, environment)
                if round_:
                    times[name].append(spent)
    return {name: statistics.median(spent) for name, spent in times.items()}


def main() -> int:
    """Print the medians and their ratios; the exit code says whether ``--help`` kept to its limit."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_RUNS
    medians = measure(runs)
    print(f"CPU time, medians of {runs} runs")
    for name, median in medians.items():
        print(f"  {name:<32} {median:7.1f} ms   {median / medians[PEER]:5.2f} x the import of typer and rich")
    return int(medians["fieldcheck --help"] > MOST_FOR_HELP * medians[PEER])


if __name__ == "__main__":
    sys.exit(main())
