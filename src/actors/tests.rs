//! Phrases of ours and the codes they must give. Sentences are parsed as in the daemon.

use super::*;
use crate::{data::Data, syntax::Parser, text::Document, text::Segmenter};

struct Bench {
    gazetteer: Gazetteer,
    segmenter: Segmenter,
    parser: Parser,
}

impl Bench {
    fn french() -> Self {
        let data = Data::embedded();
        Self {
            gazetteer: Gazetteer::load(&data, "fr").unwrap(),
            segmenter: Segmenter::load(&data, "fr").unwrap(),
            parser: Parser::load(&data, "fr").unwrap(),
        }
    }

    fn read(&self, day: &str, headline: &str, body: &str) -> (Document, Vec<Mention>) {
        let document = self.segmenter.document(headline, body);
        let trees: Vec<_> = document.sentences.iter().map(|s| self.parser.parse(&s.tokens)).collect();
        let mentions = self.gazetteer.mentions(&document, &trees, day.parse().ok(), &Context::default());
        (document, mentions)
    }

    /// `CODE words` of each mention, joined by `; `.
    fn told(&self, day: &str, body: &str) -> String {
        let (_, mentions) = self.read(day, "", body);
        let told: Vec<String> = mentions.iter().map(|m| format!("{} {}", m.code, m.name)).collect();
        told.join("; ")
    }
}

#[track_caller]
fn all(bench: &Bench, day: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(bench.told(day, text), *expected, "in: {text}");
    }
}

#[test]
fn states_by_name_adjective_capital_and_seat() {
    all(
        &Bench::french(),
        "2022-10-04",
        &[
            ("La Corée du Nord a défendu ce projet.", "PRK La Corée du Nord"),
            (
                "Les Etats-Unis et les Émirats arabes unis se félicitent.",
                "USA Les Etats-Unis; ARE les Émirats arabes unis",
            ),
            ("Le Kremlin rejette ces accusations.", "RUS Le Kremlin"),
            ("Le Quai d'Orsay condamne ces propos.", "FRA Le Quai d'Orsay"),
            (
                "La Maison Blanche et le Pentagone restent prudents.",
                "USA La Maison Blanche; USA le Pentagone",
            ),
            ("L'Elysée dément.", "FRA L'Elysée"),
            ("Paris et Berlin ont signé.", "FRA Paris; DEU Berlin"),
            ("Les démarches américaines irritent Pékin.", "USA américaines; CHN Pékin"),
            ("L'Union soviétique avait mis son veto.", "RUS L'Union soviétique"),
            ("Le Saint-Siège et Taïwan entretiennent des relations.", "VAT Le Saint-Siège; TWN Taïwan"),
        ],
    );
}

#[test]
fn officials_speak_for_their_state() {
    all(
        &Bench::french(),
        "2019-10-04",
        &[
            (
                "Le ministre turc des Affaires étrangères Mevlüt Cavusoglu a condamné ces propos.",
                "TUR Le ministre turc des Affaires étrangères Mevlüt Cavusoglu",
            ),
            (
                "Le chef de la diplomatie européenne a condamné l'attaque.",
                "EU Le chef de la diplomatie européenne",
            ),
            ("Le porte-parole du Kremlin a démenti.", "RUS Le porte-parole du Kremlin"),
            ("La diplomatie russe dénonce une provocation.", "RUS La diplomatie russe"),
            ("Le secrétaire général de l'ONU appelle au calme.", "UN Le secrétaire général de l'ONU"),
            (
                "Le gouvernement libyen d'union nationale a protesté.",
                "GNA Le gouvernement libyen d'union nationale",
            ),
            ("Les forces du maréchal Haftar ont refusé.", "LNA Les forces du maréchal Haftar"),
            ("L'aviation israélienne a riposté.", "ISR L'aviation israélienne"),
            (
                "L'ambassadrice américaine à l'ONU, Kelly Craft, a rejeté le texte.",
                "USA L'ambassadrice américaine à l'ONU, Kelly Craft",
            ),
            (
                "Un porte-parole du ministère chinois des Affaires étrangères a protesté.",
                "CHN Un porte-parole du ministère chinois des Affaires étrangères",
            ),
            ("L'administration Trump a refusé.", "USA L'administration Trump"),
            ("Le gouvernement de Benjamin Netanyahu a refusé.", "ISR Le gouvernement de Benjamin Netanyahu"),
            (
                "Le Premier ministre belge, Charles Michel, s'est dit déçu.",
                "BEL Le Premier ministre belge, Charles Michel",
            ),
            (
                "Le président de la Commission européenne a salué l'accord.",
                "EU Le président de la Commission européenne",
            ),
            (
                "La présidente suisse Karin Exemple a salué l'accord.",
                "CHE La présidente suisse Karin Exemple",
            ),
        ],
    );
}

