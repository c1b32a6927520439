//! Names of tags and relations as the treebanks write them.

use super::{Deprel, Upos};

impl Upos {
    /// Every tag, in the order of its discriminant.
    pub const ALL: [Self; 17] = [
        Self::Adj,
        Self::Adp,
        Self::Adv,
        Self::Aux,
        Self::Cconj,
        Self::Det,
        Self::Intj,
        Self::Noun,
        Self::Num,
        Self::Part,
        Self::Pron,
        Self::Propn,
        Self::Punct,
        Self::Sconj,
        Self::Sym,
        Self::Verb,
        Self::X,
    ];
    const NAMES: [&str; 17] = [
        "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT",
        "SCONJ", "SYM", "VERB", "X",
    ];

    /// `NOUN`.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The tag of that name; `None` where UD has no such tag.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().position(|n| *n == name).map(|i| Self::ALL[i])
    }
}

impl Deprel {
    /// Every relation, in the order of its discriminant.
    pub const ALL: [Self; 41] = [
        Self::Acl,
        Self::AclRelcl,
        Self::Advcl,
        Self::Advmod,
        Self::Amod,
        Self::Appos,
        Self::Aux,
        Self::AuxPass,
        Self::Case,
        Self::Cc,
        Self::Ccomp,
        Self::Clf,
        Self::Compound,
        Self::Conj,
        Self::Cop,
        Self::Csubj,
        Self::Dep,
        Self::Det,
        Self::Discourse,
        Self::Dislocated,
        Self::Expl,
        Self::Fixed,
        Self::Flat,
        Self::Goeswith,
        Self::Iobj,
        Self::List,
        Self::Mark,
        Self::Nmod,
        Self::Nsubj,
        Self::NsubjPass,
        Self::Nummod,
        Self::Obj,
        Self::Obl,
        Self::OblAgent,
        Self::Orphan,
        Self::Parataxis,
        Self::Punct,
        Self::Reparandum,
        Self::Root,
        Self::Vocative,
        Self::Xcomp,
    ];
    const NAMES: [&str; 41] = [
        "acl",
        "acl:relcl",
        "advcl",
        "advmod",
        "amod",
        "appos",
        "aux",
        "aux:pass",
        "case",
        "cc",
        "ccomp",
        "clf",
        "compound",
        "conj",
        "cop",
        "csubj",
        "dep",
        "det",
        "discourse",
        "dislocated",
        "expl",
        "fixed",
        "flat",
        "goeswith",
        "iobj",
        "list",
        "mark",
        "nmod",
        "nsubj",
        "nsubj:pass",
        "nummod",
        "obj",
        "obl",
        "obl:agent",
        "orphan",
        "parataxis",
        "punct",
        "reparandum",
        "root",
        "vocative",
        "xcomp",
    ];

    /// `nsubj:pass`.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The relation of that name; a subtype that this room does not keep counts as its universal
    /// relation (`obl:mod` is `obl`). `None` where UD has no such relation.
    pub fn from_name(name: &str) -> Option<Self> {
        let find = |name: &str| Self::NAMES.iter().position(|n| *n == name).map(|i| Self::ALL[i]);
        find(name).or_else(|| find(name.split(':').next().unwrap_or(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_follow_the_discriminants() {
        assert!(Upos::ALL.iter().enumerate().all(|(i, u)| *u as usize == i));
        assert!(Deprel::ALL.iter().enumerate().all(|(i, d)| *d as usize == i));
    }

    #[test]
    fn names_lead_back() {
        assert!(Upos::ALL.iter().all(|u| Upos::from_name(u.name()) == Some(*u)));
        assert!(Deprel::ALL.iter().all(|d| Deprel::from_name(d.name()) == Some(*d)));
        assert_eq!(Deprel::from_name("obl:mod"), Some(Deprel::Obl));
        assert_eq!(Deprel::from_name("acl:relcl"), Some(Deprel::AclRelcl));
        assert_eq!(Deprel::from_name("no"), None);
    }
}
