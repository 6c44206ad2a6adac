"""Runs every bench, one after the other: `python -m bench.all`; all but `bench.growth`, which makes gigabytes."""

import subprocess
import sys
from pathlib import Path

_BENCHES = (
    "bench.intents",
    "bench.families",
    "bench.classification",
    "bench.robustness",
    "bench.few_shot",
    "bench.compression",
    "bench.entities",
    "bench.sentiment",
    "bench.encoder",
    "bench.knowledge",
    "bench.store",
    "bench.shop_import",
    "bench.tiers",
    "bench.turns",
)


def main() -> None:
    """Run all; stop at the first that fails."""
    for bench in _BENCHES:
        print(f"\n== {bench}", flush=True)
        subprocess.run([sys.executable, "-m", bench], cwd=Path(__file__).parent.parent, check=True)


if __name__ == "__main__":
    main()
