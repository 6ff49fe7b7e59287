"""How a reply sounded: pace, level, pitch, pauses and tension, against the trainee's own baseline.

Here belong pure measures over 16 kHz samples and spans of speech: numbers in, numbers out, each with its unit and its
reason when it cannot be taken. What was said belongs in ``language``; the pitch tracker itself and voice activity are
back-ends; what a measure means for the trainee is told by ``coach``. Nothing here names a feeling.
"""
