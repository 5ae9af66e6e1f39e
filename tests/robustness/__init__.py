"""Damaged, odd and hostile inputs."""
