"""Programs for maintainers: what changed in the API, whom it breaks, what to release."""