#[test]
fn those_who_speak_for_no_state_are_other() {
    let bench = Bench::french();
    for text in [
        "L'ancien ministre turc Ali Exemple a condamné ces propos.",
        "L'ex-président bolivien Jorge Exemple a condamné ces propos.",
        "Le député russe Ivan Exemple a condamné ces propos.",
        "Le maire d'Istanbul a condamné ces propos.",
        "L'opposition vénézuélienne a condamné ces propos.",
        "Le président élu chilien a condamné ces propos.",
        "L'organisation Human Rights Watch a condamné ces propos.",
        "Huawei a condamné ces propos.",
        "Le chef du parti conservateur a condamné ces propos.",
        "Le quotidien chinois a condamné ces propos.",
        "L'avocat français Jean Exemple a condamné ces propos.",
    ] {
        let (_, mentions) = bench.read("2019-10-04", "", text);
        let holders: Vec<_> = mentions.iter().filter(|m| m.can_hold).map(|m| &*m.code).collect();
        assert!(!holders.is_empty() && holders.iter().all(|c| *c == "OTHER"), "in: {text}: {mentions:?}");
    }
}

#[test]
fn an_office_counts_only_in_its_dates() {
    let bench = Bench::french();
    for (day, code) in
        [("2016-12-21", "OTHER"), ("2018-05-08", "USA"), ("2022-05-08", "OTHER"), ("2025-05-08", "USA")]
    {
        assert_eq!(
            bench.told(day, "Donald Trump rejette cet accord."),
            format!("{code} Donald Trump"),
            "on {day}"
        );
    }
    assert_eq!(bench.told("", "Antonio Guterres appelle au calme."), "UN Antonio Guterres", "without a date");
}

#[test]
fn an_introduced_person_is_known_everywhere() {
    let bench = Bench::french();
    let text = "Mme Exempla a protesté mardi.\n\nLa ministre islandaise Anna Exempla s'est expliquée. Exempla a conclu.";
    let (_, mentions) = bench.read("2019-10-04", "", text);
    let codes: Vec<_> = mentions.iter().map(|m| (&*m.code, m.person.as_deref())).collect();
    assert_eq!(codes, [("ISL", Some("Anna Exempla")); 3]);
}

#[test]
fn one_phrase_may_name_several() {
    let bench = Bench::french();
    let (_, mentions) = bench.read(
        "2019-10-04",
        "",
        "Les ministres français et allemand des Affaires étrangères condamnent.",
    );
    let told: Vec<_> = mentions.iter().map(|m| (&*m.code, m.head)).collect();
    assert_eq!(told, [("FRA", 1), ("DEU", 1)]);
    let told = bench.told("2019-10-04", "Les deux Corées se parlent.");
    assert!(told.contains("KOR") && told.contains("PRK"), "{told}");
}

#[test]
fn the_council_is_only_that_of_the_united_nations() {
    let bench = Bench::french();
    all(
        &bench,
        "2022-10-04",
        &[
            ("Le Conseil de sécurité russe a tranché.", "RUS Le Conseil de sécurité russe"),
            (
                "Le Conseil de sécurité nationale turc a protesté.",
                "TUR Le Conseil de sécurité nationale turc",
            ),
            (
                "Le Conseil suprême de sécurité nationale iranien a protesté.",
                "IRN Le Conseil suprême de sécurité nationale iranien",
            ),
            ("Le Conseil a voté.", ""),
            ("Les Quinze ont voté.", ""),
            (
                "Le Conseil de sécurité a voté. Les Quinze sont divisés.",
                "UNSC Le Conseil de sécurité; UNSC Les Quinze",
            ),
            ("Le Conseil de sécurité a voté. La Cour d'appel attend.", "UNSC Le Conseil de sécurité"),
        ],
    );
}

