"""The API for programs: JSON under /api/v1, by keys with scopes."""
