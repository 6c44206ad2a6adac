"""`reference/shop-api.yaml`: the contract of a merchant's system, as `xiaoer shop api` prints it."""

from xiaoer.shop import shop_contract_yaml

_NOTE = "# Made by `python docs/generate.py` from the code: edit the code, not this file.\n"


def page() -> str:
    """Make the file."""
    return _NOTE + shop_contract_yaml()
