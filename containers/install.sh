#!/bin/sh
# Installs the project that lies in /opt/spikelib on a Debian of nothing: what the Dockerfile and spikelib.def have in common.
set -eu
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ca-certificates python3-venv rsync
rm -rf /var/lib/apt/lists/*
python3 -m venv /opt/venv
/opt/venv/bin/pip install --no-cache-dir --constraint /opt/spikelib/containers/constraints.txt "/opt/spikelib[storage]"
