//! Who does what in a tree: the same walk over UD relations for all languages.

use super::{Deprel, Grammar, Tree, Upos};

/// How a subject was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubjectPath {
    Direct,
    /// "par Paris" of a passive.
    Agent,
    /// The noun that a relative clause says something of.
    Relative,
    /// The noun that a participle says something of ("le ministre, dénonçant").
    Participle,
    /// Of the verb that this one is coordinated with.
    Shared,
    /// Of the verb that governs an infinitive or participle.
    Controlled,
    /// The object of the governing verb ("appelle Kiev à négocier").
    ObjectControlled,
    /// Of a copula's adjective or noun.
    Predicate,
}

/// A node and how it was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached<P> {
    pub node: usize,
    pub path: P,
}

/// Deepest chain of verbs that a subject is sought through.
const MAX_CHAIN: usize = 6;

/// The logical subject of a verb or predicate: who does it.
pub fn subject(tree: &Tree, grammar: &Grammar, verb: usize) -> Option<Reached<SubjectPath>> {
    subject_within(tree, grammar, verb, MAX_CHAIN)
}

fn subject_within(tree: &Tree, grammar: &Grammar, verb: usize, chain: usize) -> Option<Reached<SubjectPath>> {
    if chain == 0 {
        return None;
    }
    let node = &tree.nodes[verb];
    if is_passive(tree, grammar, verb) {
        return agent(tree, grammar, verb);
    }
    if let Some(subject) = own_subject(tree, verb) {
        return Some(antecedent(tree, grammar, verb, subject).map_or(
            Reached { node: subject, path: SubjectPath::Direct },
            |node| Reached { node, path: SubjectPath::Relative },
        ));
    }
    let head = node.head?;
    let through = |path: SubjectPath| {
        subject_within(tree, grammar, head, chain - 1).map(|found| Reached {
            node: found.node,
            path: if found.path == SubjectPath::Agent { SubjectPath::Agent } else { path },
        })
    };
    match node.deprel {
        Deprel::Conj if is_predicate(tree, head) => through(SubjectPath::Shared),
        Deprel::Conj => None,
        Deprel::Xcomp | Deprel::Ccomp | Deprel::Advcl if is_predicate(tree, head) => {
            if node.deprel == Deprel::Xcomp
                && let Some(object) = direct_object(tree, grammar, head)
            {
                return Some(Reached { node: object, path: SubjectPath::ObjectControlled });
            }
            through(SubjectPath::Controlled)
        }
        Deprel::Acl | Deprel::AclRelcl | Deprel::Advcl | Deprel::Amod
            if tree.nodes[head].upos.is_nominal() =>
        {
            grammar
                .is_present_participle(&node.form)
                .then_some(Reached { node: head, path: SubjectPath::Participle })
        }
        _ => None,
    }
}

/// Who did it, of a passive or past participle.
fn agent(tree: &Tree, grammar: &Grammar, verb: usize) -> Option<Reached<SubjectPath>> {
    let own = tree.children_by(verb, Deprel::OblAgent).next();
    let node = own.or_else(|| distant_agent(tree, grammar, verb))?;
    Some(Reached { node, path: SubjectPath::Agent })
}

/// "ont été appelés à la retenue par Washington": the agent hangs on a noun in between, or is taken for a mere oblique.
fn distant_agent(tree: &Tree, grammar: &Grammar, verb: usize) -> Option<usize> {
    let is_of_verb = |node: usize| {
        let mut at = node;
        while let Some(head) = tree.nodes[at].head {
            if head == verb {
                return true;
            }
            if matches!(tree.nodes[head].upos, Upos::Verb | Upos::Aux) {
                return false;
            }
            at = head;
        }
        false
    };
    let agents = tree.subtree(verb).into_iter().filter(|n| *n > verb && is_agent_phrase(tree, grammar, *n));
    // "condamné pour le bombardement de Gaza par Israël": the noun in between has its own story.
    let of_noun = |node: usize| {
        let noun = tree.nodes[node].head.filter(|h| *h != verb);
        noun.is_some_and(|h| tree.children_by(h, Deprel::Nmod).any(|n| n != node))
    };
    agents.filter(|n| is_of_verb(*n) && !of_noun(*n)).min_by_key(|n| tree.nodes[*n].head != Some(verb))
}

