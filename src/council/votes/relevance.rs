//! Whether what a line tells is of a vote in the Council.

use super::{Before, Fact, Gatherer, Outcome, Position, Said, facts, is_veto};
use crate::council::line::Line;

/// Tokens behind the verb in which what was adopted is named.
const OBJECT: usize = 12;

impl Gatherer<'_, '_> {
    /// Whether a fact is of a vote in the Council: not of a statement, nor of a text that never came to a vote.
    pub(super) fn is_of_vote(&self, line: &Line<'_>, fact: &Fact, follows: bool) -> bool {
        let scene = self.scene;
        let phrases = scene.phrases;
        let veto = is_veto(fact);
        let outcome =
            veto || matches!(fact.said, Said::Outcome(_) | Said::Cast { position: Position::Against, .. });
        let text = self.names_text(line);
        let ballot = phrases.draft.ballot.is_in(&line.words);
        let named = phrases.statement.any.is_in(&line.words);
        // "The fifteen approved the text": that of the statement told before.
        let agreed = self.on_statement && !named && !ballot && self.is_of_all(fact);
        let told = outcome && (self.on_statement || named);
        let statement = !text && (told || agreed) || self.is_of_statement(line, fact);
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
        let about =
            text || scene.phrases.organ.full.is_in(&line.words) || phrases.organ.short.is_in(&line.words);
        let bare = matches!(fact.said, Said::Outcome(Outcome::Adopted | Outcome::Failed) | Said::Unanimous);
        // "The Council failed to speak out": no vote before a text or a vote is named.
        let failed = matches!(fact.said, Said::Outcome(Outcome::Failed));
        // "a condamné d'une seule voix ... Dans une déclaration": what follows says what it was.
        let spoken = bare && !text && !ballot && self.is_followed_by_statement(line);
        (scene.ours[line.index] || (veto || follows) && self.names_council())
            && !statement
            && !spoken
            && !stopped
            && (about && (!failed || text || self.counts(line)) || !bare || self.is_told_of(line))
    }

    /// Whether the whole table is said to have agreed.
    fn is_of_all(&self, fact: &Fact) -> bool {
        match fact.said {
            Said::Unanimous => true,
            Said::Count { position: Position::For, n } => {
                n == self.scene.members.table(self.scene.published).seats
            }
            _ => false,
        }
    }

    /// "The fifteen unanimously approved the text of a statement": what was adopted follows, and nobody voted on it.
    fn is_of_statement(&self, line: &Line<'_>, fact: &Fact) -> bool {
        let end = line.words.forms.len().min(fact.end + OBJECT);
        let comma = (fact.end..end).find(|at| line.form(*at) == ",").unwrap_or(end);
        let object = fact.end.min(comma)..comma;
        (self.is_of_all(fact) || matches!(fact.said, Said::Outcome(Outcome::Adopted)))
            && self.scene.phrases.statement.any.within(&line.words, object.clone())
            && !self.texts(line).iter().any(|at| object.contains(at))
    }

    /// Whether a line names a text that is voted on.
    pub(super) fn names_text(&self, line: &Line<'_>) -> bool {
        !self.texts(line).is_empty()
    }

    /// Where a line names a text that is voted on: not "a press statement, drafted by Britain", where the word is a verb,
    /// nor "the text of a statement", nor "the text" of the one told before.
    fn texts(&self, line: &Line<'_>) -> Vec<usize> {
        let words = &self.scene.phrases.statement;
        let wordings = words.wording.find(&line.words);
        let told = self.on_statement && self.paragraph == Some(line.sentence.paragraph);
        let of_statement = |at: &usize| {
            told && words.vague.contains(line.form(*at))
                || wordings.iter().any(|w| w.first <= *at && *at < w.end)
        };
        let nouns = self.scene.phrases.draft.nouns.find(&line.words).into_iter().map(|f| f.first);
        nouns.filter(|at| (line.tree.is_none() || line.is_noun(*at)) && !of_statement(at)).collect()
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
