//! Votes gathered over the whole article: one record a draft.

mod background;
mod relevance;
mod switches;
mod texts;

use background::is_put_off;
use switches::Switch;

use super::{
    Outcome, Position,
    completion::complete,
    line::{Group, Line, seats},
    phrase_set::PhraseSet,
    record::{Record, is_told},
    rival::is_another,
    rollcall::{Before, Fact, Said, facts},
    scene::Scene,
    sponsors::{Tabled, tabled},
    symbols::{Symbol, symbols},
};
use crate::{
    actors::Code,
    discourse::{Precision, When, time::TimeExpression},
};

/// All votes of an article, in the order in which they are told.
pub(super) fn votes(scene: &Scene<'_>) -> Vec<Record> {
    let mut gatherer = Gatherer {
        scene,
        records: Vec::new(),
        current: None,
        before: Vec::new(),
        listed: Vec::new(),
        position: None,
        paragraph: None,
        paragraph_when: None,
        paragraph_acted: false,
        paragraph_subject: None,
        paragraph_texts: Vec::new(),
        amended_by: None,
        procedural: false,
        latter: None,
        on_statement: false,
        elsewhere: scene.elsewhere || is_put_off(scene),
    };
    let body = scene.lines.iter().filter(|l| !l.headline);
    for line in body {
        gatherer.line(line);
    }
    let mut records = gatherer.records;
    add_headline(scene, &mut records);
    for record in &mut records {
        complete(scene, record);
    }
    records.retain(is_told);
    drop_echoes(&mut records);
    records
}

/// "vetoed the French text, then saw its own rejected": an outcome told ahead of the vote that it is of.
fn drop_echoes(records: &mut Vec<Record>) {
    let bare = |r: &Record| r.cast.is_empty() && r.stated.iter().all(Option::is_none) && r.rest.is_none();
    let is_echo = |r: &Record, others: &[Record]| {
        let same = |o: &Record| {
            !bare(o) && !o.past && !o.amendment && o.outcome == r.outcome && o.sponsors == r.sponsors
        };
        bare(r) && !r.past && !r.amendment && !r.sponsors.is_empty() && others.iter().any(same)
    };
    let kept = records.iter().filter(|r| !is_echo(r, records)).cloned().collect();
    *records = kept;
}

struct Gatherer<'a, 'b> {
    scene: &'a Scene<'b>,
    records: Vec<Record>,
    current: Option<usize>,
    /// States named last, for pronouns.
    before: Vec<Code>,
    /// The last list of several.
    listed: Vec<Code>,
    /// Position told last, for whoever "did the same".
    position: Option<Position>,
    paragraph: Option<u32>,
    /// Date told earlier in the paragraph by a line that tells of no vote.
    paragraph_when: Option<When>,
    /// That line told of a resolution by number, or of what the Council demanded.
    paragraph_acted: bool,
    /// First subject of the paragraph: what a pronoun at the head of the next one stands for.
    paragraph_subject: Option<Vec<Code>>,
    /// Sponsors of the text that the line before named without telling of a vote.
    paragraph_texts: Vec<Code>,
    /// The line before told of amendments by these states, and of no vote on them yet.
    amended_by: Option<Vec<Code>>,
    /// A vote on procedure was told of before the vote itself.
    procedural: bool,
    /// The text that an overview of several named last.
    latter: Option<usize>,
    /// The text named last is a statement, which is not voted on.
    on_statement: bool,
    /// The news is no vote of the Council: what is told of one is background, unless it is of the day.
    elsewhere: bool,
}

