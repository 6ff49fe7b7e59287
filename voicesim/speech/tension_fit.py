"""The coefficients of the tension score, written by ``python tests/benchmarks/fit_tension.py --write``.

Fitted on EmoDB alone (neutral against angry clips of 10 German speakers, cut to 2 s). Each score is
``w[0] + w[1] dF0 + w[2] dcentroid + w[3] dvelocity`` with differences in semitones and semitones a second, scaled so
that -1 and 1 are passed by 10 % and 2 % of the neutral clips of speakers left out of the fit.
"""

#: Differences from the trainee's own baseline, as far as it is believed.
CALIBRATED = (-4.865, 1.181, 0.9338, 0.2945)
#: Differences from ``NEUTRAL``, for want of a baseline.
UNCALIBRATED = (-15.63, 1.315, 2.071, 0.7459)
#: The middle of the neutral speakers: median pitch, centroid (semitones above 1 Hz), velocity (st/s).
NEUTRAL = (86.24, 107.6, 30.19)
#: Seconds of a baseline's speech at which its own value of each counts half, the middle of neutral speakers the rest.
DOUBT_S = (0.1414, 0.3377, 3.736)
