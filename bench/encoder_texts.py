"""The public texts of the shipped encoder: `python -m bench.encoder_texts DATA TO`.

Reads the training parts, and these alone, of sets whose licences allow weights made of them to be shared, and writes
files that `xiaoer pretrain --text` takes: CLINC150 with its labels, BANKING77 and the queries of ECSA without.
"""

import argparse
import csv
import json
from collections.abc import Iterable
from pathlib import Path


def main() -> None:
    """Write the files."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path, help="folder with clinc150, banking77 and ecsa_slot, as published")
    arguments.add_argument("to", type=Path, help="folder for the files")
    chosen = arguments.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    with (chosen.to / "clinc150.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "intent"))
        writer.writerows(clinc150(chosen.data, "train"))
    _write(chosen.to / "clinc150_other.txt", (text for text, _ in clinc150(chosen.data, "oos_train")))
    _write(chosen.to / "banking77.txt", (text for text, _ in banking77(chosen.data, "train")))
    _write(chosen.to / "ecsa_slot.txt", ecsa_slot(chosen.data, "train"))


def clinc150(data: Path, part: str) -> list[tuple[str, str]]:
    """Give the texts of a part with their labels."""
    whole = json.loads((data / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    return [(text, label) for text, label in whole[part]]


def banking77(data: Path, part: str) -> list[tuple[str, str]]:
    """Give the texts of a part with their labels."""
    with (data / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def ecsa_slot(data: Path, part: str) -> list[str]:
    """Give the queries of a part, whose characters stand with their tags."""
    lines = (data / "ecsa_slot" / part).read_text(encoding="utf-8").splitlines()
    return ["".join(pair.rpartition(":")[0] for pair in line.partition(" <=> ")[0].split(" ")) for line in lines]


def _write(path: Path, texts: Iterable[str]) -> None:
    path.write_text("\n".join(" ".join(text.split()) for text in texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
