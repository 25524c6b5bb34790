"""Several coders of one paper: which positions are the same, how far the coders agree, and the draft they settle on."""
