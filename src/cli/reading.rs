//! Articles of files, decoded and analysed: what `analyse` and `evaluate` share.

use std::collections::BTreeMap;

use demarche::{
    analysis::Analyser,
    article::{self, Article, Rejected},
    data::{Data, DataError},
    event::{AnalyserRef, ArticleRecord, Publisher, stance_id},
    stances::{Stance, proposals::Proposal, selection::Keep},
};
use serde_json::{Value, json};

/// Everything that reading an article takes.
pub(crate) struct Reader {
    analyser: Analyser,
    publisher: Publisher,
}

/// One article and what was found in it.
pub(crate) struct Reading {
    pub(crate) record: ArticleRecord,
    /// Features and weights behind each stance's confidence, by `event_id`.
    pub(crate) reasons: BTreeMap<String, Vec<(String, f64)>>,
}

impl Reader {
    /// # Errors
    /// The data cannot be used; the message names the file.
    pub(crate) fn load(data: &Data) -> Result<Self, DataError> {
        let analyser = Analyser::load(data)?;
        let analyser_ref = AnalyserRef::of_this_build(analyser.rules().to_owned());
        Ok(Self { analyser, publisher: Publisher { analyser: analyser_ref } })
    }

    /// # Errors
    /// The bytes are no article.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Article, Rejected> {
        article::decode(bytes, &[], None)
    }

    /// What `keep` asks for; of Council actions too, those below its floor are left out.
    pub(crate) fn read(&self, article: &Article, keep: Keep) -> Reading {
        let mut analysis = self.analyser.analyse(article, keep);
        if let (Ok(analysis), Some(floor)) = (&mut analysis, keep.floor) {
            analysis.actions.retain(|action| action.confidence >= floor);
        }
        let stances = analysis.as_ref().map_or(&[][..], |analysis| &analysis.stances);
        Reading {
            reasons: reasons(article, stances),
            record: self.publisher.article_record(article, analysis.as_ref()),
        }
    }

    /// Every stance that is proposed in an article, before any choice, in what an event has of it; none where the
    /// article is not analysed.
    pub(crate) fn proposals(&self, article: &Article) -> Vec<Value> {
        let events = self.analyser.with_proposals(article, |proposals, words| {
            let event = |p: &Proposal| {
                json!({
                    "kind": "stance", "article": {"uri": article.uri}, "class": p.class,
                    "holder": {"code": p.holder_code}, "target": {"code": p.target_code},
                    "evidence": words(p),
                })
            };
            proposals.iter().map(event).collect()
        });
        events.unwrap_or_default()
    }
}

/// As an event that is told twice has the confidence of its surest telling, so has it that one's reasons.
fn reasons(article: &Article, stances: &[Stance]) -> BTreeMap<String, Vec<(String, f64)>> {
    let mut surest: BTreeMap<String, &Stance> = BTreeMap::new();
    for stance in stances {
        let known = surest.entry(stance_id(&article.id, stance)).or_insert(stance);
        if stance.confidence > known.confidence {
            *known = stance;
        }
    }
    surest.into_iter().map(|(id, stance)| (id, stance.reasons.clone())).collect()
}
