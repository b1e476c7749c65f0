"""The desk in the reading room: subscriptions, channels, deliveries, feeds."""
