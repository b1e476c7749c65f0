"""Proofs: a tree over all ledger entries, signed checkpoints of it, time stamps on these, and what follows for one
record. docs/evidence.md says what is proved and what is not; decision 11 why it is built like this."""

from storage.proofs.proof import Proof, Prover, prove, verify_proof, verify_token

__all__ = ["Proof", "Prover", "prove", "verify_proof", "verify_token"]
