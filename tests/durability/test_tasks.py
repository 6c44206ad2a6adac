"""Whatever changes the shop is crashed at each step: an action without a task here is found."""

from xiaoer.shop import ACTIONS

from .tasks import TASKS


def test_each_action_that_changes_the_shop_has_a_task() -> None:
    assert {name for name, spec in ACTIONS.items() if spec.is_effect} == {task.action for task in TASKS.values()}
