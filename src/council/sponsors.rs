//! Who tabled a text: "le projet américain", "a text by France", "présentée par l'Albanie".

use super::{
    line::{Group, Line, Named},
    pattern::Found,
    phrase_set::PhraseSet,
    phrases::Phrases,
    scene::add,
};
use crate::actors::{ActorKind, Code, Via};

/// A text that a sentence names, with those who tabled it.
#[derive(Debug, Clone)]
pub(super) struct Tabled {
    /// Token of the noun, or of the phrase that names the sponsors.
    pub at: usize,
    pub codes: Vec<Code>,
    /// Told by a word for its authors, who may join those known already.
    pub authors: bool,
    /// Told by a pronoun for a second text ("celui de la Russie").
    pub pronoun: bool,
}

/// Texts with their sponsors in reading order. `before`: the states named last before the sentence, for "son projet".
pub(super) fn tabled(line: &Line<'_>, phrases: &Phrases, before: &[Code]) -> Vec<Tabled> {
    let mut found = at_nouns(line, phrases, before);
    found.extend(behind_by(line, phrases));
    found.extend(joined(line, phrases));
    found.extend(beside_authors(line, phrases));
    for text in pronouns(line, phrases, &found).into_iter().chain(authored(line, phrases)) {
        if !found.iter().any(|t| t.codes == text.codes) {
            found.push(text);
        }
    }
    found.sort_by_key(|t| t.at);
    found
}

/// "le projet américain", "son propre projet".
fn at_nouns(line: &Line<'_>, phrases: &Phrases, before: &[Code]) -> Vec<Tabled> {
    let nouns = phrases.draft.nouns.find(&line.words).into_iter();
    nouns
        .filter_map(|noun| {
            let codes = beside(line, noun.first, noun.end, phrases)
                .or_else(|| possessed(line, noun.first, phrases, before))?;
            Some(Tabled { at: noun.first, codes, authors: false, pronoun: false })
        })
        .collect()
}

/// "présenté par la France", "written jointly with Albania".
fn behind_by(line: &Line<'_>, phrases: &Phrases) -> Vec<Tabled> {
    let mut found = Vec::new();
    for (set, authors) in [(&phrases.draft.by, false), (&phrases.draft.joint, true)] {
        for by in set.find(&line.words) {
            let group = line.groups.iter().find(|g| g.first >= by.end && g.first <= by.end + 2);
            // "outre ses cinq auteurs, la Chine et la Suède ont voté pour": the voters besides them.
            let vote = |g: &&Group| (g.end..g.end + 2).any(|at| phrases.position.begin_at(&line.words, at));
            let others = phrases.draft.other_authors.at(&line.words, by.first).is_some();
            let group = group.filter(|g| !(others && vote(g)));
            let codes = group
                .map(|g| whole_list(line, g, phrases))
                .or_else(|| listed(line, by.end, phrases).map(|g| g.codes.clone()));
            // "les Etats-Unis et la France, qui ont rédigé le texte avec la Belgique"
            let antecedent =
                || line.groups.iter().rfind(|g| g.end <= by.first && g.relative && by.first - g.end <= 8);
            let own = antecedent().filter(|_| authors).map(|g| g.codes.clone()).unwrap_or_default();
            if let Some(mut codes) = codes {
                add(&mut codes, &own);
                found.push(Tabled { at: by.first, codes, authors, pronoun: false });
            }
        }
    }
    found
}

/// "parrainée par la France, à laquelle s'est jointe la Belgique".
fn joined(line: &Line<'_>, phrases: &Phrases) -> Vec<Tabled> {
    let mut found = Vec::new();
    for joined in phrases.list.joined.find(&line.words) {
        let group = line.groups.iter().find(|g| g.first >= joined.end && g.first <= joined.end + 2);
        if let Some(group) = group.filter(|_| are_joined(line, phrases, 0..joined.first)) {
            let codes = group.codes.clone();
            found.push(Tabled { at: joined.first, codes, authors: true, pronoun: false });
        }
    }
    found
}

/// "La France, auteur du texte": the states beside a word for authors.
fn beside_authors(line: &Line<'_>, phrases: &Phrases) -> Vec<Tabled> {
    let mut found = Vec::new();
    for authors in phrases.draft.authors.find(&line.words) {
        let around = authors.first.saturating_sub(4)..authors.end;
        if phrases.draft.other_authors.within(&line.words, around) {
            continue;
        }
        // "the seven others voted with the sponsors": no further ones.
        let joins = |g: &Group| {
            let sets = phrases.position.each();
            sets.iter().any(|(_, c)| c.both.within(&line.words, g.end..authors.first + 1))
        };
        let near = |g: &&Group| g.end <= authors.first && authors.first - g.end <= 4 && !joins(g);
        let opens = authors.first - line.clause_start(authors.first) <= 2;
        let after =
            |g: &&Group| opens && g.first >= authors.end && g.first <= authors.end + 14 && !g.governed;
        let with = line.groups.iter().find(|g| g.first >= authors.end && g.first <= authors.end + 3);
        let codes = if let Some(group) = line.groups.iter().rfind(near) {
            let mut codes = group.codes.clone();
            codes.extend(with.into_iter().flat_map(|g| g.codes.clone()));
            Some(codes)
        } else {
            line.groups.iter().find(after).map(|g| g.codes.clone())
        };
        if let Some(codes) = codes {
            found.push(Tabled { at: authors.first, codes, authors: true, pronoun: false });
        }
    }
    found
}

