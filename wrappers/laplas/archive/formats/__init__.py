"""What an archive can be turned into: one module a format."""