impl Gatherer<'_, '_> {
    fn line(&mut self, line: &Line<'_>) {
        let scene = self.scene;
        let fresh = self.paragraph != Some(line.sentence.paragraph);
        self.paragraph = Some(line.sentence.paragraph);
        if fresh {
            self.on_statement = false;
            self.paragraph_when = None;
            self.paragraph_texts.clear();
            let vetoer = self.current.map(|i| &self.records[i].vetoed_by).filter(|v| v.len() == 1).cloned();
            if let Some(subject) = vetoer.or(self.paragraph_subject.take()) {
                self.before = subject;
            }
        }
        let pluperfect = scene.phrases.time.pluperfect.is_in(&line.words);
        // "The two powers had already used their vetoes": those of the vote told.
        let opponents = |r: &Record| -> Vec<Code> {
            let against =
                r.cast.iter().filter(|(c, p)| **p == Position::Against && scene.members.is_permanent(c));
            if r.vetoed_by.len() > 1 {
                r.vetoed_by.clone()
            } else {
                against.map(|(c, _)| c.clone()).collect()
            }
        };
        if pluperfect && let Some(codes) = self.records.iter().map(opponents).find(|codes| codes.len() > 1) {
            self.before = codes;
        }
        let told = Before {
            named: &self.before,
            listed: &self.listed,
            position: self.position,
            table: scene.members.table(scene.published),
        };
        let found = facts(line, scene.phrases, told);
        let last = found.iter().rev().find_map(|f| match f.said {
            Said::Cast { position, .. } | Said::Count { position, .. } => Some(position),
            _ => None,
        });
        self.position = last.or(self.position);
        self.last_veto(line);
        // "... after turning down a Russian text. That draft won just five votes."
        let latter = self.latter.take().filter(|_| scene.phrases.draft.latter.at(&line.words, 0).is_some());
        self.current = latter.or(self.current);
        let texts = tabled(line, scene.phrases, &self.before);
        // "In a statement on Friday Slovenia deplored the outcome": at the head of a paragraph the Council's alone.
        let organ = &scene.phrases.organ;
        let issued = scene.phrases.statement.any.is_in(&line.words)
            && (!fresh || organ.full.is_in(&line.words) || organ.short.is_in(&line.words));
        let text = self.names_text(line);
        self.on_statement = !text && (issued || self.on_statement);
        let follows = !fresh && self.current.is_some_and(|i| self.records[i].is_told_before(line.index));
        let mut told: Vec<&Fact> = found.iter().filter(|f| self.is_of_vote(line, f, follows)).collect();
        forget_vetoes_before(line, &mut told, &scene.phrases.time.pluperfect);
        if told.iter().any(|f| !matches!(f.said, Said::Procedural | Said::Decided)) {
            let past = self.background(line, &told, fresh);
            let draft = &scene.phrases.draft;
            let ordinal = draft.first.is_in(&line.words) || draft.other_amendment.is_in(&line.words);
            let needed = scene.members.table(scene.published).needed;
            if !ordinal && !told.iter().any(|f| is_defeat(f, needed)) {
                self.amended_by = None;
            }
            self.share_out(line, &told, &texts, past);
            self.amended_by = None;
        } else if scene.ours[line.index] {
            self.name_text(line, &texts);
            // A line on the text stays at its date; another leaves it.
            let kept = self.paragraph_when.take().filter(|_| !texts.is_empty());
            // "would have closed his office on July 31": no date of what happened.
            // ", which the United States had requested last Thursday, ...": nor is that of an aside.
            let unreal = |t: &TimeExpression| {
                let clause = line.clause_start(t.first)..t.first;
                let aside = line.opens_relative(clause.start, &scene.phrases.list)
                    && scene.phrases.time.pluperfect.within(&line.words, clause.clone());
                aside || scene.phrases.time.unreal(&line.words, clause)
            };
            let when = scene.when(line, 0, false).filter(|_| !line.times.iter().any(unreal));
            self.paragraph_when = when.or(kept);
            let numbered = |(_, s): &(usize, Symbol)| matches!(s, Symbol::Resolution(_));
            self.paragraph_acted = symbols(line, &scene.phrases.draft).iter().any(numbered)
                || told.iter().any(|f| matches!(f.said, Said::Decided));
            self.paragraph_texts = texts.iter().flat_map(|t| t.codes.clone()).collect();
            self.amended_by = scene.phrases.draft.amendment.is_in(&line.words).then(|| {
                let named = line.groups.iter().find(|g| !g.governed);
                texts.first().map(|t| &t.codes).or(named.map(|g| &g.codes)).unwrap_or(&self.before).clone()
            });
            if told.iter().any(|f| matches!(f.said, Said::Procedural)) {
                match self.current {
                    Some(current) => self.records[current].procedural = true,
                    None => self.procedural = true,
                }
            }
        }
        if let Some(list) = line.groups.iter().rfind(|g| g.codes.len() > 1) {
            self.listed.clone_from(&list.codes);
        }
        let subject = line.groups.iter().find(|g| !g.governed).or(line.groups.first());
        if let Some(group) = subject {
            self.before.clone_from(&group.codes);
            if !group.governed && self.paragraph_subject.is_none() {
                self.paragraph_subject = Some(group.codes.clone());
            }
        }
    }

