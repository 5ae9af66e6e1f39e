"""HDF5 files of others: opened, followed through their links and looked at without trust."""
