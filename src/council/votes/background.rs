//! Votes told as background: which they are, and of which dates.

use jiff::civil::Date;

use super::{Gatherer, is_veto};
use crate::{
    actors::Code,
    council::{
        Outcome, Position,
        line::Line,
        phrases::Phrases,
        publication::lead_date,
        record::Record,
        rival::contradicts_cast,
        rollcall::{Before, Fact, Said, facts},
        scene::Scene,
    },
    discourse::{Precision, When, time::TimeExpression},
};

/// Tokens before a fact in which its auxiliary stands.
const FRAME: usize = 8;

impl Gatherer<'_, '_> {
    /// The date of a line's act where it lies before the news, and the words that tell it.
    pub(super) fn background(&self, line: &Line<'_>, told: &[&Fact], fresh: bool) -> Option<When> {
        let (phrases, published) = (self.scene.phrases, self.scene.published?);
        let main = self.records.iter().find(|r| !r.past && !r.lines.is_empty());
        let of_vote = main.and_then(|r| r.when.as_ref()).and_then(|w| w.date);
        // The lead may date what followed the vote: a day of doubt.
        let of_lead = || main.and_then(|_| lead_date(self.scene)).and_then(|w| w.date);
        let news = of_vote.or_else(of_lead);
        if self.completes(line, told) {
            return None;
        }
        if self.elsewhere {
            return self.before_the_news(line, told);
        }
        let pluperfect = phrases.time.pluperfect.is_in(&line.words);
        // "vetoed a resolution on Friday, but said that it had changed its mind": what else the sentence says had been.
        let had_been = told
            .iter()
            .any(|f| phrases.time.pluperfect.within(&line.words, f.at.saturating_sub(FRAME)..f.end));
        // Days before the news that still are of it.
        let doubt = match (of_vote, news) {
            (None, None) if !had_been => 2,
            (None, Some(_)) if !had_been => 1,
            _ => 0,
        };
        let when = self.scene.when(line, told[0].at, false).or_else(|| self.paragraph_when.clone());
        let dated = when.is_some();
        if let Some(when) = when.filter(|w| before(w, news.unwrap_or(published), doubt)) {
            return Some(when);
        }
        // "Six countries abstained on that occasion": the one told just before.
        if phrases.time.then.is_in(&line.words)
            && let Some(known) = self.current.map(|i| &self.records[i]).filter(|r| r.past)
        {
            return known.when.clone();
        }
        // "la résolution 1244 que le Conseil avait votée": before anything is told of the news.
        let outcome = |f: &&Fact| matches!(f.said, Said::Outcome(Outcome::Adopted) | Said::Decided);
        let led = self.scene.council_lines().next().is_some_and(|l| l.index < line.index);
        if self.records.is_empty() && !dated && led && told.iter().all(outcome) && had(line, told, phrases) {
            return Some(undated());
        }
        if phrases.time.past.is_in(&line.words) {
            return Some(undated());
        }
        let adjacent = |r: &Record| r.lines.last().is_some_and(|l| l + 1 == line.index);
        let stays = !fresh
            && self
                .current
                .is_some_and(|i| self.records[i].past && (pluperfect || adjacent(&self.records[i])));
        if stays {
            return self.current.and_then(|i| self.records[i].when.clone());
        }
        let amends = phrases.draft.amendment.is_in(&line.words);
        (pluperfect
            && !amends
            && self.records.iter().rfind(|r| !r.past).is_some_and(|r| contradicts_cast(r, told)))
        .then(undated)
    }

    /// When a vote was that is not the news; nothing where it is of the day nonetheless.
    fn before_the_news(&self, line: &Line<'_>, told: &[&Fact]) -> Option<When> {
        let today = |w: &When| w.precision == Precision::Day && w.date == self.scene.published;
        // "The fifteen decided unanimously, in a procedural vote, to adjourn": that is how it was put off.
        if told.iter().any(|f| matches!(f.said, Said::Procedural)) {
            return None;
        }
        if let Some(when) = self.scene.when(line, told[0].at, false) {
            return Some(when).filter(|w| !today(w));
        }
        let of_paragraph = self.paragraph_when.clone().filter(|w| !today(w));
        let known = || self.current.map(|i| &self.records[i]).filter(|r| r.past)?.when.clone();
        Some(of_paragraph.or_else(known).unwrap_or_else(undated))
    }