/// "par Washington", taken for a mere oblique or the complement of a noun.
fn is_agent_phrase(tree: &Tree, grammar: &Grammar, node: usize) -> bool {
    matches!(tree.nodes[node].deprel, Deprel::Obl | Deprel::OblAgent | Deprel::Nmod)
        && grammar.is_agentive(grammar.preposition(tree, node))
}

fn own_subject(tree: &Tree, verb: usize) -> Option<usize> {
    tree.children(verb)
        .iter()
        .copied()
        .find(|c| matches!(tree.nodes[*c].deprel, Deprel::Nsubj | Deprel::Csubj))
}

/// The noun that a relative pronoun stands for, if `pronoun` is one in the relative clause of `verb`.
fn antecedent(tree: &Tree, grammar: &Grammar, verb: usize, pronoun: usize) -> Option<usize> {
    let form = tree.nodes[pronoun].form.to_lowercase();
    let relative = grammar.is_relative_subject(&form) || grammar.is_relative_object(&form);
    let mut at = verb;
    for _ in 0..MAX_CHAIN {
        let head = tree.nodes[at].head?;
        match tree.nodes[at].deprel {
            Deprel::AclRelcl | Deprel::Acl if relative => return Some(head),
            Deprel::Conj | Deprel::Xcomp | Deprel::Ccomp => at = head,
            _ => return None,
        }
    }
    None
}

/// Whether the clause tells what is done to its subject.
pub fn is_passive(tree: &Tree, grammar: &Grammar, verb: usize) -> bool {
    let node = &tree.nodes[verb];
    let marked = tree
        .children(verb)
        .iter()
        .any(|c| matches!(tree.nodes[*c].deprel, Deprel::AuxPass | Deprel::NsubjPass | Deprel::OblAgent));
    marked
        || is_reduced_passive(tree, grammar, verb)
        || has_bare_agent(tree, grammar, verb)
        || shares_passive(tree, node.deprel, node.head, verb)
}

/// "avec l'Iran, accusé par Rabat": a participle without auxiliary or subject, whatever it hangs on.
fn has_bare_agent(tree: &Tree, grammar: &Grammar, verb: usize) -> bool {
    let node = &tree.nodes[verb];
    let bare = |c: &usize| {
        !matches!(
            tree.nodes[*c].deprel,
            Deprel::Aux | Deprel::Nsubj | Deprel::Obj | Deprel::Mark | Deprel::Case
        )
    };
    let participle =
        node.upos == Upos::Verb && node.form != node.lemma && !grammar.is_present_participle(&node.form);
    let agent = |c: &usize| *c > verb && is_agent_phrase(tree, grammar, *c);
    participle && tree.children(verb).iter().all(bare) && tree.children(verb).iter().any(agent)
}

/// A past participle that says of a noun what was done to it ("accusé par Paris").
fn is_reduced_passive(tree: &Tree, grammar: &Grammar, verb: usize) -> bool {
    let node = &tree.nodes[verb];
    matches!(node.deprel, Deprel::Acl | Deprel::Amod)
        && node.upos == Upos::Verb
        && node.head.is_some_and(|h| tree.nodes[h].upos.is_nominal())
        && !grammar.is_present_participle(&node.form)
        && !has(tree, verb, Deprel::Mark)
        && !has(tree, verb, Deprel::Case)
        && !has(tree, verb, Deprel::Obj)
}

/// "a été condamné et rejeté": the second participle has no auxiliary of its own.
fn shares_passive(tree: &Tree, deprel: Deprel, head: Option<usize>, verb: usize) -> bool {
    deprel == Deprel::Conj
        && own_subject(tree, verb).is_none()
        && !has(tree, verb, Deprel::Aux)
        && !has(tree, verb, Deprel::Obj)
        && head.is_some_and(|h| has(tree, h, Deprel::AuxPass))
}

/// Whether a node has a dependent of that relation.
pub fn has(tree: &Tree, node: usize, deprel: Deprel) -> bool {
    tree.children_by(node, deprel).next().is_some()
}

