"""Compile kernels with numba, keeping the machine code on disk where that is possible.

The cache is beside the module or, if that folder is read-only, in the user's cache folder (or where
``NUMBA_CACHE_DIR`` says). If none of them can be written, kernels are compiled anew in each process: two seconds
more, the same results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


def kernel(function: F) -> F:
    """Compile a function at its first call; the function may use only numbers and arrays."""
    # nogil: other threads read and write tables meanwhile. numpy's errors: Python's would test every divisor, and the
    # kernels test themselves those that may be zero.
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        compiled: Any = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # numba found no folder for its cache
        compiled = numba.njit(**options)(function)
    return compiled  # type: ignore[no-any-return]
