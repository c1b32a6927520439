//! The model file of a language: vocabulary and tables, packed, with version and checksum.

use std::io::{Read, Write};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sha2::{Digest, Sha256};

use super::{Deprel, arcs::MOVES, table::Table, tagger, vocabulary::Vocabulary};

/// Changes with the format, the features and their order: tables trained for others mean nothing.
pub(crate) const VERSION: u32 = 2;
const MAGIC: &[u8; 16] = b"demarche syntax\n";
/// Magic, version, length of the unpacked tables, SHA-256 of the packed ones.
const HEADER: usize = 16 + 4 + 4 + 32;
/// No model comes near; a broken length must not ask for gigabytes.
const MAX_LEN: usize = 1 << 28;

pub(crate) const LABELS: usize = Deprel::ALL.len();

/// All that was learned from the treebanks of a language.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) tags: Table<{ tagger::CLASSES }>,
    pub(crate) moves: Table<MOVES>,
    pub(crate) labels: Table<LABELS>,
}

/// Why bytes are no model; the loader adds the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ModelError {
    #[error("is not a syntax model; restore it or train one with `demarche train syntax`")]
    Foreign,
    #[error(
        "has format {0}, this program reads format {VERSION}; train it anew with `demarche train syntax`, or use the data of this release"
    )]
    Version(u32),
    #[error(
        "is broken (checksum or length differs); restore it or train it anew with `demarche train syntax`"
    )]
    Broken,
}

impl Model {
    /// The bytes of the file: the same model gives the same bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        let entries = self.vocabulary.entries();
        plain.extend((entries.len() as u32).to_le_bytes());
        for (hash, cluster) in entries {
            plain.extend(hash.to_le_bytes());
            plain.extend(cluster.to_le_bytes());
        }
        write_table(&self.tags, &mut plain);
        write_table(&self.moves, &mut plain);
        write_table(&self.labels, &mut plain);
        Self::pack(&plain)
    }

    fn pack(plain: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let packed = match encoder.write_all(plain).and_then(|()| encoder.finish()) {
            Ok(packed) => packed,
            Err(error) => unreachable!("writing to memory: {error}"),
        };
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((plain.len() as u32).to_le_bytes());
        bytes.extend(Sha256::digest(&packed));
        bytes.extend(packed);
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        if bytes.len() < HEADER || &bytes[..16] != MAGIC {
            return Err(if MAGIC.starts_with(&bytes[..bytes.len().min(16)]) && !bytes.is_empty() {
                ModelError::Broken
            } else {
                ModelError::Foreign
            });
        }
        let mut header = Reader(&bytes[16..HEADER]);
        let version = header.u32()?;
        if version != VERSION {
            return Err(ModelError::Version(version));
        }
        let len = header.u32()? as usize;
        let packed = &bytes[HEADER..];
        if len > MAX_LEN || Sha256::digest(packed).as_slice() != header.0 {
            return Err(ModelError::Broken);
        }
        let mut plain = Vec::with_capacity(len);
        DeflateDecoder::new(packed)
            .take(len as u64)
            .read_to_end(&mut plain)
            .map_err(|_| ModelError::Broken)?;
        if plain.len() == len { Self::read(&mut Reader(&plain)) } else { Err(ModelError::Broken) }
    }

    fn read(reader: &mut Reader) -> Result<Self, ModelError> {
        let count = reader.u32()? as usize;
        let mut entries = Vec::new();
        for _ in 0..count {
            let hash = reader.u32()?;
            let [a, b] = reader.array()?;
            entries.push((hash, u16::from_le_bytes([a, b])));
        }
        let model = Self {
            vocabulary: Vocabulary::new(entries),
            tags: reader.table()?,
            moves: reader.table()?,
            labels: reader.table()?,
        };
        if reader.0.is_empty() { Ok(model) } else { Err(ModelError::Broken) }
    }
}

fn write_table<const C: usize>(table: &Table<C>, out: &mut Vec<u8>) {
    out.extend((table.rows().len() as u32).to_le_bytes());
    out.extend(table.rows().iter().flatten().map(|w| w.to_le_bytes()[0]));
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], ModelError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(ModelError::Broken)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        self.take(N)?.try_into().map_err(|_| ModelError::Broken)
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        self.array().map(u32::from_le_bytes)
    }

    fn table<const C: usize>(&mut self) -> Result<Table<C>, ModelError> {
        let rows = self.u32()? as usize;
        let bytes = self.take(rows.checked_mul(C).ok_or(ModelError::Broken)?)?;
        let rows =
            bytes.chunks_exact(C).map(|row| std::array::from_fn(|i| i8::from_le_bytes([row[i]]))).collect();
        Table::new(rows).ok_or(ModelError::Broken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;

    /// The tables of a small model, before they are packed.
    fn plain() -> Vec<u8> {
        let mut plain = 2_u32.to_le_bytes().to_vec();
        plain.extend([1, 0, 0, 0, 7, 0, 9, 0, 0, 0, 3, 0]);
        for classes in [tagger::CLASSES, MOVES, LABELS] {
            plain.extend(4_u32.to_le_bytes());
            plain.extend(vec![1; 4 * classes]);
        }
        plain
    }

    #[test]
    fn the_small_model_is_one() {
        assert!(Model::from_bytes(&Model::pack(&plain())).is_ok());
    }

    proptest! {
        /// A checksum keeps accidents out, not malice: behind one that holds, anything may stand.
        #[test]
        fn any_tables_end_in_a_model_or_a_reason(
            changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..6),
            length in prop::option::of(any::<Index>()),
        ) {
            let mut plain = plain();
            for (at, byte) in changes {
                let at = at.index(plain.len());
                plain[at] = byte;
            }
            if let Some(length) = length {
                plain.truncate(length.index(plain.len()));
            }
            let _ = Model::from_bytes(&Model::pack(&plain));
        }
    }
}
