//! Frames, error codes and close codes of the wire; nothing else.
