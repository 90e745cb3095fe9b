"""Five changes of openapi.yaml, each a patch, and a program that uses what it adds."""
