//! Tribunal: no spec reaches an executor until a planner, a verifier and a critic stand on the same version of it.
