//! Tells the other nodes about entries and signals: Redis, and an in-process twin.
