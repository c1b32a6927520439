use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::data::Data;

fn segmenter(language: &str) -> Segmenter {
    Segmenter::load(&Data::embedded(), language).expect("the data compiled in")
}

/// Sentences of a body, tokens parted by one space.
fn cut(language: &str, body: &str) -> Vec<String> {
    forms(&segmenter(language).document("", body))
}

fn forms(document: &Document) -> Vec<String> {
    let words = |s: &Sentence| s.tokens.iter().map(|t| t.form.as_str()).collect::<Vec<_>>().join(" ");
    document.sentences.iter().map(words).collect()
}

/// Every offset leads back to the published text, in order and without overlap.
fn check_offsets(document: &Document) -> Result<(), TestCaseError> {
    let mut last = None;
    for sentence in &document.sentences {
        let Some((first, end)) = sentence.tokens.first().zip(sentence.tokens.last()) else {
            return Err(TestCaseError::fail("a sentence without tokens"));
        };
        prop_assert_eq!((sentence.span.start, sentence.span.end), (first.start, end.end));
        for token in &sentence.tokens {
            let written =
                document.slice(Span { field: sentence.span.field, start: token.start, end: token.end });
            prop_assert_eq!(written.chars().count() as u32, token.end - token.start);
            prop_assert!(!token.form.is_empty() && token.start < token.end);
            let here = (sentence.span.field, token.start);
            prop_assert!(last.is_none_or(|l| l <= here), "tokens overlap");
            last = Some((sentence.span.field, token.end));
        }
    }
    Ok(())
}

#[test]
fn french_words() {
    for (text, tokens) in [
        ("L’Islande n'a qu’un avis", "L' Islande n' a qu' un avis"),
        ("jusqu'à l'ONU aujourd'hui", "jusqu' à l' ONU aujourd' hui"),
        ("dit-il, a-t-elle dit, est-ce", "dit -il , a -t-elle dit , est -ce"),
        ("donnez-le-moi au rendez-vous", "donnez -le -moi au rendez-vous"),
        ("Jean-Yves Le Drian, l'ex-ministre", "Jean-Yves Le Drian , l' ex-ministre"),
        ("le texte S/2022/720 et S/PV.9143.", "le texte S/2022/720 et S/PV.9143 ."),
        ("1 000 et 7.169.550, 3,5% à 19H00", "1 000 et 7.169.550 , 3,5 % à 19H00"),
        ("1\u{202f}000\u{a0}euros en 2022 100 fois", "1 000 euros en 2022 100 fois"),
        ("M. Poutine, J.-Y. Martin, Mme X", "M. Poutine , J.-Y. Martin , Mme X"),
        ("« Non », dit “elle”", "\" Non \" , dit \" elle \""),
        ("du côté des Etats-Unis aux prud'hommes", "du côté des Etats-Unis aux prud'hommes"),
        ("d'\"opération\" qu'« il »", "d' \" opération \" qu' \" il \""),
        ("pre\u{ad}mier e\u{301}tat", "premier état"),
        ("lemonde.fr et www.un.org/fr, a@b.org", "lemonde.fr et www.un.org/fr , a@b.org"),
        ("l'O'Brien de N'Djamena et M'Bala", "l' O'Brien de N'Djamena et M'Bala"),
        ("(...) Et/ou ?!", "( ... ) Et / ou ?!"),
    ] {
        let expected = tokens.replace("aujourd' hui", "aujourd'hui");
        assert_eq!(cut("fr", text).join(" "), expected, "{text}");
    }
}

#[test]
fn english_words() {
    for (text, tokens) in [
        ("I don’t, he can't, cannot", "I do n't , he ca n't , can not"),
        ("China's and the members' US-backed e-mail", "China 's and the members ' US - backed e-mail"),
        ("the U.S. and U.N. at 5 p.m. on Sept. 11", "the U.S. and U.N. at 5 p.m. on Sept. 11"),
        ("$1,200.50 on 2022-10-04, 13-0-2", "$ 1,200.50 on 2022-10-04 , 13-0-2"),
        ("O'Brien said “no”", "O'Brien said \" no \""),
    ] {
        assert_eq!(cut("en", text).join(" "), tokens, "{text}");
    }
}

