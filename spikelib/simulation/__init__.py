"""The objects of an analyst, with the names of BlueBrain SNAP: simulations, their spike reports, and plots of them."""
