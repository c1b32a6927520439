//! Texts that are tabled, negotiated, withdrawn or await their vote.

use super::{
    ActionKind, ActionStatus, CouncilAction, Outcome,
    line::{Group, Line},
    pattern::Found,
    record::Record,
    scene::{Scene, add, said, subject},
    sponsors::{Tabled, tabled},
    subject::are_apart,
    symbols::{Symbol, named},
};
use crate::{actors::Code, discourse::When};

/// A draft that a sentence tells of in words that no phrase knows.
pub(super) fn weighed(scene: &Scene<'_>, line: &Line<'_>) -> CouncilAction {
    let place = Found { first: 0, end: line.words.forms.len(), numbers: Vec::new() };
    let mut draft = scene.bare(ActionKind::Draft, line, &place);
    for text in tabled(line, scene.phrases, &[]) {
        add(&mut draft.draft.sponsors, &text.codes);
    }
    draft.draft.symbol = named(line, &scene.phrases.draft, Symbol::draft);
    scene.date_weighed(line, &mut draft);
    "council/draft/weighed".clone_into(&mut draft.rule);
    draft
}

/// Drafts on which the article tells no vote, one a set of sponsors.
pub(super) fn drafts(scene: &Scene<'_>, votes: &[Record]) -> Vec<CouncilAction> {
    let mut gatherer = Gatherer { scene, votes, found: Vec::new(), pending: None, only_awaited: true };
    let mut before = Vec::new();
    for line in scene.lines.iter().filter(|l| !l.headline) {
        let texts = tabled(line, scene.phrases, &before);
        if let Some(group) = line.groups.iter().find(|g| !g.governed) {
            before.clone_from(&group.codes);
        }
        if scene.ours[line.index] {
            gatherer.line(line, texts);
        }
    }
    gatherer.author_of_pending();
    gatherer.tell_pending();
    gatherer.actions()
}

/// Gathers drafts over the lines.
struct Gatherer<'a, 'b> {
    scene: &'a Scene<'b>,
    votes: &'a [Record],
    found: Vec<Gathered>,
    /// The first place that tells of a text without its authors.
    pending: Option<(usize, Found)>,
    /// No line tells more of such a text than that it awaits its vote.
    only_awaited: bool,
}

struct Gathered {
    action: CouncilAction,
    line: usize,
    /// A phrase tells of it, not its noun alone.
    certain: bool,
}

/// What a line tells of a text.
struct Told {
    place: Option<Found>,
    planned: bool,
    stopped: bool,
    /// By its authors.
    withdrawn: bool,
    /// Neither planned nor tabled nor stopped.
    awaited: bool,
    /// Somebody says that he will veto it.
    threatened: bool,
}

impl Gatherer<'_, '_> {
    fn line(&mut self, line: &Line<'_>, mut texts: Vec<Tabled>) {
        let told = self.told(line);
        if let Some(place) = told.place.as_ref().filter(|_| texts.is_empty()) {
            // Who stops a text or threatens it is not its author: of such a one nobody but those named elsewhere.
            let author = if told.withdrawn {
                withdrawer(self.scene, line, place)
            } else {
                subject(line, place.first).filter(|_| !told.stopped && !told.awaited && !told.threatened)
            };
            if let Some(group) = author {
                let codes = group.codes.clone();
                texts.push(Tabled { at: place.first, codes, authors: false, pronoun: false });
            } else {
                self.only_awaited &= told.awaited || told.threatened;
                self.pending.get_or_insert_with(|| (line.index, place.clone()));
            }
        }
        // "came before the Council in May and was vetoed": no draft any more.
        texts.retain(|text| !is_voted_on(self.votes, line.index, &text.codes));
        for text in texts {
            self.add(line, &told, &text);
        }
    }

    fn told(&self, line: &Line<'_>) -> Told {
        let words = &self.scene.phrases.draft;
        let no_vote = !self.votes.iter().any(|v| !v.past);
        // The phrase's own words ("a renoncé") are no condition.
        let told_as_done = |f: &Found| f.first == 0 || !self.scene.is_hypothetical(line, f.first - 1);
        let planned = said(line, &words.planned);
        let stopped = said(line, &words.stopped).filter(told_as_done);
        let done = said(line, &words.tabled).filter(told_as_done);
        let threat = said(line, &words.threatened).filter(|_| no_vote);
        let threatened = threat.is_some();
        let awaits = said(line, &words.awaits).filter(|_| no_vote).or(threat);
        let is_stopped = stopped.is_some();
        let awaited = !is_stopped && done.is_none() && planned.is_none();
        let withdrawn = stopped.is_some() && said(line, &words.withdrawn).is_some();
        let place = stopped.or(done).or(planned.clone()).or(awaits);
        // "ont annoncé qu'ils présenteraient un projet"
        let (future, conditional) = (&line.words.future, &line.words.conditional);
        let to_come = |f: &Found| (f.first..f.end).any(|at| future[at] || conditional[at]);
        let same = planned.as_ref().map(|f| f.first) == place.as_ref().map(|f| f.first);
        let planned = same || !awaited && place.as_ref().is_some_and(to_come);
        Told { planned, place, stopped: is_stopped, withdrawn, awaited, threatened }
    }

