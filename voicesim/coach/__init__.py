"""The coach: turns the record of a call into feedback that a trainee can act on.

Belongs here: the rubric and its sources, what counts as evidence, the score by phase, the advice and the better
replies. Everything is a pure function of a :class:`~voicesim.model.CallRecord`. Must stay out: how feedback looks
(report), how findings come about (language, speech) and how the caller reacts (call). Nothing here ever names a
feeling of the trainee: what was said and how it sounded against the own baseline is all there is.
"""
