"""A replica of the five first sites that publishes, edits, deletes and counts views; its texts are our own."""
