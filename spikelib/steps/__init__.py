"""The steps of the workflow, a module each: files in, files out."""
