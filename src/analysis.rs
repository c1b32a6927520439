//! The way through, from an article to its findings: a pure function of article and data.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    actors::{Context, Gazetteer, Relations},
    article::{self, Article, ArticleStatus, BodySource},
    council::{self, Council, CouncilAction, Parsed, weighing::Examples},
    data::{Data, DataError},
    discourse::{
        authorship::Acts,
        descriptions::Descriptions,
        parts::Parts,
        prominence::Prominence,
        reading::Reading,
        speech::{Speech, SpeechWords},
        time::TimeResolver,
    },
    stances::{
        LanguageRules, Quoted, Stance,
        examples::{self, ExampleFault},
        factuality::Calendar,
        frames::Scene,
        matching::Triggers,
        proposals::Proposal,
        selection::{self, Keep},
    },
    syntax::{Grammar, Parser, Tree},
    text::{Document, Segmenter},
};

/// What was found in one article.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Language whose data was used, `fr`.
    pub language: String,
    pub document: Document,
    pub stances: Vec<Stance>,
    pub actions: Vec<CouncilAction>,
}

/// Why an article was not read: not the same as finding nothing in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnalysed {
    #[error("no data for language `{0}`")]
    Language(String),
    #[error("item type `{0}` is not text")]
    ItemType(String),
}

/// All languages of a data folder, loaded once; shared by threads.
#[derive(Debug)]
pub struct Analyser {
    languages: BTreeMap<String, Language>,
    /// Digest of the data: tells which rules made an event.
    rules: String,
}

/// Everything that one language needs.
#[derive(Debug)]
struct Language {
    segmenter: Segmenter,
    parser: Parser,
    grammar: Grammar,
    gazetteer: Gazetteer,
    relations: Relations,
    time: TimeResolver,
    speech: SpeechWords,
    descriptions: Descriptions,
    rules: LanguageRules,
    council: Council,
}

impl Language {
    fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let gazetteer = Gazetteer::load(data, language)?;
        Ok(Self {
            relations: Relations::load(data, &gazetteer)?,
            gazetteer,
            segmenter: Segmenter::load(data, language)?,
            parser: Parser::load(data, language)?,
            grammar: Grammar::load(data, language)?,
            time: TimeResolver::load(data, language)?,
            speech: SpeechWords::load(data, language)?,
            descriptions: Descriptions::load(data, language)?,
            rules: LanguageRules::load(data, language)?,
            council: Council::load(data, language)?,
        })
    }
}

/// An article after syntax and actors, before stances.
struct Prepared<'a> {
    language: &'a Language,
    tag: String,
    document: Document,
    trees: Vec<Tree>,
    mentions: Vec<crate::actors::Mention>,
    published: Option<Date>,
    /// Fewer than two actors are named: nothing was parsed, and nothing can be found.
    silent: bool,
}

impl Analyser {
    /// Loads every language of the folder that has a syntax model.
    ///
    /// # Errors
    /// A file is missing or broken; the message names it.
    pub fn load(data: &Data) -> Result<Self, DataError> {
        let mut languages = BTreeMap::new();
        for path in data.paths("models/") {
            if let Some(language) = path.strip_prefix("models/").and_then(|p| p.strip_suffix(".syntax")) {
                languages.insert(language.to_owned(), Language::load(data, language)?);
            }
        }
        Ok(Self { languages, rules: data.digest() })
    }

    /// Digest of the data as loaded.
    pub fn rules(&self) -> &str {
        &self.rules
    }