/// "parrainée par la France, à laquelle s'est jointe la Belgique": whether those who are joined are authors, not voters.
pub(super) fn are_joined(line: &Line<'_>, phrases: &Phrases, before: std::ops::Range<usize>) -> bool {
    let told = |set: &PhraseSet| set.within(&line.words, before.clone());
    let veto = || told(&phrases.veto.subject) || told(&phrases.veto.list) || told(&phrases.veto.noun);
    let votes = || phrases.position.each().iter().any(|(_, c)| told(&c.subject) || told(&c.list)) || veto();
    (told(&phrases.draft.by) || told(&phrases.draft.author_acts)) && !votes()
}

/// "par l'Allemagne, la France et le Royaume-Uni": a list that a line breaks where members begin goes on to its "et".
fn whole_list(line: &Line<'_>, first: &Group, phrases: &Phrases) -> Vec<Code> {
    let mut codes = first.codes.clone();
    let mut longer = codes.clone();
    let mut end = first.end;
    for group in line.groups.iter().filter(|g| g.first >= first.end) {
        let between = &line.words.forms[end..group.first];
        let list = &phrases.list;
        let joins = |w: &String| {
            w == "," || [&list.articles, &list.parting, &list.repeated].iter().any(|set| set.contains(w))
        };
        if between.is_empty() || between.len() > 3 || !between.iter().all(joins) || group.adjective {
            break;
        }
        add(&mut longer, &group.codes);
        end = group.end;
        let inner = &line.words.forms[group.first..group.end];
        let closes = |words: &[String]| words.iter().any(|w| phrases.list.parting.contains(w));
        if closes(between) || closes(inner) {
            codes.clone_from(&longer);
            break;
        }
    }
    codes
}

/// "celui de la Russie", where a text stands before in the sentence.
fn pronouns(line: &Line<'_>, phrases: &Phrases, texts: &[Tabled]) -> Vec<Tabled> {
    let after_text = |at: usize| texts.iter().any(|t| t.at < at);
    let draft = &phrases.draft;
    let of_text = draft.ballot.is_in(&line.words) || draft.author_acts.is_in(&line.words);
    // By form: "celles" are votes as often as texts.
    let pronouns = line.words.forms.iter().enumerate().filter(|(_, w)| phrases.draft.pronouns.contains(*w));
    pronouns
        // "Celui de Londres, mis aux voix aussitôt": of two texts told of before, the one.
        .filter(|(at, _)| *at == 0 && of_text || after_text(*at))
        .filter_map(|(at, _)| {
            let codes = beside(line, at, at + 1, phrases)?;
            Some(Tabled { at, codes, authors: false, pronoun: true })
        })
        .collect()
}

/// "la France a déposé un texte", "une déclaration que le Royaume-Uni avait rédigée".
fn authored(line: &Line<'_>, phrases: &Phrases) -> Vec<Tabled> {
    let is_text = |range: std::ops::Range<usize>| {
        let end = range.end.min(line.words.forms.len());
        phrases.draft.nouns.within(&line.words, range.start..end)
            || phrases.statement.any.within(&line.words, range.start..end)
    };
    let by_author = |act: Found| {
        let reach = |g: &&Group| act.first - g.end <= if g.relative { 8 } else { 3 };
        let near = line.groups.iter().rev().find(|g| g.end <= act.first && reach(g));
        // "Syria, the one Arab member, had introduced the text".
        let by_tree = || {
            let subject = line.subject_by_tree(act.first..act.end, &line.groups, &phrases.list, |_| true);
            subject.filter(|g| g.end <= act.first && !g.governed)
        };
        let group = near.or_else(by_tree)?;
        let head = if phrases.list.articles.contains(line.form(group.first.wrapping_sub(1))) { 2 } else { 1 };
        let relative = group.first >= head
            && phrases.draft.relatives.contains(line.form(group.first - head))
            && is_text(group.first.saturating_sub(head + 12)..group.first);
        let active = (!group.governed || group.relative) && !group.adjective && is_text(act.end..act.end + 7);
        let compound = line.form(act.first.wrapping_sub(1)) == "-"
            && group.end + 1 == act.first
            && is_text(act.end..act.end + 4);
        // "que parrainaient la France et le Canada", "qui l'avaient présenté: le Mali et la Tunisie".
        let opening = line.groups.iter().find(|g| g.first >= act.end && g.first <= act.end + 2);
        let behind =
            |back: usize| act.first >= back && phrases.draft.relatives.contains(line.form(act.first - back));
        let inverted = (1..=3).any(behind) && is_text(act.first.saturating_sub(16)..act.first);
        if let Some(group) =
            opening.filter(|g| inverted && !g.adjective).or_else(|| listed(line, act.end, phrases))
            && group.votes
        {
            return Some(Tabled {
                at: act.first,
                codes: group.codes.clone(),
                authors: false,
                pronoun: false,
            });
        }
        let told = !phrases.time.negation.contains(line.form(act.first.wrapping_sub(1)));
        (told && (relative || active || compound)).then(|| Tabled {
            at: act.first,
            codes: group.codes.clone(),
            authors: false,
            pronoun: false,
        })
    };
    phrases.draft.author_acts.find(&line.words).into_iter().filter_map(by_author).collect()
}

