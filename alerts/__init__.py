"""Tell: people and their subscriptions, queries, an outbox, and the channels it leaves by.

Nothing is loaded here: what only asks which pages are followed need not load what makes mails.
"""
