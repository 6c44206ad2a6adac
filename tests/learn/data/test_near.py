import random

from xiaoer.learn.data.near import _candidates, closed_groups, jaccard, near_groups, pieces_of


def test_texts_that_share_nearly_all_are_in_one_group() -> None:
    keys = ["麻烦催一下审核进度吧", "我要退款", "麻烦催催一下审核进度吧", "麻烦催一下审核进度", "退款我要"]
    assert near_groups(keys, likeness=0.8) == [0, 1, 0, 0, 4]


def test_the_same_text_twice_is_one_group_and_nothing_is_none() -> None:
    assert near_groups(["a", "b", "a"], likeness=1.0) == [0, 1, 0]
    assert near_groups([], likeness=0.8) == []
    assert near_groups(["", "", "x"], likeness=0.8) == [0, 0, 2]


def test_hardly_a_pair_is_missed_and_none_is_invented() -> None:
    chance = random.Random(5)  # noqa: S311  # a sample, no secret
    signs = "退换货钱到哪了查单号件尺码大小色运费邮券票急催审核改地址"
    keys = []
    for _ in range(300):
        text = "".join(chance.choices(signs, k=12))
        keys += [text, text[:5] + chance.choice(signs) + text[5:]]
    pieces = [pieces_of(key) for key in keys]
    alike = [(a, b) for a in range(len(keys)) for b in range(a) if jaccard(pieces[a], pieces[b]) >= 0.7]
    groups = near_groups(keys, likeness=0.7)
    found = sum(groups[a] == groups[b] for a, b in alike)
    assert len(alike) > 200
    assert found >= 0.98 * len(alike)
    linked = {at for pair in alike for at in pair}
    assert all(groups[at] == at for at in range(len(keys)) if at not in linked)


def test_one_sentence_with_a_thousand_numbers_is_one_group_without_comparing_all_with_all() -> None:
    keys = [f"帮我查一查订单{number:08}现在到哪里了什么时候能送到" for number in range(1000)]
    compared = sum(1 for _ in _candidates([pieces_of(key) for key in keys], 4))
    assert compared < 1000 * 1000
    assert set(near_groups(keys, likeness=0.6)) == {0}


def test_groupings_are_closed_over_each_other() -> None:
    assert closed_groups(["a", "a", "b", None, None], [1, 2, 2, 3, 4]) == [0, 0, 0, 3, 4]
