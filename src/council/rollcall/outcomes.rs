//! What became of the text.

use super::{Fact, Said};
use crate::council::{Outcome, line::Line, pattern::Found, phrase_set::PhraseSet, phrases::Phrases};

/// Adds what a sentence tells of the outcome.
pub(super) fn outcomes(line: &Line<'_>, phrases: &Phrases, facts: &mut Vec<Fact>) {
    let words = &line.words;
    if phrases.outcome.never.is_in(words) {
        return;
    }
    let never = phrases.veto.never.find(words);
    let mut push = |set: &PhraseSet, said: Said| {
        for found in set.find(words) {
            let start = phrases
                .time
                .passive_start(words, found.first)
                .unwrap_or_else(|| line.back(found.first, 6).start);
            let before = start..found.first + 1;
            let quoted = line.quoted.get(found.first).copied().unwrap_or(false);
            let adopts = matches!(said, Said::Outcome(Outcome::Adopted) | Said::Decided);
            let denied = adopts
                && words.forms[found.first.saturating_sub(2)..found.end]
                    .iter()
                    .any(|w| phrases.time.negation.contains(w) || phrases.list.opposing.contains(w));
            // "All members backed it except one."
            let end = (found.end + 3).min(words.forms.len());
            let unnamed = matches!(said, Said::Unanimous)
                && words.forms[found.first..end].iter().any(|w| phrases.list.excepting.contains(w))
                && !line.groups.iter().any(|g| line.leaves_out(g, &phrases.list));
            // "a text of this kind requires the consent of all 15 members".
            let required = matches!(said, Said::Unanimous)
                && phrases.outcome.needed.within(words, line.back(found.first, 5).start..found.first + 1);
            let power = matches!(said, Said::Outcome(Outcome::Vetoed))
                && never.iter().any(|n| n.first < found.end && found.first < n.end);
            if !quoted
                && !denied
                && !unnamed
                && !power
                && !required
                && !is_a_states(line, &found)
                && !phrases.time.unreal(words, before)
            {
                facts.push(Fact { at: found.first, end: found.end, said: said.clone() });
                return;
            }
        }
    };
    push(&phrases.outcome.vetoed, Said::Outcome(Outcome::Vetoed));
    push(&phrases.outcome.failed, Said::Outcome(Outcome::Failed));
    push(&phrases.outcome.adopted, Said::Outcome(Outcome::Adopted));
    push(&phrases.outcome.unanimous, Said::Unanimous);
    push(&phrases.outcome.procedural, Said::Procedural);
    push(&phrases.outcome.decided, Said::Decided);
}

/// "Israel rejected the text": what a state does is no outcome.
fn is_a_states(line: &Line<'_>, found: &Found) -> bool {
    line.groups.iter().any(|g| {
        !g.governed
            && !g.adjective
            && g.end <= found.first
            && found.first - g.end <= 1
            && line.form(g.end) != ","
    })
}
