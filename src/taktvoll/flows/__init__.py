"""What happens, in order: one file, one happening."""
