"""The client that awaits, written by hand; `_sync` is derived from it."""
