//! A sentence made ready for the Council's phrases: words, states, lists of states, dates.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{
    Members,
    pattern::Words,
    phrases::{ListWords, Phrases},
};
use crate::{
    actors::{ActorKind, Code, Mention, Via},
    discourse::{
        reading::quoted,
        time::{TimeExpression, TimeResolver},
    },
    syntax::{Deprel, Tree, Upos},
    text::{Document, Field, Sentence, Span},
};

/// A state, or another actor, that a sentence names.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub first: usize,
    pub end: usize,
    pub code: Code,
    pub kind: ActorKind,
    pub via: Via,
    /// A power that acts, not a mere place.
    pub acts: bool,
}

/// States named in a row: "la Chine, l'Inde et les Emirats".
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub first: usize,
    pub end: usize,
    pub codes: Vec<Code>,
    /// A preposition governs it: no subject.
    pub governed: bool,
    /// An adjective at its noun ("le texte français"): no subject.
    pub adjective: bool,
    /// Begins a range of voters (", du Canada à la Malaisie").
    pub range: bool,
    /// Governed by a preposition that every name of a list needs.
    pub repeated: bool,
    /// One of them at least is a member.
    pub votes: bool,
    /// A relative pronoun follows: whatever governs it, it is the subject of what comes next.
    pub relative: bool,
}

#[derive(Debug)]
pub(super) struct Line<'a> {
    pub index: usize,
    pub sentence: &'a Sentence,
    pub words: Words,
    pub named: Vec<Named>,
    pub groups: Vec<Group>,
    pub times: Vec<TimeExpression>,
    /// Whether each token stands in quotation marks.
    pub quoted: Vec<bool>,
    pub headline: bool,
    pub tree: Option<&'a Tree>,
}

impl<'a> Line<'a> {
    pub(super) fn all(
        document: &'a Document,
        trees: &'a [Tree],
        mentions: &[Mention],
        times: &TimeResolver,
        phrases: &Phrases,
        is_member: impl Fn(&Code) -> bool,
    ) -> Vec<Self> {
        let mut by_sentence: FxHashMap<usize, Vec<Named>> = FxHashMap::default();
        for mention in mentions {
            by_sentence.entry(mention.sentence).or_default().push(Named {
                first: mention.first,
                end: mention.end,
                code: mention.code.clone(),
                kind: mention.kind,
                via: mention.via,
                acts: mention.can_hold,
            });
        }
        let mut quoted = quoted(document).into_iter();
        document
            .sentences
            .iter()
            .enumerate()
            .map(|(index, sentence)| {
                let mut named = by_sentence.remove(&index).unwrap_or_default();
                named.extend(shared_names(sentence, &named, phrases, &is_member));
                named.sort_by_key(|n| (n.first, n.end));
                let mut words = words(sentence, trees.get(index), &named, phrases);
                if give_back_verbs(&mut named, &words, phrases) {
                    words.state_end = state_ends(&named);
                }
                let groups = groups(&words, &named, &phrases.list, &is_member);
                words.asides = asides(&words, &groups, &phrases.list);
                Self {
                    index,
                    sentence,
                    named,
                    groups,
                    times: times.expressions(&sentence.tokens),
                    quoted: quoted.next().unwrap_or_default(),
                    headline: sentence.span.field == Field::Headline,
                    tree: trees.get(index).filter(|t| t.nodes.len() == sentence.tokens.len()),
                    words,
                }
            })
            .collect()
    }

    pub(super) fn span(&self, first: usize, end: usize) -> Span {
        let tokens = &self.sentence.tokens;
        let start = tokens.get(first).map_or(self.sentence.span.start, |t| t.start);
        let end = tokens.get(end.saturating_sub(1)).map_or(self.sentence.span.end, |t| t.end);
        Span { field: self.sentence.span.field, start, end }
    }

    pub(super) fn form(&self, at: usize) -> &str {
        self.words.forms.get(at).map_or("", String::as_str)
    }

    /// Index of the token that begins the clause of `at`: after the last comma, semicolon, colon or dash.
    pub(super) fn clause_start(&self, at: usize) -> usize {
        (0..at)
            .rev()
            .find(|i| matches!(self.form(*i), "," | ";" | ":" | "." | "-" | "–" | "—" | "(" | ")"))
            .map_or(0, |i| i + 1)
    }

