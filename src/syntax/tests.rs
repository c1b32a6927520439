//! The promises of the room: any tokens give a tree, faults in files are named, French is read as it should.

use proptest::prelude::*;

use super::*;
use crate::{data::Data, text::Token};

fn french() -> &'static Parser {
    static PARSER: std::sync::OnceLock<Parser> = std::sync::OnceLock::new();
    PARSER.get_or_init(|| Parser::load(&Data::embedded(), "fr").unwrap())
}

fn tokens(forms: &[String]) -> Vec<Token> {
    forms.iter().map(|form| Token { form: form.clone(), start: 0, end: 0, space_after: true }).collect()
}

/// One root, every word leads to it, heads inside the sentence.
fn assert_tree(tree: &Tree, len: usize) {
    assert_eq!(tree.nodes.len(), len);
    assert_eq!(tree.nodes.iter().filter(|n| n.head.is_none()).count(), usize::from(len > 0));
    if let Some(root) = tree.nodes.iter().position(|n| n.head.is_none()) {
        assert_eq!(tree.nodes[root].deprel, Deprel::Root);
        assert_eq!(tree.subtree(root), (0..len).collect::<Vec<_>>());
    }
    assert_eq!(tree.nodes.iter().filter(|n| n.deprel == Deprel::Root).count(), usize::from(len > 0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn any_tokens_give_one_tree(forms in prop::collection::vec("\\PC{0,6}|le|condamne|,|de|qui|Paris", 0..40)) {
        let tree = french().parse(&tokens(&forms));
        assert_tree(&tree, forms.len());
        prop_assert!(tree.nodes.iter().zip(&forms).all(|(node, form)| node.form == *form));
    }
}

#[test]
fn two_thousand_tokens_are_no_trouble() {
    let forms: Vec<String> =
        ["que", "Paris", ",", "et"].iter().cycle().take(2000).map(|f| (*f).to_owned()).collect();
    assert_tree(&french().parse(&tokens(&forms)), 2000);
}

#[test]
fn a_passive_with_agent_is_read() {
    let tree =
        french().parse_forms(&["Cette", "attaque", "a", "été", "condamnée", "par", "la", "Russie", "."]);
    let node = |i: usize| (tree.nodes[i].head, tree.nodes[i].deprel);
    assert_eq!(node(4), (None, Deprel::Root));
    assert_eq!(node(1), (Some(4), Deprel::NsubjPass));
    assert_eq!(node(3), (Some(4), Deprel::AuxPass));
    assert_eq!(node(7), (Some(4), Deprel::OblAgent));
    assert_eq!((tree.nodes[4].lemma.as_str(), tree.nodes[4].upos), ("condamner", Upos::Verb));
    assert_eq!((tree.nodes[1].gender, tree.nodes[1].number), (Gender::Feminine, Number::Singular));
}

#[test]
fn verbs_of_diplomacy_have_their_infinitives() {
    let morphology = Morphology::load(&Data::embedded(), "fr").unwrap();
    let forms = [
        ("condamnèrent", "condamner"),
        ("condamnées", "condamner"),
        ("insurgés", "insurger"),
        ("insurge", "insurger"),
        ("met", "mettre"),
        ("mis", "mettre"),
        ("mettraient", "mettre"),
        ("accusât", "accuser"),
        ("soutiennent", "soutenir"),
        ("soutenue", "soutenir"),
        ("reconnaîtra", "reconnaître"),
        ("reconnu", "reconnaître"),
        ("dénonçant", "dénoncer"),
        ("rejettera", "rejeter"),
        ("appelle", "appeler"),
        ("exigeait", "exiger"),
        ("craignent", "craindre"),
        ("promis", "promettre"),
        ("déplore", "déplorer"),
        ("menaça", "menacer"),
        ("enjoint", "enjoindre"),
        ("convaincu", "convaincre"),
        ("opposèrent", "opposer"),
        ("suspendu", "suspendre"),
        ("démentit", "démentir"),
        ("veut", "vouloir"),
        ("tient", "tenir"),
        ("dit", "dire"),
        ("fait", "faire"),
        ("est", "être"),
        ("fustigé", "fustiger"),
        ("réprouve", "réprouver"),
        ("avertit", "avertir"),
        ("abstenus", "abstenir"),
        ("salué", "saluer"),
        ("qualifie", "qualifier"),
    ];
    let wrong: Vec<_> = forms
        .iter()
        .map(|(form, lemma)| (*form, morphology.analyse(form, Upos::Verb).0, *lemma))
        .filter(|(_, found, lemma)| found != lemma)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn english_verbs_have_their_infinitives() {
    let morphology = Morphology::load(&Data::embedded(), "en").unwrap();
    let forms = [
        ("condemned", "condemn"),
        ("condemns", "condemn"),
        ("denied", "deny"),
        ("denies", "deny"),
        ("denying", "deny"),
        ("urges", "urge"),
        ("urged", "urge"),
        ("urging", "urge"),
        ("accused", "accuse"),
        ("accusing", "accuse"),
        ("rejected", "reject"),
        ("vetoed", "veto"),
        ("vetoes", "veto"),
        ("called", "call"),
        ("vowed", "vow"),
        ("warned", "warn"),
        ("threatened", "threaten"),
        ("sanctioned", "sanction"),
        ("recognised", "recognise"),
        ("recognized", "recognize"),
        ("praised", "praise"),
        ("denounced", "denounce"),
        ("deplored", "deplore"),
        ("pledged", "pledge"),
        ("abstained", "abstain"),
        ("backed", "back"),
        ("withdrew", "withdraw"),
        ("said", "say"),
        ("told", "tell"),
        ("expelled", "expel"),
        ("suspended", "suspend"),
        ("welcomed", "welcome"),
        ("criticised", "criticise"),
        ("criticized", "criticize"),
        ("opposes", "oppose"),
        ("imposed", "impose"),
    ];
    let wrong: Vec<_> = forms
        .iter()
        .map(|(form, lemma)| (*form, morphology.analyse(form, Upos::Verb).0, *lemma))
        .filter(|(_, found, lemma)| found != lemma)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn nouns_and_adjectives_go_back_to_masculine_singular() {
    let morphology = Morphology::load(&Data::embedded(), "fr").unwrap();
    let lemma = |form: &str, upos| morphology.analyse(form, upos).0;
    assert_eq!(lemma("sanctions", Upos::Noun), "sanction");
    assert_eq!(lemma("généraux", Upos::Noun), "général");
    assert_eq!(lemma("Américaines", Upos::Adj), "américain");
    assert_eq!(lemma("nouvelles", Upos::Adj), "nouveau");
    assert_eq!(lemma("pays", Upos::Noun), "pays");
    assert_eq!(lemma("Pyongyang", Upos::Propn), "Pyongyang");
    assert_eq!(lemma("zorglubeuses", Upos::Adj), "zorglubeux");
}

#[test]
fn morphology_files_name_the_line_at_fault() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("languages/xx")).unwrap();
    let file = folder.path().join("languages/xx/morphology.tsv");
    for (text, line) in
        [("[forms]\na\tb\tNOUN\tms--\na\tb\tTHING\tms--\n", "line 3"), ("[stems]\nx\t7\n", "line 2")]
    {
        std::fs::write(&file, text).unwrap();
        let error = Morphology::load(&Data::open(folder.path()).unwrap(), "xx").err().unwrap().to_string();
        assert!(error.contains("languages/xx/morphology.tsv") && error.contains(line), "{error}");
    }
}

/// Loads a model file of these bytes; gives what the operator reads.
fn fault(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("models")).unwrap();
    std::fs::write(folder.path().join("models/xx.syntax"), bytes).unwrap();
    let error = Parser::load(&Data::open(folder.path()).unwrap(), "xx").err().unwrap().to_string();
    assert!(error.contains("models/xx.syntax"), "{error}");
    error
}

#[test]
fn broken_and_foreign_models_are_named_with_a_remedy() {
    let data = Data::embedded();
    let good = data.bytes("models/fr.syntax").unwrap();
    let mut flipped = good.to_vec();
    *flipped.last_mut().unwrap() ^= 1;
    let mut longer = good.to_vec();
    longer[20] ^= 1;
    let mut other = good.to_vec();
    other[16] = 250;
    for bytes in [&flipped, &longer, &good[..good.len() / 2], &good[..30], &good[..7]] {
        assert!(fault(bytes).contains("is broken") && fault(bytes).contains("demarche train syntax"));
    }
    assert!(fault(&other).contains("has format 250"));
    for bytes in [&b""[..], b"{}", b"an entirely different kind of file, longer than the header of a model"] {
        assert!(fault(bytes).contains("is not a syntax model"));
    }
}

#[test]
fn a_missing_model_is_named() {
    let error = Parser::load(&Data::embedded(), "xx").err().unwrap().to_string();
    assert!(error.contains("models/xx.syntax"), "{error}");
}