    fn add(&mut self, line: &Line<'_>, told: &Told, text: &Tabled) {
        let place =
            told.place.clone().unwrap_or(Found { first: text.at, end: text.at + 1, numbers: Vec::new() });
        let known = |d: &Gathered| d.action.draft.sponsors.iter().any(|c| text.codes.contains(c));
        let same = self.found.iter().position(known);
        let last = || self.found.len().checked_sub(1).filter(|_| text.authors);
        let index = same.or_else(last).unwrap_or_else(|| {
            let action = self.scene.bare(ActionKind::Draft, line, &place);
            self.found.push(Gathered { action, line: line.index, certain: false });
            self.found.len() - 1
        });
        let draft = &mut self.found[index];
        add(&mut draft.action.draft.sponsors, &text.codes);
        draft.name(self.scene, line);
        if told.place.is_some() && !draft.certain {
            draft.tell(self.scene, line, &place);
            if told.planned {
                draft.action.status = ActionStatus::Planned;
            } else if let Some(when) = self.scene.when(line, place.first, false).filter(|_| !told.awaited) {
                draft.action.when = when;
            }
        }
    }

    /// Where no text has its authors named beside it: the members of the line that tells of one.
    fn author_of_pending(&mut self) {
        let pending = self.pending.as_ref().filter(|_| !self.only_awaited && self.found.is_empty());
        let Some((index, place)) = pending else { return };
        let line = &self.scene.lines[*index];
        let Some(author) = line.groups.iter().find(|g| !g.governed && !g.adjective && g.votes) else {
            return;
        };
        let action = self.scene.bare(ActionKind::Draft, line, place);
        let mut draft = Gathered { action, line: line.index, certain: true };
        add(&mut draft.action.draft.sponsors, &author.codes);
        draft.name(self.scene, line);
        if let Some(when) = self.scene.when(line, 0, false) {
            draft.action.when = when;
        }
        self.found.push(draft);
    }

    /// A text told of without its authors is the first one that has some.
    fn tell_pending(&mut self) {
        let scene = self.scene;
        if let (Some((index, place)), Some(draft)) = (self.pending.take(), self.found.first_mut())
            && !draft.certain
        {
            let line = &scene.lines[index];
            draft.tell(scene, line, &place);
            draft.name(scene, line);
            draft.action.when = scene.when(line, place.first, false).unwrap_or_else(|| scene.article_date());
        }
    }

    fn actions(self) -> Vec<CouncilAction> {
        let (scene, votes) = (self.scene, self.votes);
        let voted = |draft: &Gathered| {
            let theirs = |v: &Record| v.sponsors.iter().any(|c| draft.action.draft.sponsors.contains(c));
            let of_it = |v: &Record| {
                v.sponsors.is_empty() && !are_apart(scene, &v.lines, &scene.lines[draft.line]) || theirs(v)
            };
            votes.iter().any(|v| !v.past && of_it(v))
        };
        let kept = self.found.into_iter().filter(|draft| draft.certain && !voted(draft));
        kept.map(|draft| {
            let mut action = draft.action;
            if scene.is_background(&action.when) {
                action.status = ActionStatus::Past;
            }
            "council/draft".clone_into(&mut action.rule);
            action
        })
        .collect()
    }
}

impl Gathered {
    /// The line that tells of it in a phrase stands for it.
    fn tell(&mut self, scene: &Scene<'_>, line: &Line<'_>, place: &Found) {
        self.certain = true;
        self.line = line.index;
        self.action.evidence = scene.bare(ActionKind::Draft, line, place).evidence;
        self.action.triggers = vec![line.span(place.first, place.end)];
    }

    /// Gives it the symbol that the line names.
    fn name(&mut self, scene: &Scene<'_>, line: &Line<'_>) {
        let symbol = &mut self.action.draft.symbol;
        *symbol = symbol.take().or_else(|| named(line, &scene.phrases.draft, Symbol::draft));
    }
}

/// Who withdraws a text, be it at the far end of the sentence.
fn withdrawer<'a>(scene: &Scene<'_>, line: &'a Line<'_>, place: &Found) -> Option<&'a Group> {
    let words = place.first..place.end;
    line.subject_by_tree(words, &line.groups, &scene.phrases.list, |g| !g.governed)
        .or_else(|| subject(line, place.first))
}

/// Whether a line tells of a vote on the text of these sponsors.
fn is_voted_on(votes: &[Record], line: usize, sponsors: &[Code]) -> bool {
    let theirs = |v: &Record| v.sponsors.iter().any(|c| sponsors.contains(c));
    votes.iter().any(|v| v.lines.contains(&line) && theirs(v))
}

/// The vote that a draft awaits, where the article announces one: planned, or sought by whoever threatens it.
pub(super) fn upcoming(
    scene: &Scene<'_>,
    votes: &[Record],
    drafts: &[CouncilAction],
) -> Option<CouncilAction> {
    let words = &scene.phrases.draft;
    let draft = drafts.iter().find(|d| d.action == ActionKind::Draft && d.status != ActionStatus::Past)?;
    let stopped = scene.council_lines().any(|l| said(l, &words.stopped).is_some());
    if stopped || votes.iter().any(|v| !v.past) {
        return None;
    }
    let lines = || scene.council_lines();
    // "Aucune date n'a été fixée pour un vote."
    let denied = |l: &Line<'_>, f: &Found| {
        let told = l.clause_start(f.first)..f.end;
        l.words.forms[told].iter().any(|w| scene.phrases.time.negation.contains(w))
    };
    let told = |set| lines().find_map(|l| Some((l, said(l, set).filter(|f| !denied(l, f))?)));
    let announced = told(&words.awaits);
    let threat = told(&words.threatened);
    let (line, place) = announced.clone().or(threat.clone())?;
    let mut vote = scene.bare(ActionKind::Vote, line, &place);
    vote.outcome = Some(Outcome::Unknown);
    vote.status = if threat.is_some() { ActionStatus::Sought } else { ActionStatus::Planned };
    vote.when = lines()
        .filter(|l| said(l, &words.awaits).is_some())
        .find_map(|line| scene.coming(line))
        .unwrap_or(When { date: None, ..scene.article_date() });
    vote.draft = draft.draft.clone();
    "council/vote-to-come".clone_into(&mut vote.rule);
    Some(vote)
}
