"""Simulation and circuit configs, in all the forms that simulators write."""
