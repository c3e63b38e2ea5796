//! The one integration-test binary; a module a subject.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this is test code, where a panic is a failed test"
)]

mod answer;
mod architecture;
mod audit;
mod claims;
mod cli;
mod corpus;
mod corpus_explore;
mod corpus_tlc;
mod corpus_z3;
mod critique;
mod critique_command;
mod diagrams;
mod diff;
mod digest;
mod findings;
mod gate;
mod gate_policy;
mod generated;
mod interpreter;
mod iterate;
mod iterate_models;
mod lean;
mod library;
mod licences;
mod lower_tla;
mod policies;
mod provider;
mod random_tlc;
mod random_workflow;
mod readme;
mod record;
mod reject;
mod revise;
mod revise_random;
mod rounds;
mod schema;
mod sessions;
mod setup;
mod smt_files;
mod tlc;
mod tools;
mod validate;