/// A node that can have a subject: a verb, or what a copula links.
pub fn is_predicate(tree: &Tree, node: usize) -> bool {
    matches!(tree.nodes[node].upos, Upos::Verb | Upos::Aux)
        || has(tree, node, Deprel::Cop)
        || own_subject(tree, node).is_some()
}

/// The logical object of a verb: whom or what it is done to, also in passives, relative and coordinated clauses.
pub fn direct_object(tree: &Tree, grammar: &Grammar, verb: usize) -> Option<usize> {
    if is_passive(tree, grammar, verb) {
        return passive_object(tree, grammar, verb);
    }
    if let Some(object) =
        tree.children_by(verb, Deprel::Obj).find(|o| !grammar.is_reflexive(&tree.nodes[*o].form))
    {
        return Some(antecedent_of_object(tree, grammar, verb, object).unwrap_or(object));
    }
    shared_object(tree, grammar, verb)
}

fn antecedent_of_object(tree: &Tree, grammar: &Grammar, verb: usize, object: usize) -> Option<usize> {
    grammar
        .is_relative_object(&tree.nodes[object].form.to_lowercase())
        .then(|| antecedent(tree, grammar, verb, object))
        .flatten()
}

fn passive_object(tree: &Tree, grammar: &Grammar, verb: usize) -> Option<usize> {
    let node = &tree.nodes[verb];
    if let Some(subject) = tree
        .children(verb)
        .iter()
        .copied()
        .find(|c| matches!(tree.nodes[*c].deprel, Deprel::NsubjPass | Deprel::Nsubj))
    {
        return Some(antecedent(tree, grammar, verb, subject).unwrap_or(subject));
    }
    let head = node.head?;
    match node.deprel {
        Deprel::Acl | Deprel::Amod | Deprel::AclRelcl => Some(head),
        Deprel::Conj => passive_object(tree, grammar, head),
        Deprel::Advcl if own_subject(tree, head).is_some() => own_subject(tree, head),
        _ => None,
    }
}

/// "condamne et rejette l'annexion": the object hangs on one of the two.
fn shared_object(tree: &Tree, grammar: &Grammar, verb: usize) -> Option<usize> {
    let node = &tree.nodes[verb];
    if has(tree, verb, Deprel::Ccomp) || has(tree, verb, Deprel::Xcomp) {
        return None;
    }
    let own =
        |v: usize| tree.children_by(v, Deprel::Obj).find(|o| !grammar.is_reflexive(&tree.nodes[*o].form));
    if let Some(later) = tree.children_by(verb, Deprel::Conj).find(|c| tree.nodes[*c].upos == Upos::Verb) {
        return own(later).filter(|o| *o > verb);
    }
    let head = node.head.filter(|_| node.deprel == Deprel::Conj)?;
    own(head).filter(|o| *o > verb)
}

/// Whom a complement clause speaks of: its patient in the passive, else its subject.
pub fn clause_topic(tree: &Tree, grammar: &Grammar, verb: usize) -> Option<usize> {
    if is_passive(tree, grammar, verb) {
        return direct_object(tree, grammar, verb);
    }
    subject(tree, grammar, verb).map(|s| s.node)
}

/// The nodes coordinated with `node`, itself first, in reading order.
pub fn conjuncts(tree: &Tree, node: usize) -> Vec<usize> {
    let mut found = vec![node];
    let mut next = 0;
    while next < found.len() {
        found.extend(tree.children_by(found[next], Deprel::Conj));
        next += 1;
    }
    found
}

/// The word that a list hangs together by: its first.
pub fn list_head(tree: &Tree, mut node: usize) -> usize {
    while let (Deprel::Conj, Some(head)) = (tree.nodes[node].deprel, tree.nodes[node].head) {
        node = head;
    }
    node
}

/// Whether two words stand in one list.
pub fn share_list(tree: &Tree, a: usize, b: usize) -> bool {
    list_head(tree, a) == list_head(tree, b)
}

/// The verb or predicate whose clause `node` stands in: itself, or the nearest above it.
pub fn clause_head(tree: &Tree, node: usize) -> usize {
    let mut at = node;
    loop {
        if is_predicate(tree, at) {
            return at;
        }
        match tree.nodes[at].head {
            Some(head) => at = head,
            None => return at,
        }
    }
}