#[test]
fn french_sentences() {
    for (text, count) in [
        ("Un. Deux.", 2),
        ("\"Il faut partir!\", a déclaré le ministre.", 1),
        ("\"Partons!\" a lancé le ministre. Il part.", 2),
        ("« Qui ? » demande-t-il.", 1),
        ("Il a dit: \"Nous partons.\" Le ministre est parti.", 2),
        ("\"Nous partons. Nous rentrons\", a-t-il dit.", 2),
        ("Il cite Oslo.Le président se tait.", 2),
        ("\"Nous partons.\"Les autres restent.", 2),
        ("La séance est levée ?Si ce projet passe, oui.", 2),
        ("De nouvelles séancesLe projet revient lundi.", 2),
        ("M. Martin et Mme. Dupont, etc. Le reste suit.", 2),
        ("Il cite l'art. 5 et le no. 12 du texte, p. 3.", 1),
        ("Trop cher... mais utile. Trop tard... Il part.", 3),
        ("\"Une mesure (...) Rien de plus\", dit-il.", 1),
        ("1. La Chine vote. 2. Le Chili non.", 2),
        ("Le vote est reporté.- Nouvelle menace -La séance reprend.", 3),
        ("Fin de la crise, - Menace de \"rupture\" - Le conseil siège.", 3),
        ("Le vote - prévu lundi - est reporté.", 1),
        ("Un titre\nUne phrase.\n\n\nUne autre", 3),
        ("Une ligne coupée\npar le télescripteur.", 1),
        ("\" \n\"", 2),
        ("Il part. \" \"", 1),
        ("Oslo proteste. AUJOURD'HUI, LES SALLES SONT VIDES.", 2),
        ("", 0),
        (" \n\u{200b} ", 0),
    ] {
        assert_eq!(cut("fr", text).len(), count, "{text}: {:#?}", cut("fr", text));
    }
}

#[test]
fn english_sentences() {
    for (text, count) in [
        ("He met the U.S. envoy. She left the U.S. The talks failed.", 3),
        ("“We agree,” he said. “We sign.” They left.", 3),
        ("Gen. Smith and J. Doe of Acme Inc. met at 3 p.m. Friday.", 1),
        ("He said no. The vote failed.", 2),
        ("\"Never!\" shouted the envoy.", 1),
    ] {
        assert_eq!(cut("en", text).len(), count, "{text}: {:#?}", cut("en", text));
    }
}

#[test]
fn datelines_stand_outside() {
    for (language, text, place, first) in [
        ("fr", "Paris, 4 oct 2022 (AFP) - Le vote a lieu.", Some("Paris"), "Le vote a lieu ."),
        ("fr", "NATIONS UNIES, 29 novembre - Le vote.", Some("NATIONS UNIES"), "Le vote ."),
        ("fr", "NEW YORK (Nations unies) – Le vote.", Some("NEW YORK"), "Le vote ."),
        (
            "fr",
            "Nations unies (Etats-Unis), 4 oct. 2022 (ATS) - \"Non\".",
            Some("Nations unies"),
            "\" Non \" .",
        ),
        ("fr", "(Agence) - Le vote.", None, "Le vote ."),
        ("fr", "BEYROUTH/ALEP (Agence) - Le vote.", Some("BEYROUTH"), "Le vote ."),
        ("fr", "Le vote - prévu lundi - est reporté.", None, "Le vote - prévu lundi - est reporté ."),
        ("fr", "Emmanuel Martin (LR) - qui vote - sort.", None, "Emmanuel Martin ( LR ) - qui vote - sort ."),
        ("en", "UNITED NATIONS, Oct 4 (Agency) - The vote.", Some("UNITED NATIONS"), "The vote ."),
        ("en", "GENEVA — The vote.", Some("GENEVA"), "The vote ."),
        ("en", "Kyiv, Ukraine (Agency) -- The vote.", Some("Kyiv"), "The vote ."),
    ] {
        let document = segmenter(language).document("", text);
        assert_eq!(document.dateline.as_deref(), place, "{text}");
        assert_eq!(forms(&document)[0], first, "{text}");
    }
}

