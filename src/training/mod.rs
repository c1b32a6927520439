//! Models from treebanks and labels.

pub mod confidence;
mod folds;
pub mod hunspell;
pub mod labels;
pub mod morphology;
pub mod syntax;
pub mod treebank;
pub mod voting;