/// The words of a node's own clause: its subtree without clauses that have a subject of their own.
pub fn clause_nodes(tree: &Tree, head: usize) -> Vec<usize> {
    let mut found = vec![head];
    let mut next = 0;
    while next < found.len() {
        for child in tree.children(found[next]) {
            let deprel = tree.nodes[*child].deprel;
            let other = matches!(deprel, Deprel::Parataxis | Deprel::AclRelcl)
                || (matches!(deprel, Deprel::Conj | Deprel::Advcl) && own_subject(tree, *child).is_some());
            if !other {
                found.push(*child);
            }
        }
        next += 1;
    }
    found.sort_unstable();
    found
}

impl Upos {
    /// Noun, name, pronoun or number.
    pub fn is_nominal(self) -> bool {
        matches!(self, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::X)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::Data, syntax::Node};

    /// A tree from rows `form upos head relation`, heads counted from 1, 0 for the root.
    fn tree(rows: &[(&str, Upos, usize, Deprel)]) -> Tree {
        let nodes = rows.iter().map(|(form, upos, head, deprel)| Node {
            form: (*form).to_owned(),
            lemma: form.to_lowercase(),
            upos: *upos,
            head: head.checked_sub(1),
            deprel: *deprel,
            gender: crate::syntax::Gender::Unknown,
            number: crate::syntax::Number::Unknown,
        });
        Tree::new(nodes.collect())
    }

    fn grammar() -> Grammar {
        Grammar::load(&Data::embedded(), "fr").expect("embedded data")
    }

    fn subject_form(tree: &Tree, verb: usize) -> Option<(String, SubjectPath)> {
        subject(tree, &grammar(), verb).map(|r| (tree.nodes[r.node].form.clone(), r.path))
    }

    #[test]
    fn a_coordinated_verb_shares_subject_and_object() {
        let tree = tree(&[
            ("Paris", Upos::Propn, 2, Deprel::Nsubj),
            ("condamne", Upos::Verb, 0, Deprel::Root),
            ("et", Upos::Cconj, 4, Deprel::Cc),
            ("rejette", Upos::Verb, 2, Deprel::Conj),
            ("l'", Upos::Det, 6, Deprel::Det),
            ("annexion", Upos::Noun, 4, Deprel::Obj),
        ]);
        assert_eq!(subject_form(&tree, 3), Some(("Paris".into(), SubjectPath::Shared)));
        assert_eq!(direct_object(&tree, &grammar(), 1), Some(5));
    }

    #[test]
    fn a_passive_has_its_agent_as_subject() {
        let tree = tree(&[
            ("Moscou", Upos::Propn, 4, Deprel::NsubjPass),
            ("a", Upos::Aux, 4, Deprel::Aux),
            ("été", Upos::Aux, 4, Deprel::AuxPass),
            ("condamnée", Upos::Verb, 0, Deprel::Root),
            ("par", Upos::Adp, 6, Deprel::Case),
            ("Paris", Upos::Propn, 4, Deprel::OblAgent),
        ]);
        assert_eq!(subject_form(&tree, 3), Some(("Paris".into(), SubjectPath::Agent)));
        assert_eq!(direct_object(&tree, &grammar(), 3), Some(0));
    }

    #[test]
    fn a_reduced_passive_says_what_was_done_to_its_noun() {
        let tree = tree(&[
            ("Téhéran", Upos::Propn, 0, Deprel::Root),
            ("accusé", Upos::Verb, 1, Deprel::Acl),
            ("par", Upos::Adp, 4, Deprel::Case),
            ("Ryad", Upos::Propn, 2, Deprel::OblAgent),
        ]);
        assert_eq!(subject_form(&tree, 1), Some(("Ryad".into(), SubjectPath::Agent)));
        assert_eq!(direct_object(&tree, &grammar(), 1), Some(0));
    }

    #[test]
    fn a_relative_clause_speaks_of_its_antecedent() {
        let tree = tree(&[
            ("Berlin", Upos::Propn, 0, Deprel::Root),
            ("qui", Upos::Pron, 3, Deprel::Nsubj),
            ("dénonce", Upos::Verb, 1, Deprel::AclRelcl),
            ("Moscou", Upos::Propn, 3, Deprel::Obj),
        ]);
        assert_eq!(subject_form(&tree, 2), Some(("Berlin".into(), SubjectPath::Relative)));
    }

