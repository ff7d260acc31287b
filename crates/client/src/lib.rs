//! A client that resumes, retries and never loses its place.
