from hypothesis import HealthCheck, settings

from .worlds import own, remote, shop_pack, world

__all__ = ["own", "remote", "shop_pack", "world"]

# The same examples each time: what must never happen is no matter of luck.
settings.register_profile(
    "safety",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SEEDED = settings.get_profile("safety")
