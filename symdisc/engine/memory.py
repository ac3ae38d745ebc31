"""What to do where memory runs out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from symdisc.errors import TrainingError
from symdisc.interfaces import IterativeStage, StageContext

_OF_CPU = ("DefaultCPUAllocator", "can't allocate memory")
"""What torch says where the memory of the machine runs out, which has no class of its own."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of torch says that there is no memory left."""
    return isinstance(error, torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and any(words in str(error) for words in _OF_CPU)
    )


@contextmanager
def telling_what_to_lower(
    stage: IterativeStage, context: StageContext, step: int
) -> Iterator[None]:
    """Say which settings need less memory, in place of what torch says.

    Args:
        stage: What is trained.
        context: The run.
        step: The step that is made.

    Raises:
        TrainingError: There was not enough memory.
    """
    try:
        yield
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise TrainingError(
            f"{stage.name}: out of memory on {context.device} at step {step}, with "
            f"{len(context.seeds)} seeds and {stage.batch_size} samples in a minibatch of each; "
            "lower run.seeds, the batch size (method.batch_size where the method has it) or the "
            f"width of the networks ({str(error).splitlines()[0]})"
        ) from error
