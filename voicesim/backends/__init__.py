"""Back-ends: what meets a library, a model or a device, each behind a port of :mod:`voicesim.ports`.

A back-end imports its library when asked for and translates its errors into :mod:`voicesim.errors`. Nothing here
decides anything about a call, and no other room but the shells, the command line and the tests imports from here.
"""
