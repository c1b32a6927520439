//! Which article a record is, and which version of it.

use std::cmp::Ordering;

use super::{Article, fields::Fields};

/// The identity of a record, its revision apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub uri: String,
    pub version: String,
    pub provider: Option<String>,
}

impl Identity {
    /// `None` where neither a field nor the `subject` of the envelope names the article.
    pub(super) fn read(fields: &Fields, subject: Option<String>) -> Option<Self> {
        let subject = subject.filter(|s| !s.trim().is_empty());
        let written = fields.text(&["uri", "guid", "id", "identifier"]).or(subject)?;
        let (uri, revision) = without_revision(&written);
        let version = fields.text(&["version", "versionnumber", "revision"]).map(|v| plain_number(&v));
        let version = version.or_else(|| revision.map(str::to_owned)).unwrap_or_else(|| "1".to_owned());
        Some(Self { uri: uri.to_owned(), version, provider: provider(fields) })
    }

    pub(super) fn id(&self) -> String {
        self.provider.as_ref().map_or_else(|| self.uri.clone(), |provider| format!("{provider}/{}", self.uri))
    }
}

fn provider(fields: &Fields) -> Option<String> {
    // A list of several sources may change its order from version to version: it identifies nothing.
    let sole = |name| fields.get(&[name]).filter(|v| v.as_array().is_none_or(|items| items.len() == 1));
    fields
        .text(&["provider", "source"])
        .or_else(|| ["infosources", "infosource"].into_iter().find_map(sole).and_then(super::fields::text_of))
}

/// Cuts a revision off the end of a `urn:newsml:` or `tag:` name or a query.
///
/// `urn:newsml:afp.com:20221004:TX-PAR-ABC12:2U` has revision `2`; `tag:reuters.com,2022:newsml_L8N31:5` has `5`.
/// Other names end in digits that are part of the identity.
fn without_revision(uri: &str) -> (&str, Option<&str>) {
    for mark in ["?version=", "&version=", "?v=", ";version=", "#version=", "#v"] {
        if let Some((front, revision)) = uri.rsplit_once(mark).filter(|(f, r)| !f.is_empty() && is_digits(r))
        {
            return (front, Some(revision));
        }
    }
    let parts = uri.split(':').count();
    let may_have_one = uri.starts_with("urn:newsml:") && parts >= 6 || uri.starts_with("tag:") && parts >= 4;
    match uri.rsplit_once(':') {
        Some((front, last)) if may_have_one => {
            // The letter tells a new item from an update (RFC 3085).
            let digits = last.strip_suffix(['N', 'U', 'A']).unwrap_or(last);
            if is_digits(digits) { (front, Some(digits)) } else { (uri, None) }
        }
        _ => (uri, None),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// "2.0" and "2" are one version.
fn plain_number(version: &str) -> String {
    version.strip_suffix(".0").filter(|v| is_digits(v)).unwrap_or(version).to_owned()
}

/// Orders two versions of one article: by when they were made where both tell, then by number.
pub fn compare_versions(a: &Article, b: &Article) -> Ordering {
    let made = match (&a.version_created, &b.version_created) {
        (Some(a), Some(b)) => a.timestamp().cmp(&b.timestamp()),
        _ => Ordering::Equal,
    };
    made.then_with(|| compare_numbers(&a.version, &b.version))
}

/// Compares runs of digits as numbers ("9" before "10", "1.9" before "1.10"), the rest as text.
fn compare_numbers(mut left: &str, mut right: &str) -> Ordering {
    loop {
        let (run, other_run) = (digits(left), digits(right));
        let order = if run.is_empty() || other_run.is_empty() {
            let (first, other) = (left.chars().next(), right.chars().next());
            if first.is_none() || first != other {
                return first.cmp(&other);
            }
            let length = first.map_or(0, char::len_utf8);
            (left, right) = (&left[length..], &right[length..]);
            continue;
        } else {
            let (number, other) = (run.trim_start_matches('0'), other_run.trim_start_matches('0'));
            number.len().cmp(&other.len()).then_with(|| number.cmp(other))
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (&left[run.len()..], &right[other_run.len()..]);
    }
}

fn digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

impl Article {
    /// Whether nothing can have been published of this article before: it is numbered 0 or 1 (or not at all) and
    /// was not made later than the article's first publication.
    pub fn is_first_version(&self) -> bool {
        let is_numbered_first = compare_numbers(&self.version, "1") != Ordering::Greater;
        let is_made_later = match (&self.published, &self.version_created) {
            (Some(first), Some(this)) => this.timestamp() > first.timestamp(),
            _ => false,
        };
        is_numbered_first && !is_made_later
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_cut_where_a_scheme_has_them() {
        for (written, uri, revision) in [
            (
                "urn:newsml:afp.com:20221004:TX-PAR-ABC12:2U",
                "urn:newsml:afp.com:20221004:TX-PAR-ABC12",
                Some("2"),
            ),
            ("urn:newsml:afp.com:20221004T080000Z:d1e2", "urn:newsml:afp.com:20221004T080000Z:d1e2", None),
            (
                "tag:reuters.com,2022:newsml_L8N31G:1464832473",
                "tag:reuters.com,2022:newsml_L8N31G",
                Some("1464832473"),
            ),
            ("tag:reuters.com,2022:newsml_L8N31G", "tag:reuters.com,2022:newsml_L8N31G", None),
            (
                "urn:newsml:localhost:2022-10-04T08:00:00.12:6f3c-11",
                "urn:newsml:localhost:2022-10-04T08:00:00.12:6f3c-11",
                None,
            ),
            ("https://exemple.org/depeche/3?version=2", "https://exemple.org/depeche/3", Some("2")),
            ("https://exemple.org/depeche/3", "https://exemple.org/depeche/3", None),
            ("urn:exemple:2026:0302", "urn:exemple:2026:0302", None),
        ] {
            assert_eq!(without_revision(written), (uri, revision));
        }
    }

    #[test]
    fn versions_compare_as_numbers() {
        for (a, b, order) in [
            ("9", "10", Ordering::Less),
            ("1.9", "1.10", Ordering::Less),
            ("02", "2", Ordering::Equal),
            ("v2", "v1", Ordering::Greater),
            ("", "1", Ordering::Less),
            ("99999999999999999999999", "100000000000000000000000", Ordering::Less),
        ] {
            assert_eq!(compare_numbers(a, b), order, "{a} {b}");
        }
    }
}
