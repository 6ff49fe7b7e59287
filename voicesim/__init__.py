"""voicesim: an offline call simulator in which a trainee answers a scripted, angry caller aloud."""

__version__ = "0.1.0"

__all__ = ["__version__"]
