//! Who takes which position towards whom.

pub mod confidence;
pub mod examples;
pub mod factuality;
mod features;
pub mod frames;
pub mod lexicon;
pub mod light_verbs;
pub mod matching;
pub mod proposals;
pub mod selection;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actors::{ActorKind, Code, Via},
    data::{Data, DataError},
    discourse::{Attribution, When},
    text::Span,
};

/// What a language says of stances: `languages/<code>/{triggers/,light_verbs,negation}.toml` and its model.
#[derive(Debug)]
pub struct LanguageRules {
    pub lexicon: lexicon::Lexicon,
    pub light_verbs: light_verbs::LightVerbs,
    pub factuality: factuality::FactualityWords,
    pub texts: frames::TextWords,
    pub model: confidence::Model,
}

impl LanguageRules {
    /// # Errors
    /// A file is missing or broken; the message names it.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        Ok(Self {
            lexicon: lexicon::Lexicon::load(data, language)?,
            light_verbs: light_verbs::LightVerbs::load(data, language)?,
            factuality: factuality::FactualityWords::load(data, language)?,
            texts: frames::TextWords::load(data, language)?,
            model: confidence::Model::load(data, language)?,
        })
    }
}

/// The classes of the annotation guide, section 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Support,
    Recognise,
    Pledge,
    Request,
    Concern,
    Condemn,
    Accuse,
    Reject,
    Deny,
    Threaten,
    Sanction,
    Neutral,
}

impl Class {
    pub const ALL: [Class; 12] = [
        Class::Support,
        Class::Recognise,
        Class::Pledge,
        Class::Request,
        Class::Concern,
        Class::Condemn,
        Class::Accuse,
        Class::Reject,
        Class::Deny,
        Class::Threaten,
        Class::Sanction,
        Class::Neutral,
    ];

    /// The name in the output contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Support => "support",
            Class::Recognise => "recognise",
            Class::Pledge => "pledge",
            Class::Request => "request",
            Class::Concern => "concern",
            Class::Condemn => "condemn",
            Class::Accuse => "accuse",
            Class::Reject => "reject",
            Class::Deny => "deny",
            Class::Threaten => "threaten",
            Class::Sanction => "sanction",
            Class::Neutral => "neutral",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == name)
    }

    /// 1 friendly, -1 hostile, 0 neither (guide, section 1.1).
    pub fn polarity(self) -> i8 {
        match self {
            Class::Support | Class::Recognise | Class::Pledge => 1,
            Class::Request | Class::Deny | Class::Neutral => 0,
            Class::Concern
            | Class::Condemn
            | Class::Accuse
            | Class::Reject
            | Class::Threaten
            | Class::Sanction => -1,
        }
    }

    /// A stance that harms its target's name when it is false.
    pub fn is_harsh(self) -> bool {
        matches!(self, Class::Condemn | Class::Accuse | Class::Threaten | Class::Sanction)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StanceStatus {
    Stated,
    Planned,
    Conditional,
    Past,
}

/// Holder or target of a stance, as resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    pub code: Code,
    pub kind: ActorKind,
    /// Words of the article that stand for it.
    pub name: String,
    pub via: Via,
    pub person: Option<String>,
    pub role: Option<String>,
    pub span: Option<Span>,
}

/// Words of the article with their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quoted {
    pub text: String,
    pub span: Span,
}

/// One holder, one class, one target.
#[derive(Debug, Clone, PartialEq)]
pub struct Stance {
    /// Shared by the stances that one clause states; counted from 0 in the article.
    pub clause: u32,
    pub class: Class,
    pub holder: Actor,
    pub target: Actor,
    pub topic: Option<Quoted>,
    pub status: StanceStatus,
    pub when: When,
    /// Calibrated probability that a careful reader agrees, 0 to 1.
    pub confidence: f64,
    /// The clause that states it.
    pub evidence: Quoted,
    /// The word or words that triggered it.
    pub triggers: Vec<Span>,
    /// Entry of the lexicon, `fr/condemn/condamner`.
    pub rule: String,
    pub attribution: Attribution,
    /// Features and weights behind the confidence, for `--explain`; largest first.
    pub reasons: Vec<(String, f64)>,
}
