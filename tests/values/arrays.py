"""Fails among arrays of numpy: `arrays.py DUMP TRUTH`. The truth is what numpy itself says of them."""

import itertools
import json
import sys
from typing import Any, Dict

import crashsite
import numpy as np  # type: ignore[import-not-found]


def told(value: Any) -> Dict[str, Any]:
    """dtype, shape, the corners, and the least and the greatest as numpy has them."""
    array = np.asarray(value)
    ends = [sorted({0, 1, length - 2, length - 1} & set(range(length))) for length in array.shape]
    truth: Dict[str, Any] = {"type": type(value).__name__, "dtype": str(array.dtype), "shape": list(array.shape)}
    if type(value) is np.ndarray:
        is_text = array.dtype.kind in "OUS"
        text = repr if is_text else str
        truth["corners"] = [[list(place), text(array[place])] for place in itertools.product(*ends)]
        if array.dtype.kind in "iuf" and 0 < array.size <= 1 << 18 and not np.isnan(array).all():
            truth["min"], truth["max"] = str(np.nanmin(array)), str(np.nanmax(array))
            truth["nan"] = int(np.isnan(array).sum())
    elif isinstance(value, np.generic):
        truth["repr"] = repr(value)
        truth["str"] = str(value)
    return truth


class Own(np.ndarray):  # type: ignore[misc]
    """A class of the program's, which numpy tells of each part that is taken."""

    asked = 0

    def __array_finalize__(self, of: Any) -> None:
        Own.asked += 1


class Matrix(np.ndarray):  # type: ignore[misc]
    """One that has the last word about its items."""

    def __getitem__(self, key: Any) -> Any:
        raise RuntimeError("code of the program was run")


def work(dump: str, truth: str) -> None:
    grid = np.arange(12.0).reshape(3, 4)
    grid[1, 1] = np.nan
    large = np.arange(1_000_000, dtype="int64").reshape(1000, 1000)
    wide = np.arange(600_000, dtype="float32").reshape(2, 300_000)
    turned, stepped = grid.T, grid[::2, ::-1]
    many = np.linspace(-1, 1, 100_001)
    many[[5, 7, 9]] = np.nan
    nothing_but = np.full(8, np.nan)
    cube = np.arange(24, dtype="uint16").reshape(2, 3, 4)
    empty, alone = np.zeros((0, 3)), np.array(5)
    small = np.array([1.5, -0.1, 65504.0, np.inf], dtype="float16")
    single = np.array([0.1, 1e20, 3.0], dtype="float32")
    turned_bytes = np.array([1, -2], dtype=">i2")
    flags = np.array([True, False])
    rooted = np.array([1 + 2j, -1j])
    largest = np.array([0, 2**64 - 1], dtype="uint64")
    days = np.array(["2026-01-01", "NaT", "1969-12-31"], dtype="M8[D]")
    ticks = np.array(["2026-01-01T12:34:56.789", "1969-12-31T23:59:59.999"], dtype="M8[ns]")
    spans = np.array([3, "NaT", -5], dtype="m8[h]")
    objects = np.array([1, "two", None, {"three": 3}], dtype=object)
    words, letters = np.array(["ab", "cde"]), np.array([b"ab", b"cde"])
    records = np.array([(1, 2.5), (3, 4.5)], dtype=[("x", "i4"), ("y", "f8")])
    named = np.array([("a", 1)], dtype=[("name", "U5"), ("n", "i4")])
    own, matrix = np.arange(4).view(Own), np.arange(4).view(Matrix)
    masked = np.ma.array([1, 2, 3], mask=[0, 1, 0])
    password = np.array(["correct horse battery", "staple 4711"])
    a, b, c, d = np.float64(1.5), np.int8(-3), np.True_, np.float32(0.1)
    e, f, g, h = np.datetime64("2026-01-01T10:00"), np.timedelta64(3, "D"), np.complex64(1 + 2j), np.float16(0.1)
    i, j, kind = records[0], np.longdouble(1.25), records.dtype
    values = {name: value for name, value in locals().items() if isinstance(value, (np.ndarray, np.generic))}
    with open(truth, "w") as stream:
        json.dump({name: told(value) for name, value in values.items() if name != "matrix"}, stream, indent=1)
    del values
    asked = Own.asked
    before = str(np.geterr())
    try:
        raise KeyError("arrays")
    except KeyError:
        result = crashsite.save_dump(dump, limits={"max_seconds": 60})
        assert result.path == dump and Own.asked == asked, "code of the program was run"
        assert str(np.geterr()) == before


work(sys.argv[1], sys.argv[2])
