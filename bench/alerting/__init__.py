"""What bench/alerts measures with: endpoints on loopback, a desk of ours, and monitors of others that tell them."""