    /// The tokens of its clause before `at`, `reach` of them at most.
    pub(super) fn back(&self, at: usize, reach: usize) -> std::ops::Range<usize> {
        self.clause_start(at).max(at.saturating_sub(reach))..at
    }

    /// Whether words of condition or wish stand in a range: not "In May 1993 it vetoed".
    pub(super) fn is_unreal(&self, range: std::ops::Range<usize>, phrases: &Phrases) -> bool {
        let mut from = range.start;
        for time in self.times.iter().filter(|t| range.contains(&t.first) && t.end <= range.end) {
            if phrases.time.unreal(&self.words, from..time.first) {
                return true;
            }
            from = time.end;
        }
        phrases.time.unreal(&self.words, from..range.end)
    }

    /// Whether a clause that begins at a token is a relative one behind a comma.
    pub(super) fn opens_relative(&self, clause: usize, list: &ListWords) -> bool {
        clause > 0 && self.form(clause - 1) == "," && list.relatives.contains(self.form(clause))
    }

    pub(super) fn is_noun(&self, at: usize) -> bool {
        self.tree.is_some_and(|tree| tree.nodes[at].upos == Upos::Noun)
    }

    /// The noun that does what the verb at a token says, as the tree has it.
    fn doer(&self, verb: usize, list: &ListWords) -> Option<usize> {
        let tree = self.tree?;
        let mut at = verb;
        for _ in 0..CLIMB {
            let own = tree.children(at).iter().copied().find(|c| tree.nodes[*c].deprel == Deprel::Nsubj);
            let node = &tree.nodes[at];
            match own {
                Some(own) if !list.relatives.contains(self.form(own)) => return Some(own),
                Some(_) if node.deprel == Deprel::AclRelcl => return node.head,
                _ => {}
            }
            match node.deprel {
                Deprel::Acl | Deprel::AclRelcl => return node.head,
                Deprel::Conj | Deprel::Xcomp | Deprel::Advcl | Deprel::Ccomp => at = node.head?,
                _ => return None,
            }
        }
        None
    }

    /// Which of the lists does what the words of a range say: named itself, or as whose envoy it is.
    pub(super) fn subject_by_tree<'g>(
        &self,
        words: std::ops::Range<usize>,
        groups: &'g [Group],
        list: &ListWords,
        may_be: impl Fn(&Group) -> bool,
    ) -> Option<&'g Group> {
        let tree = self.tree?;
        let verb = words.into_iter().find(|i| matches!(tree.nodes[*i].upos, Upos::Verb | Upos::Adj))?;
        let doer = self.doer(verb, list)?;
        let at = |node: usize| {
            let holds = |g: &&Group| may_be(g) && g.first <= node && node < g.end;
            groups.iter().filter(holds).find(|g| !self.leaves_out(g, list))
        };
        let beside = || {
            let children = tree.children(doer).iter().copied();
            children
                .filter(|c| {
                    matches!(
                        tree.nodes[*c].deprel,
                        Deprel::Nmod | Deprel::Amod | Deprel::Appos | Deprel::Flat
                    )
                })
                .find_map(at)
        };
        at(doer).or_else(beside)
    }

    /// "All members except Russia backed it": whether these are the ones left out.
    pub(super) fn leaves_out(&self, group: &Group, list: &ListWords) -> bool {
        let parts = |w: &str| list.articles.contains(w) || list.prepositions.contains(w);
        let mut before = (group.first.saturating_sub(3)..group.first).rev();
        let excepting = |at: &usize| list.excepting.contains(self.form(*at));
        let word = before.find(|at| excepting(at) || !parts(self.form(*at))).filter(excepting);
        // "to bar Somalia from exporting": a verb.
        word.is_some_and(|at| at == 0 || !list.prepositions.contains(self.form(at - 1)))
    }
}

/// How many verbs a subject may be looked for above.
const CLIMB: usize = 4;

/// Names that several states share, where one of these is a member.
fn shared_names(
    sentence: &Sentence,
    named: &[Named],
    phrases: &Phrases,
    is_member: &impl Fn(&Code) -> bool,
) -> Vec<Named> {
    let free = |at: usize| !named.iter().any(|n| n.first <= at && at < n.end);
    let tokens = sentence.tokens.iter().enumerate().filter(|(at, _)| free(*at));
    tokens
        .filter_map(|(at, token)| {
            let codes = phrases.ambiguous.get(&token.form.to_lowercase())?;
            let code = codes.iter().map(|c| Code::from(c.as_str())).find(is_member)?;
            Some(Named { first: at, end: at + 1, code, kind: ActorKind::State, via: Via::Name, acts: true })
        })
        .collect()
}

