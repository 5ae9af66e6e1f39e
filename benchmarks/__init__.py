"""Side-by-side measurements of spikelib, bluepysnap, careful scripts and bare libraries on synthetic simulations."""
