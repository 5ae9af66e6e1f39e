"""Queries answered as the libraries of others answer them, or by a documented departure."""
