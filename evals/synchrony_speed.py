"""Time and memory of the synchrony test as posts grow: 97 k posts on 41 k shared items by 456 accounts, and times ten.

    python evals/synchrony_speed.py [--factors 1,10,100]

Posts are made up: activity of accounts is log-normal, most items have two posters, one in a thousand has 40 to 150, and
delays are log-normal with a median of 30 minutes. CPU seconds are the best of three; memory is the process's peak.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from allegedly.synchrony.analysis import analyse

ACCOUNTS, ITEMS = 456, 41_000


def made(factor: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Return items, accounts, times and the number of accounts; accounts grow with the root of `factor`."""
    rng = np.random.default_rng(2)
    accounts, items = int(ACCOUNTS * factor**0.5), ITEMS * factor
    activity = rng.lognormal(0, 1.2, accounts)
    posters = 2 + np.minimum(rng.geometric(0.77, items) - 1, 60)
    posters[: items // 1000] = rng.integers(40, 150, items // 1000)
    item = np.repeat(np.arange(items), posters)
    account = np.searchsorted(np.cumsum(activity / activity.sum()), rng.random(len(item)))
    born = rng.random(items) * 90 * 86_400
    return item, np.minimum(account, accounts - 1), born[item] + rng.lognormal(np.log(1800), 1.3, len(item)), accounts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--factors", default="1,10")
    for factor in map(int, parser.parse_args().factors.split(",")):
        item, account, seconds, accounts = made(factor)
        times = []
        for _ in range(3 if factor < 10 else 1):
            start = time.process_time()
            found = analyse(item, account, seconds, accounts)
            times.append(time.process_time() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(item):>10,} posts, {accounts:,} accounts, {found.trials.pairs:,} pairs: {min(times):.2f} CPU s, "
            f"peak {peak:,.0f} MB, in step {int(found.in_step.sum())}, rings {len(found.rings)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