    #[test]
    fn participles_and_infinitives_take_the_subject_above() {
        let tree = tree(&[
            ("Rome", Upos::Propn, 2, Deprel::Nsubj),
            ("veut", Upos::Verb, 0, Deprel::Root),
            ("condamner", Upos::Verb, 2, Deprel::Xcomp),
            ("dénonçant", Upos::Verb, 2, Deprel::Advcl),
        ]);
        assert_eq!(subject_form(&tree, 2), Some(("Rome".into(), SubjectPath::Controlled)));
        assert_eq!(subject_form(&tree, 3), Some(("Rome".into(), SubjectPath::Controlled)));
    }

    #[test]
    fn an_agent_may_hang_on_a_noun_of_the_passive() {
        let tree = tree(&[
            ("Kiev", Upos::Propn, 3, Deprel::NsubjPass),
            ("est", Upos::Aux, 3, Deprel::AuxPass),
            ("invitée", Upos::Verb, 0, Deprel::Root),
            ("à", Upos::Adp, 6, Deprel::Case),
            ("la", Upos::Det, 6, Deprel::Det),
            ("patience", Upos::Noun, 3, Deprel::Obl),
            ("par", Upos::Adp, 8, Deprel::Case),
            ("Rome", Upos::Propn, 6, Deprel::Nmod),
        ]);
        assert_eq!(subject_form(&tree, 2), Some(("Rome".into(), SubjectPath::Agent)));
    }

    #[test]
    fn an_agent_may_be_taken_for_an_oblique() {
        let tree = tree(&[
            ("Kiev", Upos::Propn, 3, Deprel::NsubjPass),
            ("est", Upos::Aux, 3, Deprel::AuxPass),
            ("visée", Upos::Verb, 0, Deprel::Root),
            ("par", Upos::Adp, 5, Deprel::Case),
            ("Minsk", Upos::Propn, 3, Deprel::Obl),
        ]);
        assert_eq!(subject_form(&tree, 2), Some(("Minsk".into(), SubjectPath::Agent)));
    }

    #[test]
    fn what_hangs_on_another_verb_is_no_agent_of_the_passive() {
        let tree = tree(&[
            ("Kiev", Upos::Propn, 3, Deprel::NsubjPass),
            ("est", Upos::Aux, 3, Deprel::AuxPass),
            ("invitée", Upos::Verb, 0, Deprel::Root),
            ("à", Upos::Adp, 5, Deprel::Mark),
            ("passer", Upos::Verb, 3, Deprel::Xcomp),
            ("par", Upos::Adp, 7, Deprel::Case),
            ("Rome", Upos::Propn, 5, Deprel::Obl),
        ]);
        assert_eq!(subject_form(&tree, 2), None);
    }

    #[test]
    fn a_bare_participle_with_an_agent_is_passive_whatever_it_hangs_on() {
        let mut tree = tree(&[
            ("Téhéran", Upos::Propn, 0, Deprel::Root),
            (",", Upos::Punct, 3, Deprel::Punct),
            ("accusé", Upos::Verb, 1, Deprel::Parataxis),
            ("par", Upos::Adp, 5, Deprel::Case),
            ("Ryad", Upos::Propn, 3, Deprel::Obl),
        ]);
        "accuser".clone_into(&mut tree.nodes[2].lemma);
        assert_eq!(subject_form(&tree, 2), Some(("Ryad".into(), SubjectPath::Agent)));
    }

    #[test]
    fn a_participle_with_subject_and_auxiliary_is_active() {
        let mut tree = tree(&[
            ("Oslo", Upos::Propn, 3, Deprel::Nsubj),
            ("a", Upos::Aux, 3, Deprel::Aux),
            ("protesté", Upos::Verb, 0, Deprel::Root),
            ("par", Upos::Adp, 5, Deprel::Case),
            ("lettre", Upos::Noun, 3, Deprel::Obl),
        ]);
        "protester".clone_into(&mut tree.nodes[2].lemma);
        assert_eq!(subject_form(&tree, 2), Some(("Oslo".into(), SubjectPath::Direct)));
    }
}
