from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.store.moments import from_micros, to_micros

_locals = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1))  # noqa: DTZ001 - zones follow
_zones = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@given(local=_locals, zone=_zones)
def test_any_moment_comes_back_to_the_microsecond_in_utc(local: datetime, zone: timezone) -> None:
    at = local.replace(tzinfo=zone)
    back = from_micros(to_micros(at))
    assert back == at
    assert back.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 10, 1))  # noqa: DTZ001 - what is refused
