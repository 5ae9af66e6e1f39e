"""Tests of the pages; a package, so that its helpers can be imported."""
