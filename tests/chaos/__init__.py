"""Chaos: everything is killed, or full, at scale; make chaos runs this, make test does not."""
