use super::*;
use crate::{data::Data, evaluation, syntax::Parser};

/// Sentences of ours: subject, verb, object, and a prepositional phrase that hangs on the object.
fn treebank() -> Vec<treebank::Sentence> {
    let row = "\
1\tLa\tle\tDET\t_\tGender=Fem|Number=Sing\t2\tdet\t_\t_
2\tFrance\tFrance\tPROPN\t_\t_\t3\tnsubj\t_\t_
3\tcondamne\tcondamner\tVERB\t_\tVerbForm=Fin\t0\troot\t_\t_
4\tl'\tle\tDET\t_\t_\t5\tdet\t_\t_
5\tattaque\tattaque\tNOUN\t_\t_\t3\tobj\t_\t_
6\tde\tde\tADP\t_\t_\t7\tcase\t_\t_
7\tKiev\tKiev\tPROPN\t_\t_\t5\tnmod\t_\t_
8\t.\t.\tPUNCT\t_\t_\t3\tpunct\t_\t_

";
    let others = [
        row.to_owned(),
        row.replace("France", "Russie").replace("condamne", "rejette").replace("attaque", "offre"),
        row.replace("France", "Chine").replace("condamne", "salue").replace("Kiev", "Minsk"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ours.conllu");
    std::fs::write(&path, others.concat()).unwrap();
    treebank::read(&path).unwrap()
}

fn small() -> Settings {
    Settings { min_count: 1, tag_bits: 10, move_bits: 12, label_bits: 10, shuffles: 2, ..Settings::default() }
}

fn trained(settings: &Settings) -> Vec<u8> {
    train(&treebank(), &[], &Morphology::default(), settings, &|_, _| {})
}

#[test]
fn training_twice_gives_the_same_bytes() {
    assert!(trained(&small()) == trained(&small()));
}

#[test]
fn other_settings_give_another_model() {
    assert!(trained(&small()) != trained(&Settings { shuffles: 1, parser_epochs: 1, ..small() }));
}

#[test]
fn a_small_treebank_is_learned() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("models")).unwrap();
    std::fs::write(folder.path().join("models/xx.syntax"), trained(&small())).unwrap();
    let parser = Parser::load(&Data::open(folder.path()).unwrap(), "xx").unwrap();
    let score = evaluation::syntax::evaluate(&parser, &treebank());
    assert_eq!((score.words, score.upos, score.las), (24, 24, 24), "\n{score}");
}

#[test]
fn progress_counts_to_the_end() {
    let last = std::sync::Mutex::new((0, 0));
    train(&treebank(), &[], &Morphology::default(), &small(), &|seen, all| {
        let mut last = last.lock().unwrap();
        *last = (last.0.max(seen), all);
    });
    let (seen, all) = *last.lock().unwrap();
    assert_eq!(seen, all);
}
