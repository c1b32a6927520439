//! The lists of states around a cue: before it, behind it, beside it.

use super::voters::Reader;
use crate::{actors::Code, council::line::Group};

impl Reader<'_> {
    /// Who does it: the list right before the cue, else the one that the tree makes its subject, else the last that
    /// can be.
    pub(super) fn voter(&self, count: Option<usize>) -> Option<&Group> {
        let near = self.left(count);
        if near.is_some_and(|g| self.cue.first - g.end <= 2) {
            return near;
        }
        let by_tree =
            self.line
                .subject_by_tree(self.cue.first..self.cue.end, self.groups, &self.phrases.list, |g| g.votes);
        let free = |g: &&Group| {
            g.end <= self.cue.first
                && (g.first >= self.from || g.relative)
                && count.is_none_or(|at| self.is_behind(g, at))
        };
        by_tree.filter(free).or(near)
    }

    /// The last list of states before the cue that is a subject; not beyond a number of voters.
    pub(super) fn left(&self, count: Option<usize>) -> Option<&Group> {
        let cue = self.cue;
        // ", vetoing the draft": its subject is that of the sentence, however long.
        let participle = cue.veto && cue.first > 0 && self.line.clause_start(cue.first) == cue.first;
        self.groups
            .iter()
            .rev()
            .filter(|g| g.end <= cue.first && !g.adjective && (g.votes || !cue.veto))
            .filter(|g| g.relative || !self.line.leaves_out(g, &self.phrases.list))
            .filter(|g| g.first >= self.from || g.relative && cue.first - g.end <= 6)
            .filter(|g| {
                cue.first - g.end
                    <= if participle || self.has_apposition(g) {
                        40
                    } else if g.relative {
                        30
                    } else {
                        18
                    }
            })
            .filter(|g| count.is_none_or(|at| self.is_behind(g, at)))
            .find(|g| {
                !g.governed || g.relative && cue.first - g.end <= 4 || self.leads(g) || self.begins_clause(g)
            })
    }

    /// "La Libye, seul membre arabe du Conseil, a voté": what stands between is of the subject.
    fn has_apposition(&self, group: &Group) -> bool {
        self.line.form(group.end) == "," && self.line.form(self.cue.first.wrapping_sub(1)) == ","
    }

    /// Whether a list stands behind a number, or is what that many were resolved to ("les cinq membres permanents").
    fn is_behind(&self, group: &Group, number: usize) -> bool {
        let n = self.line.words.numbers[number].map(usize::from);
        group.first > number || group.end > number + 1 && n == Some(group.codes.len())
    }

    /// "China, which could have blocked it, and India abstained": the name before the clause between.
    pub(super) fn parted_by_relative(&self, group: &Group) -> Option<&Group> {
        let list = &self.phrases.list;
        let article = usize::from(list.articles.contains(self.line.form(group.first.wrapping_sub(1))));
        let and =
            group.first.checked_sub(1 + article).filter(|at| list.parting.contains(self.line.form(*at)))?;
        let comma = and.checked_sub(1).filter(|at| self.line.form(*at) == ",")?;
        let opens = |g: &&Group| self.line.opens_relative(g.end + 1, list);
        let before = self.groups.iter().rfind(|g| g.end < comma && g.first >= self.from).filter(opens)?;
        let parted = (before.end + 1..comma).any(|at| matches!(self.line.form(at), "," | ";" | ":"));
        ((!before.governed || self.leads(before)) && !before.adjective && !parted).then_some(before)
    }

    /// "joined Britain in a veto": a partner named among the words for the veto.
    pub(super) fn within_veto(&self) -> Option<&Group> {
        let cue = self.cue;
        let within = |g: &&Group| g.first >= cue.first && g.end <= cue.end;
        // "stopped an Egyptian draft with a veto"
        let of_text = |g: &&Group| {
            let behind = g.end..(g.end + 4).min(cue.end);
            self.phrases.draft.nouns.within(&self.line.words, behind)
        };
        self.groups
            .iter()
            .filter(|_| cue.veto)
            .find(|g| within(g) && g.votes && !g.governed && !g.adjective && !of_text(g))
    }

    /// "after the United States abstained": a conjunction, not a preposition.
    fn begins_clause(&self, group: &Group) -> bool {
        let list = &self.phrases.list;
        let word = |back: usize| group.first.checked_sub(back).map_or("", |i| self.line.form(i));
        let before = if list.articles.contains(word(1)) { word(2) } else { word(1) };
        group.end == self.cue.first && list.conjunctions.contains(before)
    }

    pub(super) fn leads(&self, group: &Group) -> bool {
        let (line, list) = (self.line, &self.phrases.list);
        // "including two American allies, France and the Netherlands"
        let described = |from: usize| {
            let comma = group.first - 1 - usize::from(list.articles.contains(line.form(group.first - 1)));
            line.words.numbers.get(from).is_some_and(|n| n.map(usize::from) == Some(group.codes.len()))
                && line.form(comma) == ","
                && (from..comma).all(|at| line.form(at) != ",")
        };
        (group.first.saturating_sub(8)..group.first).any(|at| {
            let found = list.leading.at(&line.words, at);
            found.is_some_and(|f| f.end + 1 >= group.first || described(f.end))
        })
    }

    /// The list of states right after the cue, behind at least `marks` opening words.
    pub(super) fn right(&self, marks: usize) -> Option<&Group> {
        let group = self.groups.iter().find(|g| g.first >= self.cue.end).filter(|g| !g.adjective)?;
        let between = &self.line.words.forms[self.cue.end..group.first];
        // "a écarté un projet de la Russie": whose text it is.
        let of_text = marks > 0 && group.governed && between.len() <= 2;
        if of_text && self.phrases.draft.nouns.within(&self.line.words, self.cue.first..group.first) {
            return None;
        }
        if self.phrases.list.others.within(&self.line.words, self.cue.end..group.first) {
            return None;
        }
        // "cinq, la Suisse ayant rejoint": behind a bare comma only as many names as were counted.
        let bare = between.iter().all(|w| w == "," || self.phrases.list.articles.contains(w));
        if let Some(n) = self.cue.number.filter(|_| bare && !between.is_empty())
            && group.codes.len() != usize::from(n)
        {
            return None;
        }
        // "twelve had backed it, Britain abstained": the name is the subject of what follows.
        let opening = |w: &String| matches!(w.as_str(), ":" | "(");
        // ", l'Inde étant la seule à s'abstenir": an auxiliary may part the subject from its cue.
        let joined = |w: &String| matches!(w.as_str(), "," | ";" | ":" | "." | ")" | "(");
        let close = self.next >= group.end
            && self.next - group.end <= 2
            && self.next < self.line.words.forms.len()
            && !self.line.words.forms[group.end..self.next].iter().any(joined)
            // "eight in favor, Russia, China and Bolivia against,": whose words hold the last name.
            || group.first < self.next && self.next < group.end;
        let next_subject = close && between.iter().any(|w| self.parts(w)) && !between.iter().any(opening);
        let opened = !next_subject
            && between.len() <= 7
            && between.len() >= marks
            && between
                .iter()
                .all(|w| self.phrases.list.openers.contains(w) || self.phrases.list.voters.contains(w))
            && (marks == 0
                || matches!(between[0].as_str(), "," | ":" | "(" | "-" | "–" | "—")
                || between.len() <= 2);
        (opened && group.first < self.next.max(self.cue.end + 1)).then_some(group)
    }

    /// Whether a word parts two clauses: "treize ont voté pour et la Chine s'est abstenue".
    pub(super) fn parts(&self, word: &str) -> bool {
        matches!(word, "," | ";") || self.phrases.list.parting.contains(word)
    }

    /// "three - China, Russia and Bolivia - against": names set off inside the words of the cue.
    pub(super) fn within_aside(&self) -> Option<&Group> {
        let cue = self.cue;
        let opens = |at: &usize| cue.first < *at && *at < cue.end;
        let (open, end) = self.line.words.asides.iter().find(|(open, _)| opens(open))?;
        self.groups.iter().find(|g| *open < g.first && g.end < *end)
    }

    /// "ten supported the renewal, China and France among them".
    pub(super) fn attached(&self) -> Option<&Group> {
        let leading = &self.phrases.list.leading;
        self.groups.iter().find(|g| {
            let others = |at: usize| {
                self.line.words.numbers[at].is_some()
                    && self.phrases.list.voters.contains(self.line.form(at + 1))
            };
            g.first >= self.cue.end
                && g.first <= self.cue.end + 12
                && g.first < self.next
                && !g.adjective
                && !(self.cue.end..g.first).any(others)
                && !self.phrases.list.others.within(&self.line.words, self.cue.end..g.first)
                && (leading.at(&self.line.words, g.end).is_some() || self.leads(g))
        })
    }

    /// State whose adjective or name stands beside the noun ("veto russe", "Moscow's veto").
    pub(super) fn beside(&self) -> Option<Vec<Code>> {
        let cue = self.cue;
        let found = self.groups.iter().find(|g| {
            g.first == cue.end
                || g.end == cue.first
                || g.end + 1 == cue.first && self.phrases.draft.possessive.contains(self.line.form(g.end))
        })?;
        Some(found.codes.clone())
    }

    /// "leur veto", "son abstention": of whoever the sentence named last, else of those before it.
    pub(super) fn own_act(&self) -> Option<Vec<Code>> {
        let at = self.cue.first.checked_sub(1)?;
        if !self.phrases.draft.own.contains(self.line.form(at)) {
            return None;
        }
        let named = self.groups.iter().rfind(|g| g.end <= at && g.votes && !g.governed && !g.adjective);
        Some(named.map_or_else(|| self.before.to_vec(), |g| g.codes.clone()))
    }

    /// "aux côtés des six pays non-alignés qui l'avaient présenté: le Mali ..."
    pub(super) fn listed(&self) -> Option<&Group> {
        let group = self.groups.iter().find(|g| g.first >= self.cue.end && g.first < self.next)?;
        let near = group.first <= self.cue.end + 14;
        (near && (self.cue.end..group.first).any(|i| matches!(self.line.form(i), ":" | "("))).then_some(group)
    }

    /// "avec les cinq pays qui en avaient pris l'initiative, le Cap-Vert ...": as many names as the number behind the cue.
    pub(super) fn numbered(&self) -> Option<&Group> {
        let n = self.number_behind()?;
        let reach = self.cue.end + 16;
        self.groups
            .iter()
            .find(|g| g.first >= self.cue.end && g.first <= reach && g.first < self.next)
            .filter(|g| n > 1 && g.codes.len() == usize::from(n))
    }

    /// The number of partners behind the cue, where they are not the authors.
    pub(super) fn number_behind(&self) -> Option<u8> {
        let near = self.cue.end..(self.cue.end + 3).min(self.next);
        let own = self.phrases.list.own.within(&self.line.words, near.start..near.end + 2);
        near.into_iter().find_map(|at| self.line.words.numbers[at]).filter(|_| !own)
    }
}
