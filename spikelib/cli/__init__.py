"""The command line: words to one call of a step or of the library."""
