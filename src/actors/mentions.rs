//! Names and role phrases of an article to [`Mention`]s.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{
    ActorKind, Code, Context, Gazetteer, Mention, Nature, Via,
    line::Line,
    names::{OTHER, Usage},
    phrases::Phrase,
    registry::{Known, Registry, owners},
    senses::Name,
};
use crate::{
    syntax::{Tree, Upos},
    text::{Document, Span},
};

/// A mention whose code may still be open.
pub(super) struct Draft {
    pub(super) sentence: usize,
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) head: usize,
    /// Empty while open.
    pub(super) codes: Arc<[Code]>,
    pub(super) via: Via,
    pub(super) person: Option<Arc<str>>,
    pub(super) role: Option<String>,
    pub(super) office: Option<Arc<str>>,
    /// Open: to be taken from the last mention of that office, or (`bare`) from the article's country.
    pub(super) bare: bool,
    /// Its role is another's ("le porte-parole du gouvernement"): no earlier bearer of the outer role settles it.
    pub(super) nested: bool,
    /// Subject of its clause: likelier to be meant by a later "le président".
    pub(super) subject: bool,
    pub(super) can_hold: bool,
    pub(super) nature: Nature,
}

impl Gazetteer {
    /// Mentions of actors in an article, in reading order. `trees` has one tree a sentence; sentences without one
    /// are read by their words alone. `when` is the day on which office-holders are looked up: first publication.
    ///
    /// A phrase that names several actors ("les ministres français et allemand") gives one mention each, with the same head.
    pub fn mentions(
        &self,
        document: &Document,
        trees: &[Tree],
        when: Option<Date>,
        context: &Context,
    ) -> Vec<Mention> {
        let names = self.names_in(document, trees);
        let lines: Vec<Line> = document
            .sentences
            .iter()
            .zip(&names)
            .enumerate()
            .map(|(i, (sentence, names))| Line::new(sentence, trees.get(i), names))
            .collect();
        let phrases: Vec<Vec<Phrase>> = lines.iter().map(|line| self.phrases(line)).collect();
        let own = self.own_country(&names, document, context);
        let mut registry = Registry::new(when);
        for (line, phrases) in lines.iter().zip(&phrases) {
            self.introduce(line, phrases, own.as_ref(), &mut registry);
        }
        let mut drafts = Vec::new();
        for (sentence, (line, phrases)) in lines.iter().zip(&phrases).enumerate() {
            let start = drafts.len();
            for phrase in phrases {
                self.draft_phrase(sentence, line, phrase, &registry, &mut drafts);
            }
            self.draft_names(sentence, line, &registry, &mut drafts, start);
            drafts[start..].sort_by_key(|d: &Draft| (d.first, d.end));
        }
        settle(&mut drafts, own.as_ref());
        drafts.iter().flat_map(|draft| self.publish(document, &lines[draft.sentence], draft)).collect()
    }

    fn publish(&self, document: &Document, line: &Line, draft: &Draft) -> Vec<Mention> {
        let tokens = &line.sentence.tokens[draft.first..draft.end];
        let (Some(start), Some(end)) = (tokens.first(), tokens.last()) else { return Vec::new() };
        let span = Span { field: line.sentence.span.field, start: start.start, end: end.end };
        let with_allies = self.with_allies(line, draft.end);
        let mention = |code: &Code| Mention {
            sentence: draft.sentence,
            first: draft.first,
            end: draft.end,
            head: draft.head,
            code: code.clone(),
            kind: self.kind(code),
            via: draft.via,
            name: document.slice(span).to_owned(),
            person: draft.person.as_deref().map(str::to_owned),
            role: draft.role.clone(),
            office: draft.office.clone(),
            nature: draft.nature,
            can_hold: draft.can_hold,
            with_allies,
            span,
        };
        draft.codes.iter().map(mention).collect()
    }

    /// What a code stands for; a code of no table is [`ActorKind::Other`].
    pub fn kind(&self, code: &str) -> ActorKind {
        self.kinds.get(code).copied().unwrap_or(ActorKind::Other)
    }

    pub(super) fn code(&self, code: &str) -> Code {
        self.kinds.get_key_value(code).map_or_else(|| code.into(), |(known, _)| known.clone())
    }

