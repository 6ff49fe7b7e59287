"""How loud a channel is at each pixel of a drawing."""

import numpy as np

from voicesim.model import Samples


def peaks(channel: Samples, length: int, pixels: int) -> tuple[float, ...]:
    """The loudest sample of each of ``pixels`` stretches of ``length`` samples, 0..1.

    The scale is the channel's own (its 99.5th percentile is 1), so that a quiet channel can be read; what the channel
    does not reach is 0.
    """
    held = np.zeros(max(length, pixels), np.float32)
    heard = np.abs(channel[: len(held)])
    held[: len(heard)] = heard
    edges = np.linspace(0, len(held), pixels, endpoint=False).astype(int)
    found = np.maximum.reduceat(held, edges)
    scale = float(np.percentile(found, 99.5))
    return tuple(np.clip(found / scale, 0.0, 1.0).round(3).tolist()) if scale > 0 else (0.0,) * pixels
