"""The workflow, run for real: small simulations, each in a folder of its own."""