    pub(super) fn other(&self) -> Arc<[Code]> {
        Arc::new([self.code(OTHER)])
    }

    /// "et ses alliés" right after a mention.
    fn with_allies(&self, line: &Line, end: usize) -> bool {
        self.words.conjunctions.contains(&line.lower(end))
            && self.words.possessives.contains(&line.lower(end + 1))
            && (self.words.allies.contains(&line.lower(end + 2))
                || self.words.allies.contains(&line.lower(end + 3)))
    }

    fn draft_phrase(
        &self,
        sentence: usize,
        line: &Line,
        phrase: &Phrase,
        registry: &Registry,
        drafts: &mut Vec<Draft>,
    ) {
        let role = &self.roles[phrase.role];
        let definite = self.words.definite.contains(&line.lower(phrase.title_first))
            || phrase
                .title_first
                .checked_sub(1)
                .is_some_and(|i| self.words.definite.contains(&line.lower(i)));
        let owners = owners(line, phrase, registry);
        let count = owners.len().max(1);
        let words = |from: usize, to: usize| {
            let forms = line.sentence.tokens.get(from..to).unwrap_or_default();
            forms.iter().fold(String::new(), |text, t| text + &t.form + if t.space_after { " " } else { "" })
        };
        for i in 0..count {
            let bearer =
                phrase.bearers.get(i).or(if count == 1 { phrase.bearers.first() } else { None }).copied();
            let person = bearer.map(|(from, to)| words(from, to).trim().to_owned());
            let known = person.as_deref().and_then(|p| registry.find(p));
            let codes = if phrase.nobody {
                known
                    .filter(|k| k.from_table && !is_other(&k.codes))
                    .map_or_else(|| self.other(), |k| k.codes.clone())
            } else if let Some(owner) = owners.get(i) {
                owner.clone()
            } else {
                known.map_or_else(
                    || if person.is_some() && !phrase.bare { self.other() } else { Arc::new([]) },
                    |k| k.codes.clone(),
                )
            };
            let alone = person.is_none() && owners.is_empty();
            let partitive =
                phrase.first.checked_sub(1).is_some_and(|i| self.words.of.contains(&line.lower(i)));
            let marked =
                phrase.first < phrase.noun.0 || definite || partitive || line.is_capital(phrase.noun.0);
            if alone && (codes.is_empty() && !definite || phrase.nobody && !marked) {
                continue;
            }
            let head = line.head(phrase.first, phrase.end, phrase.noun.0);
            drafts.push(Draft {
                sentence,
                first: phrase.first,
                end: phrase.end,
                head,
                codes,
                via: Via::Title,
                person: known.and_then(|k| k.person.clone()).or_else(|| person.map(Into::into)),
                role: Some(words(phrase.title_first, phrase.title_end).trim().to_owned()),
                office: Some(role.office.clone()),
                bare: phrase.bare,
                nested: phrase.nested,
                subject: line.is_subject(head),
                can_hold: true,
                nature: if bearer.is_some() || !role.body { Nature::Person } else { Nature::Body },
            });
        }
    }

    fn draft_names(
        &self,
        sentence: usize,
        line: &Line,
        registry: &Registry,
        drafts: &mut Vec<Draft>,
        start: usize,
    ) {
        let mut at = 0;
        while at < line.len() {
            if let Some(end) =
                drafts[start..].iter().filter(|d| d.first <= at && at < d.end).map(|d| d.end).max()
            {
                at = end;
                continue;
            }
            let end = self.draft_name(sentence, line, at, registry, drafts);
            at = end.max(at + 1);
        }
    }

