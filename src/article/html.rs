//! HTML to the text that a reader sees, paragraphs parted by `\n`.
//!
//! One pass over the tags, without a tree: only where paragraphs end and what is invisible matters here, and so the
//! work grows with the input and with nothing else, however tags are nested or left open.

use scraper::Html;

/// What stands in these is no text of the article.
const DROPPED: [&str; 14] = [
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "figcaption",
    "select",
    "textarea",
    "button",
    "audio",
];
/// Begin and end a paragraph.
const BLOCKS: [&str; 39] = [
    "address",
    "article",
    "aside",
    "block",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hl2",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];
const CELLS: [&str; 2] = ["td", "th"];
/// What stands between these two is read like the rest.
const CDATA: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

/// The visible text; any input goes.
pub(super) fn text(html: &str) -> String {
    let mut out = Text::default();
    let mut rest = html;
    let mut pre_depth = 0_usize;
    let mut in_cdata = false;
    // What was not closed once is not searched for again: the pass stays linear.
    let mut unclosed: Vec<String> = Vec::new();
    while let Some(at) = rest.find('<') {
        out.push_section(&rest[..at], pre_depth > 0, &mut in_cdata);
        rest = &rest[at..];
        let Some(tag) = Tag::read(rest) else {
            out.push("&lt;", false);
            rest = &rest[1..];
            continue;
        };
        in_cdata |= rest.starts_with(CDATA);
        rest = &rest[tag.length..];
        let name = tag.name.as_str();
        if DROPPED.contains(&name) && !tag.is_end && !unclosed.contains(&tag.name) {
            match after_element(rest, name) {
                Some(after) => rest = after,
                None => unclosed.push(tag.name.clone()),
            }
        } else if name == "pre" {
            pre_depth = if tag.is_end { pre_depth.saturating_sub(1) } else { pre_depth + 1 };
        }
        if BLOCKS.contains(&name) {
            out.end_line();
        } else if CELLS.contains(&name) {
            out.has_space = true;
        }
    }
    out.push_section(rest, pre_depth > 0, &mut in_cdata);
    decode(out.finish())
}

/// Whether a text is HTML although nothing says so.
pub(super) fn is_html(text: &str) -> bool {
    text.trim_start().starts_with('<') && (text.contains("</") || text.contains("/>"))
}

/// Whether a text has tags or entities in it.
pub(super) fn has_markup(text: &str) -> bool {
    text.contains("</") || text.contains('&') && text.contains(';') || text.contains("<br")
}

/// Entities to characters: the parser knows them all.
fn decode(text: String) -> String {
    if !text.contains('&') {
        return text;
    }
    // A stray "<" was written as an entity above, so that the parser finds one text and no tag.
    let decoded: String = Html::parse_fragment(&text).root_element().text().collect();
    decoded.trim().to_owned()
}

/// A tag, comment or declaration at the head of some HTML.
struct Tag {
    /// Lower case; empty for comments and declarations.
    name: String,
    is_end: bool,
    /// In bytes.
    length: usize,
}

impl Tag {
    fn read(html: &str) -> Option<Self> {
        if let Some(comment) = html.strip_prefix("<!--") {
            let length = comment.find("-->").map_or(html.len(), |end| end + 7);
            return Some(Self { name: String::new(), is_end: false, length });
        }
        if html.starts_with(CDATA) {
            return Some(Self { name: String::new(), is_end: false, length: CDATA.len() });
        }
        let is_end = html.starts_with("</");
        let inner = &html[if is_end { 2 } else { 1 }..];
        if inner.starts_with(['!', '?']) && !is_end {
            return Some(Self { name: String::new(), is_end: false, length: tag_length(html) });
        }
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end =
            inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':').unwrap_or(inner.len());
        Some(Self { name: inner[..end].to_ascii_lowercase(), is_end, length: tag_length(html) })
    }
}

