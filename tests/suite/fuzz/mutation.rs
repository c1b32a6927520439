//! Small changes to bytes, as proptest makes them and takes them back.

use proptest::{collection::vec, prelude::*, sample::Index, strategy::BoxedStrategy};

/// What parsers of JSON, HTML, TOML, dates and languages stumble over.
const TOKENS: [&[u8]; 44] = [
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"\0",
    b"\n",
    b"\r\n",
    b"\t",
    b"<",
    b">",
    b"</p>",
    b"<!--",
    b"<![CDATA[",
    b"<p ",
    b"&#x110000;",
    b"&amp;",
    b"&",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\xcc\x81",
    b"\xc4\xb0",
    b"\xc2\xab\xc2\xa0",
    b"\xe2\x80\x99",
    b"\xf0\x9f\x87\xab",
    b"=",
    b"[[",
    b"'''",
    b"../",
    b"9999-12-31T23:59:60+99:99",
    b"0000000000000000000000001",
];

#[derive(Debug, Clone)]
enum Mutation {
    Flip {
        at: Index,
        bit: u8,
    },
    Insert {
        at: Index,
        token: &'static [u8],
    },
    Cut {
        at: Index,
        length: Index,
    },
    Truncate {
        at: Index,
    },
    Repeat {
        at: Index,
        length: usize,
        times: usize,
    },
    /// A part of another file of the corpus.
    Splice {
        at: Index,
        other: Index,
        from: Index,
        length: usize,
    },
}

/// Any file of the corpus after a few changes.
pub(super) fn changed(seeds: Vec<Vec<u8>>) -> BoxedStrategy<Vec<u8>> {
    let at = any::<Index>;
    let mutation = prop_oneof![
        (at(), 0..8_u8).prop_map(|(at, bit)| Mutation::Flip { at, bit }),
        (at(), prop::sample::select(&TOKENS[..])).prop_map(|(at, token)| Mutation::Insert { at, token }),
        (at(), at()).prop_map(|(at, length)| Mutation::Cut { at, length }),
        at().prop_map(|at| Mutation::Truncate { at }),
        (at(), 1..40_usize, 1..60_usize).prop_map(|(at, length, times)| Mutation::Repeat {
            at,
            length,
            times
        }),
        (at(), at(), at(), 1..200_usize).prop_map(|(at, other, from, length)| Mutation::Splice {
            at,
            other,
            from,
            length
        }),
    ];
    (at(), vec(mutation, 1..8))
        .prop_map(move |(seed, mutations)| {
            mutations.iter().fold(seeds[seed.index(seeds.len())].clone(), |bytes, m| m.apply(bytes, &seeds))
        })
        .boxed()
}

impl Mutation {
    fn apply(&self, mut bytes: Vec<u8>, seeds: &[Vec<u8>]) -> Vec<u8> {
        let place = |index: &Index| index.index(bytes.len() + 1);
        match self {
            Self::Flip { at, bit } if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            Self::Flip { .. } => {}
            Self::Insert { at, token } => {
                let at = place(at);
                bytes.splice(at..at, token.iter().copied());
            }
            Self::Cut { at, length } => {
                let at = place(at);
                // Mostly little of it.
                let end = (at + length.index(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            Self::Truncate { at } => bytes.truncate(place(at)),
            Self::Repeat { at, length, times } => {
                let at = place(at);
                let part = bytes[at..(at + length).min(bytes.len())].repeat(*times);
                bytes.splice(at..at, part);
            }
            Self::Splice { at, other, from, length } => {
                let (at, other) = (place(at), &seeds[other.index(seeds.len())]);
                let from = from.index(other.len() + 1);
                let part = other[from..(from + length).min(other.len())].to_vec();
                bytes.splice(at..at, part);
            }
        }
        bytes
    }
}
