//! Models from treebanks and labels.

mod adam;
pub mod confidence;
pub mod counts;
mod folds;
pub mod hunspell;
pub mod labels;
pub mod morphology;
mod names;
pub mod syntax;
pub mod treebank;
pub mod voting;