/// "par huit délégations: le Brésil ...", "par cinq pays (Congo, Ghana ...)": a list opened close behind.
fn listed<'l>(line: &'l Line<'_>, from: usize, phrases: &Phrases) -> Option<&'l Group> {
    let group = line.groups.iter().find(|g| g.first >= from && g.first <= from + 9)?;
    let between = &line.words.forms[from..group.first];
    let opened = between.iter().rev().take(2).any(|w| w == ":" || w == "(");
    let voters = between.len() <= 2 || between.iter().any(|w| phrases.list.voters.contains(w));
    (opened && voters && group.codes.len() > 1).then_some(group)
}

/// States right at the noun: an adjective, a genitive, a possessive.
fn beside(line: &Line<'_>, first: usize, end: usize, phrases: &Phrases) -> Option<Vec<Code>> {
    let form = |at: usize| line.form(at);
    // "projet de résolution russe": further nouns for the text belong to it.
    let mut stop = end;
    while stop + 1 < line.words.forms.len()
        && phrases.list.prepositions.contains(form(stop))
        && phrases.draft.nouns.at(&line.words, stop + 1).is_some()
    {
        stop += 2;
    }
    if let Some(noun) = phrases.draft.nouns.at(&line.words, stop) {
        stop = noun.end;
    }
    // "la résolution 2720 des Emirats".
    if form(stop).parse::<u16>().is_ok() {
        stop += 1;
    }
    // A bare name before the noun is its topic ("a North Korea text") unless an article stands there ("the US draft").
    let determined = |n: &Named| {
        let opens = |at: usize| {
            phrases.list.articles.contains(form(at)) || phrases.list.indefinite.contains(form(at))
        };
        let row = line.groups.iter().find(|g| g.first <= n.first && n.end <= g.end);
        let start = row.map_or(n.first, |g| g.first);
        (0..=2).any(|back| start >= back && opens(start - back))
    };
    let adjective = line.named.iter().find(|n| {
        n.kind == ActorKind::State
            && match n.via {
                Via::Adjective => n.first == stop || n.end == first,
                Via::Title => n.end == first,
                _ => n.end == first && determined(n),
            }
    });
    if let Some(named) = adjective {
        let joined = line.groups.iter().find(|g| g.first <= named.first && named.end <= g.end);
        return Some(joined.map_or_else(|| vec![named.code.clone()], |g| g.codes.clone()));
    }
    let genitive = line.groups.iter().find(|g| {
        let gap = g.first.checked_sub(stop).unwrap_or(usize::MAX);
        gap <= 2
            && gap > 0
            && phrases.draft.genitive.contains(form(stop))
            && (gap == 1 || phrases.list.articles.contains(form(stop + 1)))
    });
    let possessive = line
        .groups
        .iter()
        .find(|g| g.end < first && first - g.end <= 3 && phrases.draft.possessive.contains(form(g.end)));
    // "le texte de quatre pays européens, la France, le Portugal, le Royaume-Uni et la Suède"
    let counted = || {
        let of = phrases.draft.genitive.contains(form(stop));
        let n = line.words.numbers.get(stop + 1).copied().flatten().filter(|_| of)?;
        let as_many = |g: &&Group| g.first > stop && g.first <= stop + 8 && g.codes.len() == usize::from(n);
        line.groups.iter().find(as_many)
    };
    genitive.or(possessive).or_else(counted).map(|g| g.codes.clone())
}

/// "son propre projet": whoever was named last.
fn possessed(line: &Line<'_>, first: usize, phrases: &Phrases, before: &[Code]) -> Option<Vec<Code>> {
    let own = (1..=2)
        .any(|back| first.checked_sub(back).is_some_and(|at| phrases.draft.own.contains(line.form(at))));
    let mut earlier = line.groups.iter().rev().filter(|g| g.end <= first && !g.adjective);
    let nearest = earlier.clone().next();
    let subject = earlier.find(|g| !g.governed);
    // "Caracas et Pékin ont voté avec la Russie pour soutenir son texte": of many it is not theirs.
    let subject = match (subject, nearest) {
        (Some(many), Some(one)) if many.codes.len() > 1 && one.codes.len() == 1 => Some(one),
        _ => subject,
    };
    // "seule la Russie a voté contre leur projet": of several, who were named before.
    let several = (1..=2)
        .any(|back| first.checked_sub(back).is_some_and(|at| phrases.draft.plural.contains(line.form(at))));
    let subject = subject.filter(|g| !several || g.codes.len() > 1 || before.len() < 2);
    own.then(|| subject.map_or_else(|| before.to_vec(), |g| g.codes.clone())).filter(|c| !c.is_empty())
}