fn words(sentence: &Sentence, tree: Option<&Tree>, named: &[Named], phrases: &Phrases) -> Words {
    let forms: Vec<String> = sentence.tokens.iter().map(|t| t.form.to_lowercase()).collect();
    let lemmas = match tree.filter(|t| t.nodes.len() == forms.len()) {
        Some(tree) => tree.nodes.iter().map(|n| n.lemma.to_lowercase()).collect(),
        None => forms.clone(),
    };
    let number =
        |f: &String| phrases.numbers.get(f).copied().or_else(|| f.parse().ok().filter(|n: &u8| *n <= 15));
    // "Twenty-three countries": not three.
    let ends_larger = |at: usize| at > 1 && forms[at - 1] == "-" && phrases.tens.contains(&forms[at - 2]);
    let numbers = forms.iter().enumerate().map(|(at, f)| number(f).filter(|_| !ends_larger(at))).collect();
    let state_end = state_ends(named);
    let inflected = |endings: &[String]| {
        forms.iter().zip(&lemmas).map(|(form, lemma)| is_inflected(form, lemma, endings)).collect()
    };
    let future = inflected(&phrases.time.future_endings);
    let conditional = inflected(&phrases.time.conditional_endings);
    let adverb = |i: usize| tree.is_some_and(|t| t.nodes.get(i).is_some_and(|n| n.upos == Upos::Adv));
    let weakens = |w: &String| phrases.time.negation.contains(w) || phrases.time.hedges.contains(w);
    let adverbs = (0..forms.len()).map(|i| adverb(i) && !weakens(&forms[i])).collect();
    Words { forms, lemmas, state_end, numbers, future, conditional, adverbs, asides: FxHashMap::default() }
}

fn state_ends(named: &[Named]) -> FxHashMap<usize, usize> {
    named.iter().filter(|n| n.kind == ActorKind::State).map(|n| (n.first, n.end)).collect()
}

/// "three - China, Russia and Bolivia - against": where a list begins that marks set off, and where it ends.
fn asides(words: &Words, groups: &[Group], list: &ListWords) -> FxHashMap<usize, usize> {
    let form = |at: usize| words.forms.get(at).map_or("", String::as_str);
    let closes = |open: usize, at: usize| match form(open) {
        "(" => form(at) == ")",
        mark => matches!(mark, "-" | "--" | "–" | "—") && form(at) == mark,
    };
    let aside = |g: &Group| {
        let before = g.first.checked_sub(1)?;
        let open = before.checked_sub(usize::from(list.articles.contains(form(before))))?;
        closes(open, g.end).then_some((open, g.end + 1))
    };
    groups.iter().filter_map(aside).collect()
}

/// "The Indian delegate abstained.": a verb that was taken for the delegate's name. Returns whether there was one:
/// then the words know another end of the name.
fn give_back_verbs(named: &mut [Named], words: &Words, phrases: &Phrases) -> bool {
    let mut found = false;
    for name in named.iter_mut().filter(|n| n.end > n.first + 1) {
        if phrases.position.begin_at(words, name.end - 1) {
            name.end -= 1;
            found = true;
        }
    }
    found
}

/// Whether a form is the whole infinitive, but for its last e, with one of the endings: "mettr-ont", not "retir-ait".
fn is_inflected(form: &str, lemma: &str, endings: &[String]) -> bool {
    let stem = lemma.strip_suffix('e').unwrap_or(lemma);
    stem.len() > 2 && form.strip_prefix(stem).is_some_and(|rest| endings.iter().any(|e| e == rest))
}

