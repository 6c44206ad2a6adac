from xiaoer.learn import cross_validate, cross_validate_entities, cross_validate_pairs
from xiaoer.pack import Pack


def test_every_utterance_is_judged_once(tiny_pack: Pack) -> None:
    report = cross_validate(tiny_pack, folds=4)
    assert report.texts == 60
    assert sum(score.support for score in report.classes) == 60
    assert report.accuracy > 0.6


def test_labels_without_any_pattern_are_not_learnt(tiny_pack: Pack) -> None:
    texts = ["你好", "退货", "发票", "运费", "尺码", "优惠", "顺丰", "登录", "赠品", "维修", "安装", "换货"]
    pairs = [(text, "ab"[at % 2]) for at, text in enumerate(texts)]
    assert cross_validate_pairs(pairs, tiny_pack, folds=3).accuracy < 0.9


def test_the_same_seed_gives_the_same_report(tiny_pack: Pack) -> None:
    assert cross_validate(tiny_pack, folds=3, seed=7) == cross_validate(tiny_pack, folds=3, seed=7)


def test_entities_with_a_shape_are_found_in_unseen_utterances(tiny_pack: Pack) -> None:
    report = cross_validate_entities(tiny_pack, folds=4)
    shaped = {score.name: score.f1 for score in report.kinds}
    assert shaped["order_id"] == shaped["tracking_no"] == shaped["date"] == 1.0
