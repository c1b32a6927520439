//! Feature hashes: fixed for ever, because the tables of the model files are addressed by them.

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// Spreads a number over 64 bits (the finaliser of splitmix64).
pub(crate) fn spread(value: u64) -> u64 {
    let mut x = value.wrapping_add(FACTOR);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Hash of a text, by its characters.
pub(crate) fn text(text: impl IntoIterator<Item = char>) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325;
    for c in text {
        hash = join(hash, c as u64);
    }
    spread(hash)
}

/// Hash of what was before and one part more.
pub(crate) fn join(before: u64, part: u64) -> u64 {
    (before.rotate_left(23) ^ part).wrapping_mul(FACTOR)
}

/// Collects the features of one decision: each `add` is the next template, told apart by its number.
#[derive(Debug, Default)]
pub(crate) struct Features {
    pub(crate) hashes: Vec<u64>,
}

impl Features {
    pub(crate) fn clear(&mut self) {
        self.hashes.clear();
    }

    pub(crate) fn add<const N: usize>(&mut self, parts: [u64; N]) {
        let mut hash = (self.hashes.len() as u64 + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        for part in parts {
            hash = join(hash, part);
        }
        self.hashes.push(hash);
    }
}