#[test]
fn signoffs_are_no_sentence() {
    for (language, text) in [
        ("fr", "Le vote a lieu.\n\nabc/def"),
        ("fr", "Le vote a lieu.\nbur-mra/avz/cr"),
        ("fr", "Le vote a lieu. abc/def"),
        ("en", "The vote failed.\n(Reporting by Jane Doe; Editing by John Doe)"),
    ] {
        assert_eq!(cut(language, text).len(), 1, "{text}");
    }
    assert_eq!(cut("fr", "Il cite la loi et/ou").join(" "), "Il cite la loi et / ou");
}

#[test]
fn capitals_become_small_again() {
    let body = "Le dirigeant Jong-Un a parlé à Oslo. Un vote de l'ONU a suivi. La République des Étoiles s'est abstenue.";
    for (headline, restored) in [
        ("JONG UN PARLE À L’ONU", "Jong Un parle à l' ONU"),
        ("LA REPUBLIQUE DES ETOILES VOTE", "La République des Étoiles vote"),
        ("WASHINGTON DÉNONCE UN VOTE S/2022/720", "Washington dénonce un vote S/2022/720"),
        ("ONU: vote à Oslo", "ONU : vote à Oslo"),
        ("OTAN", "OTAN"),
    ] {
        let document = segmenter("fr").document(headline, body);
        assert_eq!(forms(&document)[0], restored, "{headline}");
        assert_eq!(document.slice(document.sentences[0].span), headline, "offsets keep what was published");
    }
}

#[test]
fn space_after_is_told() {
    let document = segmenter("fr").document("L'ONU vote.", "");
    let spaces: Vec<bool> = document.sentences[0].tokens.iter().map(|t| t.space_after).collect();
    assert_eq!(spaces, [false, true, false, false]);
}

#[test]
fn a_language_without_data_is_an_error() {
    assert!(Segmenter::load(&Data::embedded(), "tlh").is_err());
}

#[test]
fn no_sentence_and_no_token_is_endless() {
    let many = "mot ".repeat(2_000);
    let document = segmenter("fr").document("", &many);
    assert!(document.sentences.iter().all(|s| s.tokens.len() <= 250));
    assert_eq!(document.sentences.iter().map(|s| s.tokens.len()).sum::<usize>(), 2_000);
    let word = segmenter("fr").document("", &"a".repeat(2_000));
    assert!(word.sentences[0].tokens.iter().all(|t| t.end - t.start <= 201));
}

#[test]
fn time_grows_with_length_only() {
    let segmenter = segmenter("fr");
    for unit in [
        "a",
        "\"",
        "- ",
        "a.",
        "l'",
        "«",
        "• ",
        "A-",
        "1 ",
        "\n",
        "A ",
        "é\u{301}",
        "http://",
        "(",
        "Aa",
        "a@",
    ] {
        let text = unit.repeat(200_000);
        let begun = Instant::now();
        segmenter.document("", &text);
        // Linear work takes some 50 ms; a quadratic one hours.
        assert!(begun.elapsed() < Duration::from_secs(20), "{unit:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_cut(headline in "\\PC{0,40}", body in any::<String>()) {
        for language in ["fr", "en"] {
            check_offsets(&segmenter(language).document(&headline, &body))?;
        }
    }

    #[test]
    fn any_mixture_of_marks_is_cut(
        body in "(l'|qu’|-t-il|n't|'s|[.!?]|\\.\\.\\.|«|»|\"| - |-|M\\.|U\\.N|S/20|1 000|Paris|le |É|\n|\u{ad}|\u{301}|\u{a0}|/|@|°|&| |abc|X){0,40}"
    ) {
        for language in ["fr", "en"] {
            check_offsets(&segmenter(language).document(&body, &body))?;
        }
    }
}