fn groups(
    words: &Words,
    named: &[Named],
    list: &ListWords,
    is_member: &impl Fn(&Code) -> bool,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for name in named.iter().filter(|n| n.kind == ActorKind::State) {
        let joined = groups.last().is_some_and(|g| {
            // "contre l'Irak, Cuba et le Yémen": what a preposition governs ends where members begin.
            // "à la demande du Koweït et des Etats-Unis": unless the member has its own preposition.
            let outside = g.governed
                && is_member(&name.code)
                && !g.codes.iter().any(is_member)
                && !(g.repeated && is_repeated(words, name.first, list));
            let alone = g.repeated && governed(words, name.first, list) == Governed::No && !g.range;
            // "le texte britannique, la Russie et la Chine": what describes a text is no member of the list behind it.
            let described = g.adjective && name.via != Via::Adjective;
            let breaks = outside || alone || described;
            joins(words, g.end, name.first, g.range, list) && !breaks
        });
        if let Some(group) = groups.last_mut().filter(|_| joined) {
            group.end = name.end;
            group.votes |= is_member(&name.code);
            if !group.codes.contains(&name.code) {
                group.codes.push(name.code.clone());
            }
            continue;
        }
        if groups.last().is_some_and(|g| name.first < g.end) {
            continue;
        }
        groups.push(Group {
            first: name.first,
            end: name.end,
            codes: vec![name.code.clone()],
            governed: governed(words, name.first, list) == Governed::Yes,
            adjective: is_adjective(words, name, list),
            range: governed(words, name.first, list) == Governed::Range,
            repeated: is_repeated(words, name.first, list),
            votes: is_member(&name.code),
            relative: false,
        });
    }
    for group in &mut groups {
        let next = words.forms.get(group.end).map_or("", String::as_str);
        let after = words.forms.get(group.end + 1).map_or("", String::as_str);
        group.relative = list.relatives.contains(next) || next == "," && list.relatives.contains(after);
    }
    groups
}

fn is_adjective(words: &Words, name: &Named, list: &ListWords) -> bool {
    let before = name.first.checked_sub(1).map_or("", |i| words.forms[i].as_str());
    let opens =
        |word: &str| list.articles.contains(word) || list.indefinite.contains(word) || word.is_empty();
    let compound = words.forms.get(name.end).is_some_and(|w| w == "-");
    compound
        || name.via == Via::Adjective && !opens(before) && !opens(&words.forms[name.first]) && before != ","
}

/// Tokens between two members of a list: "and, to nobody's surprise, the".
const LONGEST_JOIN: usize = 8;

/// Whether only words that join names stand between two of them.
fn joins(words: &Words, from: usize, to: usize, range: bool, list: &ListWords) -> bool {
    if from > to || to - from > LONGEST_JOIN {
        return false;
    }
    let mut at = from;
    let mut other = from == to;
    while at < to {
        if let Some(found) = list.joins.at(words, at).filter(|f| f.end <= to) {
            at = found.end;
            other = true;
        } else if list.connectors.contains(&words.forms[at]) {
            other |= !is_genitive(&words.forms[at], list) || range && list.range.contains(&words.forms[at]);
            at += 1;
        } else {
            return false;
        }
    }
    other
}

/// "la décision de la Chine": a name after a bare preposition is no further member of the list.
fn is_genitive(word: &str, list: &ListWords) -> bool {
    list.prepositions.contains(word) || list.articles.contains(word)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Governed {
    Yes,
    No,
    Range,
}

fn is_repeated(words: &Words, first: usize, list: &ListWords) -> bool {
    let form = |back: usize| first.checked_sub(back).map_or("", |i| words.forms[i].as_str());
    list.repeated.contains(form(1)) || list.articles.contains(form(1)) && list.repeated.contains(form(2))
}

/// Whether a preposition stands before a name; an article may part them, or belong to the name.
fn governed(words: &Words, first: usize, list: &ListWords) -> Governed {
    let form = |back: usize| first.checked_sub(back).map_or("", |i| words.forms[i].as_str());
    let (at, before) = if list.articles.contains(form(1)) { (form(2), form(3)) } else { (form(1), form(2)) };
    match (list.prepositions.contains(at), before) {
        (true, ",") => Governed::Range,
        (true, _) => Governed::Yes,
        (false, _) => Governed::No,
    }
}

/// The seats behind codes on a day; every code where the members are not known.
pub(super) fn seats(codes: &[Code], day: Option<Date>, members: &Members) -> Vec<Code> {
    let known = day.filter(|d| !members.on(*d).is_empty());
    let mut found: Vec<Code> = Vec::new();
    for code in codes {
        let seat = match known {
            Some(day) => members.seat(code, day),
            None => Some(code.clone()),
        };
        if let Some(seat) = seat.filter(|s| !found.contains(s)) {
            found.push(seat);
        }
    }
    found
}
