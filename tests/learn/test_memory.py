import gc
from typing import NoReturn

import pytest

from xiaoer.learn.memory import without_collecting


@without_collecting()
def break_off() -> NoReturn:
    raise ValueError(gc.isenabled())


def test_garbage_is_looked_for_again_afterwards_even_where_it_went_wrong() -> None:
    with pytest.raises(ValueError, match="False"):
        break_off()
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with without_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
