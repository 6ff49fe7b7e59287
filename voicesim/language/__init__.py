"""The room of words: one normal form, clauses, wording, and what a reply does to a caller.

Here belongs whatever can be read from the text of a reply and the :class:`~voicesim.model.Context` of the call.
Everything is pure: text in, findings out. Out of place here are sound (``voicesim.speech``), the doubt about
recognition (``voicesim.hearing``), the caller's anger (``voicesim.call``) and points (``voicesim.coach``).
"""
