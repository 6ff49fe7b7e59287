"""The coefficients of the tension score, written by ``python tests/benchmarks/fit_tension.py --write``.

Fitted on EmoDB alone (neutral against angry clips of 10 German speakers, cut to 2 s). Each score is
``w[0] + w[1] dF0 + w[2] dalpha + w[3] dvelocity`` with differences in semitones, dB and semitones a second, scaled so
that -1 and 1 are passed by 10 % and 2 % of the neutral clips of speakers left out of the fit.
"""

#: Differences from the trainee's own baseline.
CALIBRATED = (-4.926, 1.095, 0.5096, 0.1852)
#: Differences from ``NEUTRAL``, for want of a baseline.
UNCALIBRATED = (-5.303, 0.3514, 0.4851, 0.2244)
#: The middle of the neutral speakers: median pitch (semitones above 1 Hz), alpha ratio (dB), velocity (st/s).
NEUTRAL = (86.23, -11.68, 30.09)
