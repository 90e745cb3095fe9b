"""The client that blocks, derived from `_async` but for `concurrency`."""
