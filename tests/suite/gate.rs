//! Authority on real projects: the way from a file to an open gate, and everything that shuts it again.

mod crash;
pub mod fixture;
mod path;
mod report;
mod sign;
mod tamper;