    fn draft_name(
        &self,
        sentence: usize,
        line: &Line,
        at: usize,
        registry: &Registry,
        drafts: &mut Vec<Draft>,
    ) -> usize {
        let draft = |end: usize, codes: &Arc<[Code]>, via: Via| Draft {
            sentence,
            first: at,
            end,
            head: line.head(at, end, at),
            codes: codes.clone(),
            via,
            person: None,
            role: None,
            office: None,
            bare: false,
            nested: false,
            subject: false,
            can_hold: !self.is_place(line, at),
            nature: Nature::Country,
        };
        if let Some(name) = line.name_at(at) {
            let end = name.end;
            let made = match name.usage {
                Usage::Nobody | Usage::Role(_) => return end,
                Usage::Person(_) => return self.draft_person(sentence, line, at, registry, drafts),
                Usage::Name => draft(end, &name.codes, Via::Name),
                Usage::Organ => {
                    Draft { nature: Nature::Body, can_hold: true, ..draft(end, &name.codes, Via::Name) }
                }
                Usage::Short => Draft { nature: Nature::Body, ..draft(end, &name.codes, Via::Coreference) },
                Usage::Capital => draft(end, &name.codes, Via::Capital),
                Usage::Place => Draft { can_hold: false, ..draft(end, &name.codes, Via::Name) },
                Usage::Adjective if self.is_vague_group(line, name) => return end,
                Usage::Adjective => {
                    Draft { can_hold: false, head: at, ..draft(end, &name.codes, Via::Adjective) }
                }
                Usage::People => self.people(line, name, registry, draft(end, &name.codes, Via::Name)),
            };
            let end = made.end;
            drafts.push(self.with_determiner(line, made));
            return end;
        }
        self.draft_person(sentence, line, at, registry, drafts)
    }

    /// "l'Américaine Linda Thomas-Greenfield" speaks for the state; "des Américains" are people.
    fn people(&self, line: &Line, name: &Name, registry: &Registry, draft: Draft) -> Draft {
        let before = name.first.checked_sub(1).map(|i| line.lower(i)).unwrap_or_default();
        let bearer = line.person_name(name.end, &self.words);
        if self.words.singular.contains(&before) {
            let text = bearer.map(|(from, to)| line_text(line, from, to));
            let known = text.as_deref().and_then(|t| registry.find(t));
            let end = bearer.map_or(draft.end, |b| b.1);
            let person = known.and_then(|k| k.person.clone()).or_else(|| text.map(Into::into));
            let codes = known.filter(|_| bearer.is_some()).map_or(draft.codes, |k| k.codes.clone());
            return Draft {
                end,
                codes,
                person,
                via: Via::Title,
                nature: Nature::Person,
                head: line.head(draft.first, end, draft.head),
                ..draft
            };
        }
        let genitive = self.words.of.contains(&before)
            && name.first.checked_sub(2).is_some_and(|i| line.upos(i) == Some(Upos::Noun));
        let known = self.words.definite.contains(&before) || genitive;
        Draft { can_hold: draft.can_hold && known, nature: Nature::People, ..draft }
    }

    fn draft_person(
        &self,
        sentence: usize,
        line: &Line,
        at: usize,
        registry: &Registry,
        drafts: &mut Vec<Draft>,
    ) -> usize {
        // A person introduced before is known even where the tagger takes the capital for that of a sentence's first word.
        let introduced = line.is_capital(at) && !line.name_over(at) && registry.find(line.form(at)).is_some();
        let name = line.person_name(at, &self.words).or_else(|| introduced.then_some((at, at + 1)));
        let Some((first, end)) = name else { return at + 1 };
        let text = line_text(line, first, end);
        let titled = first > at;
        let known = registry.find(&text).or_else(|| if titled { registry.find_titled(&text) } else { None });
        let by_table = || if titled { self.by_surname(&text, registry.when()) } else { None };
        let found: Option<Known> = known.cloned().or_else(by_table);
        if found.is_none() && !titled && self.is_mere_word(line, first, end) {
            return end;
        }
        let (codes, person, role, office) = match found {
            Some(k) => (k.codes, k.person, k.role, k.office),
            None => (self.other(), titled.then(|| text.as_str().into()), None, None),
        };
        let nature = if person.is_some() { Nature::Person } else { Nature::Body };
        let via = if person.is_some() { Via::Person } else { Via::Name };
        let head = line.head(at, end, first);
        drafts.push(Draft {
            sentence,
            first: at,
            end,
            head,
            codes,
            via,
            person,
            role,
            office,
            bare: false,
            nested: false,
            subject: line.is_subject(head),
            can_hold: true,
            nature,
        });
        end
    }

