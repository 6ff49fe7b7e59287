"""What command line and page share: rooms and back-ends brought together for a call, a report, a recording.

Here belongs what a shell does and does not show: which script is meant, what a call is held with, where it is kept,
when it is judged. Nothing here prints, asks or draws; who wants to show that something takes long hands in a function
that is told.
"""