    /// Tags of the languages that can be read.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.keys().map(String::as_str)
    }

    /// Stances and Council actions of an article: the same article and data give the same findings, always.
    ///
    /// # Errors
    /// [`NotAnalysed`] where the article is no text or its language has no data.
    pub fn analyse(&self, article: &Article, keep: Keep) -> Result<Analysis, NotAnalysed> {
        let prepared = self.prepare(article)?;
        if prepared.silent {
            let Prepared { tag: language, document, .. } = prepared;
            return Ok(Analysis { language, document, stances: Vec::new(), actions: Vec::new() });
        }
        let stances = prepared.scene(|scene, calendar| selection::stances(scene, calendar, keep));
        let actions = prepared.language.council.actions(&prepared.parsed());
        Ok(Analysis { language: prepared.tag, document: prepared.document, stances, actions })
    }

    /// Hands all proposals of an article, with named features, to `read`: for training. The second argument
    /// gives the words of a proposal's clause.
    ///
    /// # Errors
    /// As [`Analyser::analyse`].
    pub fn with_proposals<T>(
        &self,
        article: &Article,
        read: impl FnOnce(&[Proposal], &dyn Fn(&Proposal) -> Quoted) -> T,
    ) -> Result<T, NotAnalysed> {
        let prepared = self.prepare(article)?;
        Ok(prepared
            .scene(|scene, _| read(&selection::all_proposals(scene), &|p| selection::evidence(scene, p))))
    }

    /// What the models of the Council's doings see of an article, with named features: for training.
    ///
    /// # Errors
    /// As [`Analyser::analyse`].
    pub fn council_examples(&self, article: &Article) -> Result<Examples, NotAnalysed> {
        let prepared = self.prepare(article)?;
        Ok(prepared.language.council.examples(&prepared.parsed()))
    }

    /// Runs the examples of a language's lexicon; what is promised and not found.
    ///
    /// # Errors
    /// [`NotAnalysed::Language`] where the language has no data.
    pub fn example_faults(&self, language: &str) -> Result<Vec<ExampleFault>, NotAnalysed> {
        let rules =
            &self.languages.get(language).ok_or_else(|| NotAnalysed::Language(language.to_owned()))?.rules;
        let keep = Keep { explain: false, floor: Some(0.0) };
        Ok(examples::faults(&rules.lexicon, |sentence| {
            self.analyse(&example(language, sentence), keep).map(|a| a.stances).unwrap_or_default()
        }))
    }

    /// The article's language, or the one of its text where no data has the tag's and the text is plainly in one that
    /// data has.
    fn language_of(&self, article: &Article) -> String {
        let tag = article::language(article);
        if self.languages.contains_key(&tag) {
            return tag;
        }
        let plain = article::plain_language(article).filter(|code| self.languages.contains_key(*code));
        plain.map_or(tag, str::to_owned)
    }

    fn prepare(&self, article: &Article) -> Result<Prepared<'_>, NotAnalysed> {
        if article.item_type != "text" {
            return Err(NotAnalysed::ItemType(article.item_type.clone()));
        }
        let tag = self.language_of(article);
        let language = self.languages.get(&tag).ok_or_else(|| NotAnalysed::Language(tag.clone()))?;
        let document = language.segmenter.document(&article.headline, &article.body);
        // A stance needs two actors, a Council action the Council: most articles are not parsed at all.
        let silent = !language.gazetteer.names_two_or(council::CODE, &document);
        let read = if silent { &[][..] } else { &document.sentences[..] };
        let trees: Vec<Tree> = read.iter().map(|s| language.parser.parse(&s.tokens)).collect();
        let published =
            article.published.as_ref().or(article.version_created.as_ref()).map(jiff::ZonedDateTime::date);
        let context = Context { provider: None, dateline: article.dateline.clone() };
        let mentions = if silent {
            Vec::new()
        } else {
            language.gazetteer.mentions(&document, &trees, published, &context)
        };
        Ok(Prepared { language, tag, document, trees, mentions, published, silent })
    }
}

impl Prepared<'_> {
    fn parsed(&self) -> Parsed<'_> {
        Parsed {
            document: &self.document,
            trees: &self.trees,
            mentions: &self.mentions,
            published: self.published,
            times: &self.language.time,
        }
    }

    fn scene<T>(&self, read: impl FnOnce(&Scene, &Calendar) -> T) -> T {
        let reading =
            Reading::new(&self.document, &self.trees, &self.mentions, &self.language.grammar, self.published);
        let speech = Speech::new(&reading, &self.language.speech);
        let acts = Acts::new(&reading);
        let prominence = Prominence::new(&reading);
        let parts = Parts::new(&reading);
        let calendar = Calendar::new(&reading, &self.language.time);
        let triggers = Triggers::new(&reading, &self.language.rules.lexicon);
        let scene = Scene {
            reading: &reading,
            speech: &speech,
            acts: &acts,
            descriptions: &self.language.descriptions,
            prominence: &prominence,
            parts: &parts,
            relations: &self.language.relations,
            triggers: &triggers,
            rules: &self.language.rules,
        };
        read(&scene, &calendar)
    }
}

/// An article of one sentence, for the examples of the lexicon.
fn example(language: &str, sentence: &str) -> Article {
    Article {
        id: "example".to_owned(),
        uri: "example".to_owned(),
        version: "1".to_owned(),
        provider: None,
        language: Some(language.to_owned()),
        published: None,
        version_created: None,
        headline: String::new(),
        body: sentence.to_owned(),
        body_source: BodySource::PlainText,
        status: ArticleStatus::Usable,
        dateline: None,
        item_type: "text".to_owned(),
    }
}