    /// An unknown word with a capital that hardly names an actor: a place, a label before a colon, a thing with an article.
    fn is_mere_word(&self, line: &Line, first: usize, end: usize) -> bool {
        let label = first == 0 && line.form(end) == ":";
        let single = end - first == 1;
        let acronym = line.form(first).chars().all(|c| c.is_uppercase() || c == '-');
        let article = first.checked_sub(1).is_some_and(|i| self.words.determiners.contains(&line.lower(i)));
        self.is_place(line, first) || single && (label || article && !acronym)
    }

    /// Takes a determiner before a name into the mention.
    fn with_determiner(&self, line: &Line, draft: Draft) -> Draft {
        let takes = !matches!(draft.via, Via::Adjective);
        match draft.first.checked_sub(1) {
            Some(before) if takes && self.words.determiners.contains(&line.lower(before)) => {
                Draft { first: before, ..draft }
            }
            _ => draft,
        }
    }

    /// Whether the words before make a place of a name ("à Paris", "en France").
    fn is_place(&self, line: &Line, at: usize) -> bool {
        let mut before = at.checked_sub(1);
        if let Some(i) = before.filter(|i| self.words.determiners.contains(&line.lower(*i))) {
            before = i.checked_sub(1);
        }
        before.is_some_and(|i| self.words.locative.contains(&line.lower(i)))
    }

    /// The state that a bare "le gouvernement" is of: the dateline's, else the one the article names most, else the provider's.
    fn own_country(&self, names: &[Vec<Name>], document: &Document, context: &Context) -> Option<Code> {
        let dateline = context.dateline.as_deref().or(document.dateline.as_deref());
        if let Some(code) = dateline.and_then(|place| self.state_of_place(place)) {
            return Some(code);
        }
        let mut counts: FxHashMap<&Code, (usize, usize)> = FxHashMap::default();
        let inside = |u: Usage| !matches!(u, Usage::Nobody | Usage::Role(_) | Usage::Person(_));
        for (order, name) in names.iter().flatten().filter(|n| inside(n.usage)).enumerate() {
            for code in name.codes.iter().filter(|c| self.kind(c) == ActorKind::State) {
                counts.entry(code).or_insert((0, order)).0 += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first)));
        most.map(|(code, _)| code.clone()).or_else(|| context.provider.clone())
    }
}

pub(super) fn is_other(codes: &[Code]) -> bool {
    codes.iter().all(|c| &**c == OTHER)
}

pub(super) fn line_text(line: &Line, from: usize, to: usize) -> String {
    let forms = line.sentence.tokens.get(from..to).unwrap_or_default();
    let mut text =
        forms.iter().fold(String::new(), |text, t| text + &t.form + if t.space_after { " " } else { "" });
    text.truncate(text.trim_end().len());
    text
}

/// The last mention of an office.
struct Last {
    sentence: usize,
    subject: bool,
    codes: Arc<[Code]>,
    person: Option<Arc<str>>,
}

/// Gives open mentions the code of the last mention of their office (a subject's rather than another's right after it),
/// else the article's own country; drops the rest.
fn settle(drafts: &mut Vec<Draft>, own: Option<&Code>) {
    let mut last: FxHashMap<Arc<str>, Last> = FxHashMap::default();
    for draft in drafts.iter_mut() {
        let Some(office) = draft.office.clone() else { continue };
        if !draft.codes.is_empty() {
            let weaker = |l: &Last| l.subject && !draft.subject && draft.sentence <= l.sentence + 1;
            if !is_other(&draft.codes) && !last.get(&office).is_some_and(weaker) {
                let (codes, person) = (draft.codes.clone(), draft.person.clone());
                last.insert(office, Last { sentence: draft.sentence, subject: draft.subject, codes, person });
            }
        } else if let Some(Last { codes, person, .. }) = last.get(&office).filter(|_| !draft.nested) {
            draft.codes = codes.clone();
            draft.via = Via::Coreference;
            if draft.person.is_none() && draft.nature == Nature::Person {
                draft.person.clone_from(person);
            }
        } else if let Some(own) = own.filter(|_| draft.bare) {
            draft.codes = Arc::new([own.clone()]);
        }
    }
    drafts.retain(|draft| !draft.codes.is_empty());
}