/// Bytes up to the `>` that ends the tag; a `>` in a quoted attribute does not. An open quotation counts for nothing.
fn tag_length(tag: &str) -> usize {
    let mut quote = None;
    let mut before = b' ';
    for (i, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return i + 1,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    tag.find('>').map_or(tag.len(), |end| end + 1)
}

/// What follows the end tag of `name`; `None` where it is never closed.
fn after_element<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let is_end = |at: &usize| {
        html.as_bytes()[at + 2..].get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
    };
    let at = html.match_indices("</").map(|(at, _)| at).find(is_end)?;
    Some(&html[at + tag_length(&html[at..])..])
}

/// Text under construction: runs of white space are one space, lines are trimmed, empty ones left out.
#[derive(Default)]
struct Text {
    out: String,
    has_space: bool,
}

impl Text {
    /// Text between two tags, without the end of the CDATA section that it may close.
    fn push_section(&mut self, text: &str, keeps_lines: bool, in_cdata: &mut bool) {
        let closed = if *in_cdata { text.split_once(CDATA_END) } else { None };
        let Some((inside, after)) = closed else { return self.push(text, keeps_lines) };
        *in_cdata = false;
        self.push(inside, keeps_lines);
        self.push(after, keeps_lines);
    }

    fn push(&mut self, text: &str, keeps_lines: bool) {
        for c in text.chars() {
            if keeps_lines && c == '\n' {
                self.end_line();
            } else if c.is_ascii_whitespace() {
                self.has_space = true;
            } else {
                if self.has_space && !self.out.is_empty() && !self.out.ends_with('\n') {
                    self.out.push(' ');
                }
                self.has_space = false;
                self.out.push(c);
            }
        }
    }

    fn end_line(&mut self) {
        self.has_space = false;
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn readers_see() {
        for (html, seen) in [
            ("<p>Un.</p><p>Deux.</p>", "Un.\nDeux."),
            ("<p>Un<p>Deux", "Un\nDeux"),
            ("Un<br/>deux<BR >trois", "Un\ndeux\ntrois"),
            ("<ul>\n <li>a</li>\n <li>b</li>\n</ul>", "a\nb"),
            ("<tr><td>Chine</td><td>abstention</td></tr>", "Chine abstention"),
            ("<p>Le\n  <b>pr</b>ojet</p>", "Le projet"),
            (
                "<p>l&rsquo;ONU &amp; l&#8217;UE&nbsp;: &eacute;t&#xe9; &laquo;</p>",
                "l’ONU & l’UE\u{a0}: été «",
            ),
            ("a<!-- <p>b</p> -->c", "ac"),
            ("<script>if (a<b) x = '</p>';</script>vu<style>p > b {}</style>", "vu"),
            ("<a title=\"1 > 0\" href='x'>lien</a>", "lien"),
            ("<a title=\"ouvert>lien</a> suite", "lien suite"),
            ("2 < 3 et 4 > 3", "2 < 3 et 4 > 3"),
            ("<pre>un\ndeux</pre>\ntrois", "un\ndeux\ntrois"),
            ("<!DOCTYPE html><?xml version='1.0'?><p>x", "x"),
            ("<script>jamais fermé, mais <p>lu", "jamais fermé, mais\nlu"),
            ("<![CDATA[<p>Un.</p>]]><p>Deux.</p>", "Un.\nDeux."),
            ("<p><![CDATA[Un]]> et <![CDATA[deux]]></p>", "Un et deux"),
            ("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"),
            ("<p>t[u[0]]>1</p>", "t[u[0]]>1"),
            ("<![CDATA[ouvert <p>lu", "ouvert\nlu"),
            ("&lt;b&gt;", "<b>"),
            ("", ""),
            ("<", "<"),
            ("<p", ""),
        ] {
            assert_eq!(text(html), seen, "{html}");
        }
    }

    #[test]
    fn nesting_costs_nothing() {
        let depth = 100_000;
        let html = format!("{}Texte{}", "<div><b>".repeat(depth), "</b></div>".repeat(depth));
        assert_eq!(text(&html), "Texte");
        assert_eq!(text(&"<script>".repeat(20_000)), "");
    }

    proptest! {
        #[test]
        fn any_text_is_read(html in "(<|>|</|<!--|-->|&|;|amp|p|script|\"|=| |é|\n|\u{0})*") {
            text(&html);
        }
    }
}
