"""All benchmarks in one run: `make bench`."""

from __future__ import annotations

from tests.bench import bench_browser, bench_sparql

if __name__ == "__main__":
    bench_sparql.main()
    bench_browser.main()
