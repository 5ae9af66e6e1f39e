"""The embedded demo: a small cortical column simulated with NEST, to try everything on.

`write_demo` copies its files out of the package. `spikelib.demo.make` is the script that made them,
and ``data/README.md`` says what they are.
"""

from __future__ import annotations

from spikelib.demo.packaged import write_demo

__all__ = ["write_demo"]