#[test]
fn ambiguous_names_are_settled_or_left_out() {
    let bench = Bench::french();
    all(
        &bench,
        "2022-10-04",
        &[
            ("Le Congo proteste.", ""),
            ("Kinshasa proteste. Le Congo proteste.", "COD Kinshasa; COD Le Congo"),
            ("Brazzaville proteste. Le Congo proteste.", "COG Brazzaville; COG Le Congo"),
            ("Le Niger proteste auprès du Nigeria.", "NER Le Niger; NGA Nigeria"),
            (
                "La Guinée équatoriale proteste auprès de la Guinée.",
                "GNQ La Guinée équatoriale; GIN la Guinée",
            ),
            ("La Géorgie proteste.", "GEO La Géorgie"),
            ("La Papouasie-Nouvelle-Guinée proteste.", "PNG La Papouasie-Nouvelle-Guinée"),
        ],
    );
    for text in
        ["Le quotidien cite le Washington Post.", "Michael Jordan proteste.", "Le fleuve Niger déborde."]
    {
        let (_, mentions) = bench.read("2022-10-04", "", text);
        assert!(mentions.iter().all(|m| &*m.code == "OTHER"), "in: {text}: {mentions:?}");
    }
}

#[test]
fn places_and_people_hold_no_position() {
    let bench = Bench::french();
    for text in [
        "Ils se sont réunis à Paris.",
        "Ils vivent en France.",
        "Des Français manifestent.",
        "Kherson attend.",
    ] {
        let (_, mentions) = bench.read("2022-10-04", "", text);
        assert!(!mentions.is_empty() && mentions.iter().all(|m| !m.can_hold), "in: {text}: {mentions:?}");
    }
    let (_, mentions) = bench.read("2022-10-04", "", "Selon Paris, le texte est prêt.");
    assert!(mentions[0].can_hold && mentions[0].via == Via::Capital);
}

#[test]
fn a_verb_behind_a_name_is_no_role_and_a_day_is_nobody() {
    all(
        &Bench::french(),
        "2020-01-01",
        &[
            ("Washington juge illégales ces revendications.", "USA Washington"),
            ("Mardi, les pays du G7 ont exhorté Moscou à agir.", "G7 G7; RUS Moscou"),
        ],
    );
}

#[test]
fn some_members_of_a_body_are_not_the_body() {
    all(
        &Bench::french(),
        "2020-01-01",
        &[
            ("Une dizaine de pays européens ont voté.", ""),
            ("Plusieurs capitales européennes hésitent.", ""),
            ("Les pays européens hésitent.", "EU européens"),
            ("L'unité des pays européens est intacte.", "EU européens"),
        ],
    );
}

#[test]
fn a_name_after_a_comma_is_not_always_the_bearer() {
    let bench = Bench::french();
    let text = "Reçu par son homologue américain, Emmanuel Macron a appelé au calme.";
    let told = bench.told("2018-09-25", text);
    assert!(told.contains("USA son homologue américain;") && told.contains("FRA Emmanuel Macron"), "{told}");
    let (_, mentions) = bench.read("2018-09-25", "", "Hier, Marine Le Pen a salué ce vote.");
    assert!(mentions.iter().all(|m| m.person.is_none() && !m.name.starts_with("la")), "{mentions:?}");
}

#[test]
fn where_an_envoy_is_accredited_is_not_whose_he_is() {
    all(
        &Bench::french(),
        "2020-07-16",
        &[
            (
                "L'ambassadeur chinois auprès des Nations unies, Zhang Jun, a protesté.",
                "CHN L'ambassadeur chinois auprès des Nations unies, Zhang Jun",
            ),
            (
                "Le gouvernement yéménite combat les Houthis.",
                "YEM Le gouvernement yéménite; HOUTHI les Houthis",
            ),
            (
                "La représentante américaine par intérim, Anna Exempla, a protesté.",
                "USA La représentante américaine par intérim, Anna Exempla",
            ),
        ],
    );
}

