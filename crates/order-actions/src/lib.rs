//! Executes commands: authorise, decide, and write the truth in one transaction.
