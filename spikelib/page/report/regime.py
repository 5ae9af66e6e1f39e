"""In which state a network was, in a sentence: regular or irregular, synchronous or not, and its rhythm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikelib.page.format import number

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["regime_sentence"]

IRREGULAR_CV = 0.5
"""A mean CV from here on is called irregular."""
SYNCHRONOUS = 0.01
"""A pair correlation from here on is called synchronous."""
COMMON = 2.0
"""With spike counts that vary so many times as much as those of independent neurons, nothing is asynchronous."""


def regime_sentence(statistics: Mapping[str, Any]) -> str:
    """Return a sentence on irregularity, synchrony and rhythm of all neurons; "" where synchrony is undefined.

    Parameters
    ----------
    statistics
        A ``statistics.json``, of which ``overall`` and ``bins`` are read.

    Examples
    --------
    >>> overall = {"cv_mean": 0.9, "pair_correlation": 0.001, "sync_fano": 1.02, "rhythm_hz": None}
    >>> print(regime_sentence({"overall": overall, "bins": {"count_bin_ms": 3.0}}))
    All neurons together: irregular (mean CV 0.90) and asynchronous; no rhythm stands out, spike counts in 3 ms vary \
1.0 times as much as those of independent Poisson neurons, and the pair correlation is 0.0010.
    """
    overall = statistics["overall"]
    correlation, fano, rhythm = (overall.get(key) for key in ("pair_correlation", "sync_fano", "rhythm_hz"))
    if correlation is None or fano is None:
        return ""
    # The variance of the sum finds what all have in common, such as a stimulus, where single pairs hardly show it.
    is_common = bool(rhythm) or fano >= COMMON
    state = "synchronous" if correlation >= SYNCHRONOUS else "weakly synchronous" if is_common else "asynchronous"
    cv = overall.get("cv_mean")
    if cv is not None:
        state = f"{'irregular' if cv >= IRREGULAR_CV else 'regular'} (mean CV {number(cv, 2)}) and {state}"
    found = "no rhythm stands out"
    if rhythm:
        ratio = number(overall["rhythm_ratio"], 2)
        found = f"a rhythm of {number(rhythm, 3)} Hz stands out, {ratio} times the level of independent Poisson neurons"
    width = f"{(statistics.get('bins') or {}).get('count_bin_ms', 3.0):g}"
    return (
        f"All neurons together: {state}; {found}, spike counts in {width} ms vary {number(fano, 2)} times as much as "
        f"those of independent Poisson neurons, and the pair correlation is {number(correlation, 2)}."
    )
