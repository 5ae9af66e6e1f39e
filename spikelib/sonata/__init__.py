"""What simulators write: configs, spike files, nodes and node sets, and the groups that choose among them."""
