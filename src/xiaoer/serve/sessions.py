"""Trained networks as files of ONNX, opened for serving on the processor."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiaoer.serve.errors import UnreadableNetworkError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Numbers: TypeAlias = NDArray[np.float32] | NDArray[np.int64]

_SILENT = 3
_SLOWER = ["SkipLayerNormFusion"]
"""What the library does to networks and makes them slower: one operation for a sum and its norm takes three times as
long as the two (onnxruntime 1.32; with weights of 8 bits a third of the whole)."""


class Session:
    """A network that is open: gives named numbers for named numbers. Safe to use from several threads."""

    def __init__(self, session: "InferenceSession") -> None:
        self._session = session
        self.inputs = tuple(one.name for one in session.get_inputs())
        self.outputs = tuple(one.name for one in session.get_outputs())

    def run(self, given: Mapping[str, Numbers]) -> dict[str, NDArray[np.float32]]:
        """Run the network on what its inputs take; what it has no input for is left aside."""
        results = self._session.run(self.outputs, {name: given[name] for name in self.inputs})
        return dict(zip(self.outputs, results, strict=True))


def open_session(path: Path, *, threads: int = 1, keeps_memory: bool = False) -> Session:
    """Open a network.

    A text is little work: more threads than one make a single answer hardly quicker and take them from others.
    `keeps_memory`: memory of the longest batch seen is kept for the next, which is quicker and holds more.

    Raises:
        UnreadableNetworkError: there is no such file, or it is no network that can be run here.
    """
    import onnxruntime  # noqa: PLC0415  # a tenth of a second, which the light tier alone does without

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keeps_memory
    options.enable_mem_pattern = keeps_memory
    options.log_severity_level = _SILENT
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    of_library = onnxruntime.capi.onnxruntime_pybind11_state
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
        )
    except (of_library.NoSuchFile, of_library.InvalidProtobuf, of_library.InvalidGraph, of_library.Fail) as error:
        raise UnreadableNetworkError(f"{path} is no network that can be run here ({error}); train it again.") from error
    return Session(session)