    /// "All the other delegations had supported it", after a veto and in no time of its own: of the vote under way, whose
    /// other votes nobody has told.
    fn completes(&self, line: &Line<'_>, told: &[&Fact]) -> bool {
        let open = |r: &Record| {
            !r.past && !r.cast.is_empty() && r.rest.is_none() && r.count(Position::For).is_none()
        };
        told.iter().all(|f| matches!(f.said, Said::Rest { .. } | Said::Cast { veto: false, .. }))
            && told.iter().any(|f| matches!(f.said, Said::Rest { .. }))
            && self.current.is_some_and(|i| open(&self.records[i]))
            && self.scene.when(line, told[0].at, false).is_none()
    }

    fn share_out(&mut self, line: &Line<'_>, told: &[&Fact], texts: &[Tabled], past: Option<When>) {
        if let Some(when) = past {
            // "called a special session, getting round the veto of two days before": the vote on it is to come.
            self.procedural |=
                self.records.is_empty() && told.iter().any(|f| matches!(f.said, Said::Procedural));
            let told_before = self.paragraph_when.as_ref() == Some(&when);
            let other_veto = |r: &Record| {
                told.iter().any(|f| match &f.said {
                    Said::Cast { codes, veto: true, .. } => {
                        !r.vetoed_by.is_empty() && !codes.iter().any(|c| r.vetoed_by.contains(c))
                    }
                    _ => false,
                })
            };
            let needed = self.scene.members.table(when.date.or(self.scene.published)).needed;
            let other_outcome =
                |r: &Record| r.outcome == Some(Outcome::Vetoed) && told.iter().any(|f| is_defeat(f, needed));
            let same = self.records.iter().position(|r| {
                r.past && r.when.as_ref() == Some(&when) && !other_veto(r) && !other_outcome(r)
            });
            let index = same
                .unwrap_or_else(|| self.open(Record { past: true, when: Some(when), ..Record::default() }));
            self.current = Some(index);
            if self.records[index].lines.is_empty() && told_before {
                self.records[index].sponsors = std::mem::take(&mut self.paragraph_texts);
                self.records[index].decided |= std::mem::take(&mut self.paragraph_acted);
            }
            for text in texts {
                self.add_sponsors(index, &text.codes);
            }
            // "Two amendments were rejected": not the resolution.
            let amends = self.scene.phrases.draft.amendment.is_in(&line.words);
            let of_text: Vec<&Fact> =
                told.iter().filter(|f| !(amends && matches!(f.said, Said::Outcome(_)))).copied().collect();
            self.tell(index, line, &of_text);
            if told.iter().all(|f| is_veto(f)) {
                for when in self.further_dates(line, index) {
                    let again = self.open(Record { past: true, when: Some(when), ..Record::default() });
                    self.tell(again, line, told);
                }
            }
            return;
        }
        if self.current.is_some_and(|i| self.records[i].past) {
            self.current = self.records.iter().rposition(|r| !r.past);
        }
        // "The Russian and Chinese vetoes would cost lives": those cast before, whatever text is spoken of now.
        let switches = self.switches(line, texts);
        let passes_on = switches.iter().any(|(_, s)| matches!(s, Switch::Second | Switch::Third));
        let vetoed = |r: &Record| !r.past && told.iter().any(|f| is_veto_in(f, r));
        let known_veto = self.records.iter().rposition(vetoed);
        let only_veto = told.iter().all(|f| is_veto(f));
        if let Some(known) = known_veto.filter(|_| only_veto && !passes_on) {
            self.tell(known, line, told);
            self.tell_both(known, line, told);
            return;
        }
        let first = self.current.unwrap_or_else(|| match self.records.iter().rposition(|r| !r.past) {
            Some(index) => index,
            None => self.open(Record::default()),
        });
        let another = is_another(&self.records[first], line, told, &self.scene.phrases.draft)
            || self.is_numbered_apart(&self.records[first], line, told);
        let first = if another && !self.records[first].amendment {
            let empty = |r: &Record| !r.past && !r.amendment && r.lines.is_empty();
            let known = self.records.iter().rposition(empty).or(known_veto);
            known.unwrap_or_else(|| self.open(Record::default()))
        } else {
            first
        };
        let has = |wanted: fn(&Switch) -> bool| switches.iter().any(|(_, s)| wanted(s));
        // "Russia killed a US draft, and saw its own defeated": a lead tells all in short, then the story begins anew.
        let opening = self.records.iter().all(|r| r.lines.is_empty());
        let overview = has(|s| matches!(s, Switch::First)) && has(|s| matches!(s, Switch::Second));
        // One stretch of the line after the other, so that a switch knows what was told before it.
        let mut index = first;
        let mut from = 0;
        for (at, switch) in switches {
            self.stretch(index, line, told, texts, from..at);
            index = self.recalled(line, at, &switch, index).unwrap_or_else(|| self.follow(switch, index));
            from = at;
        }
        self.stretch(index, line, told, texts, from..usize::MAX);
        self.tell_both(index, line, told);
        // "The first ballot ended in a veto, the second in a reprieve": the story begins with the first.
        if opening || overview {
            let last = self.current;
            let main = self.records.iter().position(|r| !r.past && !r.amendment);
            self.current = if opening { Some(first) } else { main };
            self.latter = last.filter(|_| last != self.current);
        }
    }

