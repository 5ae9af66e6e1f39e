"""Tests of what is around the package: documents, metadata, repository."""