#[test]
fn letters_in_brackets_stand_for_the_body_from_then_on() {
    let (_, mentions) = Bench::french().read(
        "2017-09-22",
        "",
        "Le Conseil de sécurité nationale turc (MGK) a protesté. Le MGK a demandé une réponse.",
    );
    let codes: Vec<_> = mentions.iter().map(|m| (&*m.code, m.nature)).collect();
    assert_eq!(codes.first(), Some(&("TUR", Nature::Body)));
    assert_eq!(codes.last(), Some(&("TUR", Nature::Body)));
}

#[test]
fn a_bare_president_is_the_last_one_who_was_a_subject() {
    let (_, mentions) = Bench::french().read(
        "2018-11-14",
        "",
        "Emmanuel Macron a répondu mercredi aux critiques de Donald Trump. Le président a appelé au respect.",
    );
    let last = mentions.last().unwrap();
    assert_eq!(
        (&*last.code, last.via, last.person.as_deref()),
        ("FRA", Via::Coreference, Some("Emmanuel Macron"))
    );
}

#[test]
fn allies_are_marked() {
    let (_, mentions) =
        Bench::french().read("2022-10-04", "", "Les Etats-Unis et leurs alliés condamnent Moscou.");
    let marks: Vec<_> = mentions.iter().map(|m| (&*m.code, m.with_allies)).collect();
    assert_eq!(marks, [("USA", true), ("RUS", false)]);
}

#[test]
fn a_bare_office_is_that_of_the_dateline() {
    let bench = Bench::french();
    let document = bench.segmenter.document("", "Le ministre de l'Intérieur a condamné ces propos.");
    let trees: Vec<_> = document.sentences.iter().map(|s| bench.parser.parse(&s.tokens)).collect();
    let mentions = |context: &Context| bench.gazetteer.mentions(&document, &trees, None, context);
    let dated = mentions(&Context { provider: Some("BEL".into()), dateline: Some("MADRID".into()) });
    assert_eq!(&*dated[0].code, "ESP");
    let provided = mentions(&Context { provider: Some("BEL".into()), dateline: None });
    assert_eq!(&*provided[0].code, "BEL");
    assert!(mentions(&Context::default()).is_empty());
}

#[test]
fn spans_lead_back_to_the_words() {
    let (document, mentions) = Bench::french().read(
        "2019-10-04",
        "Syrie : Paris met en garde Moscou",
        "L’ambassadrice américaine à l’ONU, Kelly Craft, a mis en garde l’Égypte. « Ça suffit », répond Le Caire.",
    );
    assert!(mentions.len() >= 6, "{mentions:?}");
    for mention in mentions {
        assert_eq!(document.slice(mention.span), mention.name);
        assert!(mention.first <= mention.head && mention.head < mention.end);
    }
}

#[test]
fn tables_of_every_language_agree_with_themselves() {
    for language in ["fr", "en"] {
        Gazetteer::load(&Data::embedded(), language).unwrap();
    }
}

#[test]
fn a_name_for_two_actors_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for path in Data::embedded().paths("").filter(|p| p.starts_with("actors/") || p.ends_with("roles.toml")) {
        let mut bytes = Data::embedded().bytes(path).unwrap().to_vec();
        if path == "actors/fr/movements.tsv" {
            bytes.extend_from_slice("ELN\tKremlin\t\n".as_bytes());
        }
        let file = dir.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    let message = Gazetteer::load(&Data::open(dir.path()).unwrap(), "fr").unwrap_err().to_string();
    for part in ["`Kremlin`", "actors/fr/movements.tsv", "actors/fr/states.tsv"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_person_counts_as_whom_he_speaks_for_before_anything_is_parsed() {
    let bench = Bench::french();
    let names_two = |text| bench.gazetteer.names_two_or("UNSC", &bench.segmenter.document("", text));
    assert!(names_two("Sergueï Lavrov a reçu Emmanuel Macron."));
    assert!(!names_two("Emmanuel Macron a quitté la France."));
}

#[test]
fn one_actor_is_enough_where_it_is_the_one_asked_for() {
    let bench = Bench::french();
    let document = bench.segmenter.document("", "Le Conseil de sécurité se réunira mardi.");
    assert!(bench.gazetteer.names_two_or("UNSC", &document));
    assert!(!bench.gazetteer.names_two_or("NATO", &document));
}