    /// "In both cases only the United States was opposed": of the text before it too.
    fn tell_both(&mut self, index: usize, line: &Line<'_>, told: &[&Fact]) {
        let kind = self.records[index].amendment;
        let before = self.records[..index].iter().rposition(|r| !r.past && r.amendment == kind);
        if let Some(other) = before.filter(|_| self.scene.phrases.draft.both.is_in(&line.words)) {
            let cast: Vec<&Fact> =
                told.iter().filter(|f| matches!(f.said, Said::Cast { .. })).copied().collect();
            self.tell(other, line, &cast);
        }
    }

    /// Gives a draft what a stretch of the line tells.
    fn stretch(
        &mut self,
        index: usize,
        line: &Line<'_>,
        told: &[&Fact],
        texts: &[Tabled],
        range: std::ops::Range<usize>,
    ) {
        let part: Vec<&Fact> = told.iter().filter(|f| range.contains(&f.at)).copied().collect();
        for text in texts.iter().filter(|t| range.contains(&t.at)) {
            self.add_sponsors(index, &text.codes);
        }
        if self.records[index].amendment && self.records[index].sponsors.is_empty() && texts.is_empty() {
            let named = || line.groups.iter().find(|g| !g.governed).map(|g| g.codes.clone());
            let codes = self.amended_by.take().or_else(named).unwrap_or_default();
            self.add_sponsors(index, &codes);
        }
        if !part.is_empty() {
            self.tell(index, line, &part);
            if self.records[index].when.is_none() {
                self.records[index].when = self.scene.when(line, part[0].at, false);
            }
        }
        self.current = Some(index);
    }

    fn open(&mut self, mut record: Record) -> usize {
        record.procedural |= !record.past && std::mem::take(&mut self.procedural);
        self.records.push(record);
        self.records.len() - 1
    }

