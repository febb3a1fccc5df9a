"""Due jobs: what the worker process does by itself."""
