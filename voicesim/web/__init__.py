"""The page: what the command line can do for a trainee or a trainer, with mouse, keyboard and headset in a browser.

Here belong routes, templates, what a browser is shown and sent, and what guards all of it. What a call, a reply or a
script means is decided in the rooms below, and what the terminal needs as well stands in :mod:`voicesim.wiring`. A
route is a plain function that runs on a thread; only the sockets that carry sound are asynchronous, and they do
nothing but pass frames on.
"""
