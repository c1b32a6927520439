//! Named features of an example, as hashes: what the linear models weigh.

use std::fmt::{self, Write as _};

use rustc_hash::FxHasher;

/// Features of one example. Names are kept only where somebody will read them.
#[derive(Debug, Clone, Default)]
pub struct Features {
    pub hashes: Vec<u64>,
    pub names: Option<Vec<String>>,
}

struct Hashed(FxHasher);

impl fmt::Write for Hashed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // FxHasher mixes by call: byte by byte, so that pieces do not matter.
        for byte in text.bytes() {
            std::hash::Hasher::write_u8(&mut self.0, byte);
        }
        Ok(())
    }
}

/// The number that stands for a feature of that name.
pub fn hash(name: fmt::Arguments) -> u64 {
    let mut hashed = Hashed(FxHasher::default());
    let _ = hashed.write_fmt(name);
    std::hash::Hasher::finish(&hashed.0)
}

impl Features {
    pub fn new(named: bool) -> Self {
        Self { hashes: Vec::with_capacity(40), names: named.then(Vec::new) }
    }

    /// All features of several parts, in their order.
    pub fn join(parts: &[&Self]) -> Self {
        let hashes = parts.iter().flat_map(|p| &p.hashes).copied().collect();
        let names = parts.iter().map(|p| p.names.as_deref()).collect::<Option<Vec<_>>>();
        Self { hashes, names: names.map(|n| n.concat()) }
    }

    /// Each feature once, in the order of their hashes.
    #[must_use]
    pub fn distinct(mut self) -> Self {
        if let Some(names) = &mut self.names {
            names.sort_by_key(|name| hash(format_args!("{name}")));
            names.dedup();
        }
        self.hashes.sort_unstable();
        self.hashes.dedup();
        self
    }

    pub fn add(&mut self, name: fmt::Arguments) {
        self.hashes.push(hash(name));
        if let Some(names) = &mut self.names {
            names.push(name.to_string());
        }
    }
}
