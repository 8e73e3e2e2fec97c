"""Fails among frames of pandas: `frames.py DUMP TRUTH`. The truth is what pandas itself says of them."""

import json
import sys
from typing import Any, Dict

import crashsite
import numpy as np  # type: ignore[import-not-found]
import pandas as pd  # type: ignore[import-untyped]


def told(value: Any) -> Dict[str, Any]:
    """Shape, dtypes, and the items in the corners."""
    truth: Dict[str, Any] = {"type": type(value).__name__, "shape": list(value.shape)}
    rows = sorted({0, 1, len(value) - 2, len(value) - 1} & set(range(len(value))))
    if isinstance(value, pd.DataFrame):
        truth["dtypes"] = [[str(name), str(dtype)] for name, dtype in value.dtypes.items()]
        names = [name for name in value.columns[:3] if isinstance(name, str) and name != "api_key"]
        truth["corners"] = [[name, row, str(value[name].iloc[row])] for name in names for row in rows]
    else:
        truth["dtype"] = str(value.dtype)
        truth["items"] = [[row, str(value.iloc[row] if isinstance(value, pd.Series) else value[row])] for row in rows]
    return truth


class Own(pd.DataFrame):  # type: ignore[misc]
    """A frame of the program's."""

    @property
    def columns(self) -> Any:
        raise RuntimeError("code of the program was run")


def work(dump: str, truth: str) -> None:
    count = 500
    orders = pd.DataFrame(
        {
            "id": range(count),
            "name": ["n%d" % number for number in range(count)],
            "amount": np.linspace(0, 1, count),
            "when": pd.date_range("2026-01-01", periods=count),
            "zoned": pd.date_range("2026-01-01", periods=count, tz="UTC"),
            "kind": pd.Categorical(["tea", "coffee"] * (count // 2)),
            "paid": pd.array([1, None, 3, 4, 5] * (count // 5), dtype="Int64"),
            "ok": [True, False] * (count // 2),
        }
    )
    long = pd.DataFrame({"a": np.arange(100_000), "b": np.arange(100_000) / 7})
    labelled = pd.DataFrame({"x": [1.5, 2.5], 7: [1, 2]}, index=["first", "second"])
    secrets = pd.DataFrame({"user": ["ada", "bob"], "api_key": ["rosebud-4711-zeta", "xanadu-0815-eta"]})
    empty = pd.DataFrame({"a": []})
    amount, kinds, paid = orders["amount"], orders["kind"], orders["paid"]
    index, names, days = orders.index, orders.columns, pd.DatetimeIndex(["2026-01-01", "2026-02-01"])
    steps = pd.RangeIndex(0, 10, 3)
    pairs = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])
    own = orders.head(2).copy()
    own.__class__ = Own
    known = (pd.DataFrame, pd.Series, pd.Index)
    skipped = ("own", "pairs")
    values = {name: value for name, value in locals().items() if isinstance(value, known) and name not in skipped}
    with open(truth, "w") as stream:
        json.dump({name: told(value) for name, value in values.items()}, stream, indent=1)
    del values
    try:
        raise KeyError("frames")
    except KeyError:
        result = crashsite.save_dump(dump, limits={"max_seconds": 60})
        assert result.path == dump


work(sys.argv[1], sys.argv[2])
