"""Tests that hold the style: they read the sources and run nothing of taktvoll."""
