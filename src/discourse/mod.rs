//! What holds sentences together: coreference, act to author, attribution and quotation, time.

pub mod authorship;
pub mod coreference;
pub mod descriptions;
pub mod parts;
pub mod prominence;
pub mod reading;
pub mod speech;
#[cfg(test)]
mod tests;
pub mod time;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When something was done or said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct When {
    /// The words of the article ("mardi"); empty where the date is the article's own.
    pub text: String,
    #[schemars(with = "Option<String>")]
    pub date: Option<Date>,
    pub precision: Precision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Day,
    Week,
    Month,
    Year,
    /// No expression in the text: the date, if any, is the article's.
    Article,
}

/// Who passes the position on, and in what form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attribution {
    pub source: Option<String>,
    pub mode: AttributionMode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttributionMode {
    Quote,
    Indirect,
    Narrated,
}
