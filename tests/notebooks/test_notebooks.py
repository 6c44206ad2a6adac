from pathlib import Path

import msgspec
import pytest

_FOLDER = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize(
    ("name", "told"),
    [("explore_data", "near_duplicate"), ("train", "accuracy"), ("read_errors", "was taken for")],
)
def test_a_notebook_runs_from_its_first_cell_to_its_last(
    name: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(_FOLDER)
    cells = msgspec.json.decode((_FOLDER / f"{name}.ipynb").read_bytes())["cells"]
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec("".join(cell["source"]), names)  # noqa: S102  # our own notebook
    assert told in capsys.readouterr().out


def test_every_notebook_is_run() -> None:
    assert {path.stem for path in _FOLDER.glob("*.ipynb")} == {"explore_data", "train", "read_errors"}
