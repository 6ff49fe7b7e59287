"""How an index of an older version becomes one of this version: Alembic's steps, run by the index itself.

One file a step under ``versions``; a step is never changed once it was released.
"""
