"""E-mail: its way out; the way in has its own files."""
