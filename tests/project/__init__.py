"""What holds for the project around the package: its layers, documents, environments and benchmarks."""
