"""`xiaoer data run`: run all stations of an experiment."""

from pathlib import Path

import click

from xiaoer.cli.data_shown import show_faults, show_gain, show_version
from xiaoer.cli.output import progress, show_json
from xiaoer.learn import data


@click.command("run")
@click.argument("experiment", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")
def run_command(experiment: Path, *, as_json: bool) -> None:
    """Run the stations that the TOML file EXPERIMENT names, each on what the one before gave.

    Exit 1 if rows were left out, the data is not fit to train on, or labels of people are waited for.

    Example: xiaoer data run experiment.toml
    """
    outcome = data.run_experiment(experiment, tell=progress(is_quiet=as_json))
    is_unfit = outcome.judged is not None and not outcome.judged.is_fit
    if as_json:
        waits_for = [str(file) for file in outcome.waits_for]
        left_out = [fault._asdict() for fault in outcome.faults]
        reports = {
            "clean": outcome.cleaned,
            "annotate": outcome.agreed,
            "quality": outcome.judged,
            "split": outcome.parted,
            "measure": outcome.gain,
            "augment": outcome.made,
        }
        show_json(
            {"manifest": outcome.version.manifest, "left_out": left_out, "waits_for": waits_for, "reports": reports}
        )
    else:
        show_faults(outcome.faults)
        show_version(outcome.version, as_json=False, with_steps=True)
        for gate in outcome.judged.gates if outcome.judged is not None else ():
            if not gate.is_met:
                click.echo(f"gate missed: {gate.name} is {gate.value:.4g}, wanted {gate.wanted:g}")
        if outcome.gain is not None:
            show_gain(outcome.gain)
        if outcome.waits_for:
            click.echo(f"{data.LABEL_FILE} is there to be labelled; then this goes on, with what it waits for:")
            click.echo("".join(f"  {file}\n" for file in outcome.waits_for), nl=False)
    if outcome.faults or is_unfit or outcome.waits_for:
        raise SystemExit(1)
