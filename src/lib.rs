//! `demarche` finds the diplomatic stances and UN Security Council actions that wire articles report.
//!
//! An article passes one way, without return:
//! [`article`] → [`text`] → [`syntax`] → [`actors`] → [`discourse`] → [`stances`], [`council`] → [`event`].
//! [`analysis`] leads the way through and is a pure function; [`delivery`] and [`kafka`] carry
//! records to it and events away.
#![forbid(unsafe_code)]

pub mod actors;
pub mod admin;
pub mod analysis;
pub mod article;
pub mod council;
pub mod data;
pub mod delivery;
pub mod discourse;
pub mod evaluation;
pub mod event;
pub mod features;
pub mod kafka;
pub mod logistic;
pub mod pipeline;
mod random;
pub mod settings;
pub mod stances;
pub mod syntax;
pub mod telemetry;
pub mod text;
pub mod training;
