"""The coefficients of the tension score, written by ``python tests/benchmarks/fit_tension.py --write``.

Fitted on EmoDB alone (neutral against angry clips of 10 German speakers, cut to 2 s). Each score is
``w[0] + w[1] dF0 + w[2] dalpha + w[3] dvelocity`` with differences in semitones, dB and semitones a second, scaled so
that -1 and 1 are passed by 10 % and 2 % of the neutral clips of speakers left out of the fit.
"""

#: Differences from the trainee's own baseline, as far as it is believed.
CALIBRATED = (-4.351, 0.9913, 0.8282, 0.224)
#: Differences from ``NEUTRAL``, for want of a baseline.
UNCALIBRATED = (-8.634, 0.5176, 1.117, 0.3699)
#: The middle of the neutral speakers: median pitch (semitones above 1 Hz), alpha ratio (dB), velocity (st/s).
NEUTRAL = (86.24, -7.514, 30.19)
#: Seconds of a baseline's speech at which its own value of each counts half, the middle of neutral speakers the rest.
DOUBT_S = (0.1414, 0.6043, 3.736)
