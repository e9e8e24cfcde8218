"""A peer's side of a contest: do the work once for each line on standard input, and print the seconds it took."""
import sys
import time


def take_turns(work):
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        work()
        print(time.perf_counter() - start, flush=True)