    fn tell(&mut self, index: usize, line: &Line<'_>, told: &[&Fact]) {
        self.symbols(index, line);
        let (members, published) = (self.scene.members, self.scene.published);
        let record = &mut self.records[index];
        let day = record.when.as_ref().and_then(|w| w.date).filter(|_| record.past).or(published);
        record.lines.push(line.index);
        for fact in told {
            record.triggers.push(line.span(fact.at, fact.end));
            match &fact.said {
                Said::Cast { codes, position, veto } => {
                    let voters = seats(codes, day, members);
                    if !voters.is_empty() || are_named_voters(line, fact, codes) {
                        let seatless = |c: &&Code| seats(&[(*c).clone()], day, members).is_empty();
                        record.strangers.extend(codes.iter().filter(seatless).cloned());
                    }
                    record.add(&voters, *position, *veto);
                }
                Said::With { codes, partners, position, alone } => {
                    let partners = seats(partners, day, members);
                    let position = record.side_of(&partners, *position, *alone);
                    record.add(&seats(codes, day, members), position, false);
                    record.add(&partners, position, false);
                }
                Said::Count { position, n } => record.state(*position, *n),
                Said::Rest { position, n } => record.rest = record.rest.or(Some((*position, *n))),
                Said::Sponsor { position } => record.sponsor_votes = Some(*position),
                Said::Outcome(outcome) => {
                    if record.outcome != Some(Outcome::Vetoed)
                        && (record.outcome.is_none() || *outcome == Outcome::Vetoed)
                    {
                        record.outcome = Some(*outcome);
                    }
                }
                Said::Unanimous => record.unanimous = true,
                Said::Procedural => record.procedural = true,
                Said::Decided => record.decided = true,
            }
        }
    }
}

/// "voted unanimously to send observers, ten days after China had vetoed the mission": not the veto of this vote.
fn forget_vetoes_before(line: &Line<'_>, told: &mut Vec<&Fact>, pluperfect: &PhraseSet) {
    let adopted = |f: &&Fact| matches!(f.said, Said::Unanimous | Said::Outcome(Outcome::Adopted));
    if let Some(at) = told.iter().find(|f| adopted(f)).map(|f| f.at) {
        let had = |f: &Fact| pluperfect.within(&line.words, f.at.saturating_sub(2)..f.end);
        told.retain(|f| !(is_veto(f) && f.at > at && had(f)));
    }
}

/// "Germany and Japan voted in favor": several states right before what they did. One alone may have spoken from outside
/// the Council, in the same words ("Turkey supported it").
fn are_named_voters(line: &Line<'_>, fact: &Fact, codes: &[Code]) -> bool {
    let acts = |g: &Group| !g.governed && !g.adjective && g.end <= fact.at && fact.at - g.end <= 1;
    codes.len() > 1 && line.groups.iter().any(|g| g.codes == codes && acts(g))
}

fn is_veto(fact: &Fact) -> bool {
    matches!(fact.said, Said::Cast { veto: true, .. } | Said::Outcome(Outcome::Vetoed))
}

/// Whether a fact tells again of a veto that a record has.
fn is_veto_in(fact: &Fact, record: &Record) -> bool {
    match &fact.said {
        Said::Cast { codes, veto: true, .. } => codes.iter().any(|c| record.vetoed_by.contains(c)),
        _ => false,
    }
}

/// An outcome or a count that no adopted text has.
fn is_defeat(fact: &Fact, needed: u8) -> bool {
    match fact.said {
        Said::Count { position: Position::For, n } => n < needed,
        Said::Outcome(outcome) => outcome == Outcome::Failed,
        _ => false,
    }
}

/// A headline repeats: it only adds what the text leaves open.
fn add_headline(scene: &Scene<'_>, records: &mut [Record]) {
    let Some(record) = records.iter_mut().find(|r| !r.past && !r.amendment) else { return };
    for line in scene.lines.iter().filter(|l| l.headline && scene.ours[l.index]) {
        let told = Before { table: scene.members.table(scene.published), ..Before::default() };
        for fact in facts(line, scene.phrases, told) {
            match fact.said {
                Said::Cast { codes, position, veto: true } if record.vetoed_by.is_empty() => {
                    let voters = seats(&codes, scene.published, scene.members);
                    record.add(&voters, position, true);
                }
                Said::Cast { codes, position, veto: false } => {
                    record.add(&seats(&codes, scene.published, scene.members), position, false);
                }
                Said::Outcome(outcome) => record.outcome = record.outcome.or(Some(outcome)),
                Said::Unanimous => record.unanimous |= record.outcome != Some(Outcome::Vetoed),
                _ => {}
            }
        }
    }
}
