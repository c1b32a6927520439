//! Whether what a line tells is of a vote in the Council.

use super::{Before, Fact, Gatherer, Outcome, Position, Said, facts, is_veto};
use crate::council::line::Line;

impl Gatherer<'_, '_> {
    /// Whether a fact is of a vote in the Council: not of a statement, nor of a text that never came to a vote.
    pub(super) fn is_of_vote(&self, line: &Line<'_>, fact: &Fact, follows: bool) -> bool {
        let scene = self.scene;
        let phrases = scene.phrases;
        let veto = is_veto(fact);
        let outcome =
            veto || matches!(fact.said, Said::Outcome(_) | Said::Cast { position: Position::Against, .. });
        // "a press statement, drafted by Britain": the verb names no text.
        let text = phrases
            .draft
            .nouns
            .find(&line.words)
            .iter()
            .any(|f| line.tree.is_none() || line.is_noun(f.first));
        let statement = outcome && !text && (self.on_statement || phrases.statement.any.is_in(&line.words));
        let stopped = outcome && phrases.draft.stopped.is_in(&line.words);
        // "Après un vote indicatif, le Conseil a adopté la résolution": both are told.
        let straw = phrases.draft.straw.first(&line.words);
        let organ = |at: usize| {
            let behind = at..line.words.forms.len();
            phrases.organ.full.within(&line.words, behind.clone())
                || phrases.organ.short.within(&line.words, behind)
        };
        if straw.is_some_and(|f| !organ(f.end)) {
            return false;
        }
        let named =
            text || scene.phrases.organ.full.is_in(&line.words) || phrases.organ.short.is_in(&line.words);
        let bare = matches!(fact.said, Said::Outcome(Outcome::Adopted | Outcome::Failed) | Said::Unanimous);
        // "The Council failed to speak out": no vote before a text or a vote is named.
        let failed = matches!(fact.said, Said::Outcome(Outcome::Failed));
        // "a condamné d'une seule voix ... Dans une déclaration": what follows says what it was.
        let ballot = phrases.draft.ballot.is_in(&line.words);
        let spoken = bare && !text && !ballot && self.is_followed_by_statement(line);
        (scene.ours[line.index] || (veto || follows) && self.names_council())
            && !statement
            && !spoken
            && !stopped
            && (named && (!failed || text || self.counts(line)) || !bare || self.is_told_of(line))
    }

    /// Whether the next line speaks of a statement, and of no text that is voted on.
    fn is_followed_by_statement(&self, line: &Line<'_>) -> bool {
        let phrases = self.scene.phrases;
        self.scene.lines.get(line.index + 1).is_some_and(|next| {
            phrases.statement.any.is_in(&next.words)
                && (phrases.organ.full.is_in(&next.words) || phrases.organ.short.is_in(&next.words))
                && phrases.statement.issued.is_in(&next.words)
                && !phrases.draft.nouns.is_in(&next.words)
        })
    }

    /// Whether a bare outcome can be of a vote told before, or of the text that a pronoun stands for.
    fn is_told_of(&self, line: &Line<'_>) -> bool {
        let pronoun = (0..3).any(|i| self.scene.phrases.pronouns.contains(line.form(i)));
        self.records.iter().any(|r| pronoun || !r.lines.is_empty())
    }

    /// Whether a line tells of votes in numbers.
    fn counts(&self, line: &Line<'_>) -> bool {
        facts(line, self.scene.phrases, Before::default())
            .iter()
            .any(|f| matches!(f.said, Said::Count { .. }))
    }

    pub(super) fn names_council(&self) -> bool {
        self.scene.ours.contains(&true)
    }
}
