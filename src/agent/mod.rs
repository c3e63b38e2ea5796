//! Agents: the model providers that fill a seat at the table.

pub mod provider;
