"""The shell around the pure core: it stores, shows and sends."""
