//! Which language an article is in.

use whichlang::detect_language;

use super::Article;

/// Fewer letters are too few to overrule a tag.
const ENOUGH_LETTERS: usize = 240;
/// Beginning, middle and end must agree against a tag.
const PARTS: usize = 3;
/// Of a language that it does not know the detector guesses now this, now that: more parts must agree.
const PARTS_OF_UNKNOWN: usize = 8;
/// Of fewer letters the detector tells little.
const PART: usize = 60;
/// More tell nothing new.
const SAMPLE: usize = 1_500;

/// Old or long names of languages, and the code in use.
const ALIASES: [(&str, &str); 32] = [
    ("ara", "ar"),
    ("chi", "zh"),
    ("cmn", "zh"),
    ("deu", "de"),
    ("dut", "nl"),
    ("eng", "en"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("ger", "de"),
    ("heb", "he"),
    ("iw", "he"),
    ("hin", "hi"),
    ("ita", "it"),
    ("jpn", "ja"),
    ("kor", "ko"),
    ("nld", "nl"),
    ("por", "pt"),
    ("rus", "ru"),
    ("spa", "es"),
    ("swe", "sv"),
    ("tur", "tr"),
    ("vie", "vi"),
    ("fas", "fa"),
    ("per", "fa"),
    ("pol", "pl"),
    ("ukr", "uk"),
    ("english", "en"),
    ("french", "fr"),
    ("français", "fr"),
    ("francais", "fr"),
    ("spanish", "es"),
    ("arabic", "ar"),
];

/// A language tag in lower case with `-` between its parts; `None` where it names no language.
pub(super) fn tag(written: &str) -> Option<String> {
    let tag = written.trim().to_lowercase().replace('_', "-");
    let primary = tag.split('-').next().unwrap_or_default();
    if let Some((_, code)) = ALIASES.iter().find(|(name, _)| *name == primary) {
        return Some(tag.replacen(primary, code, 1));
    }
    let is_code = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    let names_none = matches!(primary, "und" | "mul" | "zxx" | "mis");
    let is_well_formed = tag.len() <= 35 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (is_code && !names_none && is_well_formed).then_some(tag)
}

/// The language's code without region ("fr"): that of the tag, or the one detected where the tag is missing or the
/// whole of a long enough text is plainly in another language.
pub fn language(article: &Article) -> String {
    let tagged = article.language.as_deref().and_then(|tag| tag.split('-').next());
    let Some(tagged) = tagged else { return detect(article) };
    match agreed(&article.body, PARTS) {
        Some(found) if found != tagged && is_detectable(tagged) => found.to_owned(),
        _ => tagged.to_owned(),
    }
}

fn detect(article: &Article) -> String {
    let text: String =
        article.headline.chars().chain(['\n']).chain(article.body.chars()).take(SAMPLE).collect();
    code(&text).to_owned()
}

/// The language of a long enough text whose tag may name one that the detector does not know, or none at all: only what
/// every part of it says.
pub fn plain_language(article: &Article) -> Option<&'static str> {
    let parts = article.body.chars().take(PARTS_OF_UNKNOWN * PART).count() / PART;
    agreed(&article.body, parts.max(PARTS))
}

/// The language on which all of the `parts` agree.
fn agreed(text: &str, parts: usize) -> Option<&'static str> {
    let chars: Vec<char> = text.chars().take(4 * SAMPLE).collect();
    if chars.iter().filter(|c| c.is_alphabetic()).count() < ENOUGH_LETTERS {
        return None;
    }
    let mut found =
        chars.chunks(chars.len().div_ceil(parts)).map(|part| code(&part.iter().collect::<String>()));
    let first = found.next()?;
    found.all(|code| code == first).then_some(first)
}

/// Whether the detector knows the language: of others it can say nothing.
fn is_detectable(code: &str) -> bool {
    whichlang::LANGUAGES.iter().any(|lang| short(lang.three_letter_code()) == code)
}

fn code(text: &str) -> &'static str {
    short(detect_language(text).three_letter_code())
}

fn short(three_letters: &'static str) -> &'static str {
    ALIASES.iter().find(|(name, _)| *name == three_letters).map_or(three_letters, |(_, code)| code)
}