    /// "vetoed texts on Syria in October 2011, in February and in July 2012": the dates that follow that of a record in a
    /// list.
    pub(super) fn further_dates(&self, line: &Line<'_>, record: usize) -> Vec<When> {
        let (Some(published), Some(first)) = (self.scene.published, &self.records[record].when) else {
            return Vec::new();
        };
        let when = |t: &TimeExpression| {
            t.when(published, false, self.scene.document.slice(line.span(t.first, t.end)))
        };
        let list = &self.scene.phrases.list;
        let links = |at: usize| {
            let word = line.form(at);
            let known = [&list.connectors, &list.parting, &list.prepositions, &list.range];
            line.words.adverbs[at] || known.iter().any(|set| set.contains(word))
        };
        if first.date.is_none() {
            return Vec::new();
        }
        let mut times = line.times.iter().skip_while(|t| when(t).date != first.date);
        let Some(mut last) = times.next() else { return Vec::new() };
        let mut found: Vec<When> = Vec::new();
        for time in times {
            if time.first < last.end || time.first - last.end > 4 || !(last.end..time.first).all(links) {
                break;
            }
            found.push(when(time));
            last = time;
        }
        let vetoed_by = &self.records[record].vetoed_by;
        let told = |w: &When| {
            self.records.iter().any(|r| {
                r.past && &r.vetoed_by == vetoed_by && r.when.as_ref().is_some_and(|o| o.date == w.date)
            })
        };
        // "... and again on Friday": the news itself.
        found.retain(|w| {
            matches!(w.precision, Precision::Day | Precision::Month | Precision::Year)
                && before(w, published, 2)
                && !told(w)
        });
        found
    }

    /// "Russia had not used its veto since April 2004": the veto of that date.
    pub(super) fn last_veto(&mut self, line: &Line<'_>) {
        let (scene, words) = (self.scene, &self.scene.phrases.veto);
        let Some(found) = words.since.first(&line.words).filter(|_| scene.ours[line.index]) else { return };
        let Some(published) = scene.published else { return };
        let Some(time) = line.times.iter().find(|t| t.end > found.end && t.first <= found.end + 1) else {
            return;
        };
        let named = line.groups.iter().rfind(|g| g.end <= found.first + 1 && !g.governed && !g.adjective);
        let codes = named.map_or_else(|| self.before.clone(), |g| g.codes.clone());
        let permanent = |c: &Code| scene.members.is_permanent(c);
        let when = time.when(published, false, scene.document.slice(line.span(time.first, time.end)));
        if when.date.is_none() || codes.is_empty() || !codes.iter().all(permanent) {
            return;
        }
        let same = |r: &Record| r.past && r.when.as_ref().map(|w| w.date) == Some(when.date);
        if !self.records.iter().any(same) {
            let said = Said::Cast { codes, position: Position::Against, veto: true };
            let record = self.open(Record { past: true, when: Some(when), ..Record::default() });
            self.tell(record, line, &[&Fact { at: found.first, end: found.end, said }]);
        }
    }
}

/// Lines on the Council at the head of an article, in which its news is told.
const LEAD: usize = 2;

/// Whether the news is a vote that was put off, and none that was held.
pub(super) fn is_put_off(scene: &Scene<'_>) -> bool {
    let put_off = |line: &&Line<'_>| scene.phrases.draft.put_off.is_in(&line.words);
    let lead: Vec<&Line<'_>> = scene.council_lines().take(LEAD).collect();
    let Some(at) = lead.iter().position(put_off) else { return false };
    lead[..=at].iter().all(|line| !tells_of_the_news(scene, line))
}

/// Whether a line tells of a vote, and not of a veto of some day before.
fn tells_of_the_news(scene: &Scene<'_>, line: &Line<'_>) -> bool {
    let had = scene.phrases.time.pluperfect.is_in(&line.words);
    let before = |f: &Fact| {
        is_veto(f) && (had || scene.when(line, f.at, false).is_some_and(|w| w.date < scene.published))
    };
    let of_vote = |f: &Fact| !matches!(f.said, Said::Procedural | Said::Decided);
    facts(line, scene.phrases, Before::default()).iter().any(|f| of_vote(f) && !before(f))
}

/// Of some day before the news that nobody tells.
fn undated() -> When {
    When { text: String::new(), date: None, precision: Precision::Article }
}

/// Whether the pluperfect stands right before each fact.
fn had(line: &Line<'_>, told: &[&Fact], phrases: &Phrases) -> bool {
    told.iter().all(|f| phrases.time.pluperfect.within(&line.words, f.at.saturating_sub(3)..f.end))
}

/// Whether a moment lies before the news, more days than are in doubt.
fn before(when: &When, news: Date, doubt: i32) -> bool {
    let Some(date) = when.date else { return false };
    let days = news.since(date).map_or(0, |s| s.get_days());
    match when.precision {
        Precision::Day => days > doubt,
        Precision::Month => (date.year(), date.month()) < (news.year(), news.month()),
        Precision::Year => date.year() < news.year(),
        Precision::Week | Precision::Article => days > 10,
    }
}
