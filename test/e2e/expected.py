"""What the quickstart must show, computed from the same CSV files with pandas and numpy: no Spark, no Go.

Run it to see the numbers: .venv/bin/python test/e2e/expected.py
"""
import functools

import numpy as np
import pandas as pd

from places import EXAMPLES


@functools.cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "data" / f"{name}.csv")


def records(frame: pd.DataFrame) -> list[tuple]:
    return [tuple(row) for row in frame.itertuples(index=False)]


def arrived() -> pd.DataFrame:
    return table("flights").dropna(subset=["arr_delay"])


def count() -> list[tuple]:
    flights = table("flights")
    return [(len(flights), flights.tailnum.nunique(), flights.dest.nunique(), int(flights.dep_time.isna().sum()))]


def airlines() -> list[tuple]:
    late = arrived().merge(table("airlines"), on="carrier").groupby("name").arr_delay.agg(["size", "mean"])
    return records(late.reset_index().sort_values("mean", ascending=False))


def window() -> list[tuple]:
    flights = table("flights").groupby(["origin", "dest"]).size().reset_index(name="flights")
    flights["place"] = flights.groupby("origin").flights.rank(method="min", ascending=False).astype(int)
    best = flights[flights.place <= 3].merge(table("airports"), left_on="dest", right_on="faa")
    return records(best.sort_values(["origin", "place"])[["origin", "place", "name", "flights"]])


def frame() -> list[tuple]:
    late = table("flights").query("dep_delay > 60").groupby("carrier")
    result = late.agg(flights=("carrier", "size"), late=("arr_delay", "mean")).reset_index()
    return records(result.sort_values("late", ascending=False))


def weather() -> list[tuple]:
    planes = table("planes")[["tailnum", "year"]].rename(columns={"year": "built"}).dropna()
    seen = table("weather")[["origin", "time_hour", "visib"]]
    joined = arrived().merge(planes, on="tailnum").merge(seen, on=["origin", "time_hour"])
    joined = joined.assign(old=joined.built < 2000, foggy=joined.visib < 3)
    result = joined.groupby(["foggy", "old"]).arr_delay.agg(["size", "mean"]).reset_index()
    return records(result.sort_values(["foggy", "old"]))


def parameter() -> list[tuple]:
    chosen = table("flights").query("month == 7 and carrier == 'UA'").groupby("day")
    result = chosen.agg(flights=("day", "size"), worst=("dep_delay", "max")).reset_index()
    return records(result.sort_values(["flights", "day"], ascending=[False, True]).head(3))


def rows() -> int:
    return len(arrived())


def quantiles() -> list[float]:
    return [float(np.quantile(arrived().arr_delay, q, method="inverted_cdf")) for q in (0.5, 0.9, 0.99)]


def line() -> tuple[float, float, float]:
    x, y = arrived().dep_delay, arrived().arr_delay
    slope, intercept = np.polyfit(x, y, 1)
    return float(intercept), float(slope), float(np.corrcoef(x, y)[0, 1])


def distance() -> tuple[int, float]:
    airports = table("airports").set_index("faa")[["lat", "lon"]]
    both = arrived().join(airports, on="origin").join(airports.add_suffix("2"), on="dest").dropna(subset=["lat2"])
    a, b, c, d = (np.radians(both[k]) for k in ("lat", "lon", "lat2", "lon2"))
    cosine = np.sin(a) * np.sin(c) + np.cos(a) * np.cos(c) * np.cos(d - b)
    return len(both), float((3958.8 * np.arccos(cosine) - both.distance).abs().max())


def chart() -> list[tuple]:
    return records(arrived().groupby("hour").arr_delay.mean().reset_index())


if __name__ == "__main__":
    for one in (count, airlines, window, frame, weather, parameter, rows, quantiles, line, distance, chart):
        print(one.__name__, one(), sep="\n  ")
