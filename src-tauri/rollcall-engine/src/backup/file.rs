//! The format of a backup: a head, then pieces of at most 1 MiB.
//!
//! Head: 16 bytes that name it, a version, whether it is sealed; if so a salt, what the passphrase is checked with, and the
//! first part of the nonces. Piece: its length, whether it is the last, its bytes. Sealed pieces are AES-256-GCM; the nonce
//! of each has its number and whether it is the last, so that none can be left out, moved or added. A file that is not
//! sealed ends with the SHA-256 of all before.
//!
//! **Invariant.** [`Reader::finish`] succeeds only for a file of which every byte is as it was written.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{self, SHA256, SHA256_OUTPUT_LEN};
use aws_lc_rs::rand;

use super::private_file;

const NAME: &[u8; 16] = b"Rollcall backup\n";
const VERSION: u8 = 1;
const PIECE: usize = 1024 * 1024;
const TAG: usize = 16;
const SALT: usize = 16;
const CHECK: usize = 16;
const KEY: usize = 32;
const PREFIX: usize = NONCE_LEN - 5;
/// Argon2id for a file that others may have for years: 64 MiB, three passes, one lane.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// The longest name of a file inside.
const LONGEST_NAME: usize = 64;

/// Why a backup cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("it is no backup")]
    NoBackup,
    #[error("it is from a newer version")]
    Newer,
    #[error("it is damaged")]
    Damaged,
    #[error("it needs a passphrase")]
    Sealed,
    #[error("it has no passphrase")]
    NotSealed,
    #[error("the passphrase is another one")]
    WrongPassphrase,
    #[error("it could not be read")]
    Io(#[source] io::Error),
}

/// What [`Reader`] found damaged while it was read as any file is, is damaged.
impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}

/// The key and the nonces of the pieces.
struct Seal {
    key: LessSafeKey,
    prefix: [u8; PREFIX],
    head: Vec<u8>,
    number: u32,
}

impl Seal {
    /// The nonce of the next piece.
    fn nonce(&mut self, last: u8) -> io::Result<Nonce> {
        let mut nonce = [0; NONCE_LEN];
        nonce[..PREFIX].copy_from_slice(&self.prefix);
        nonce[PREFIX..NONCE_LEN - 1].copy_from_slice(&self.number.to_be_bytes());
        nonce[NONCE_LEN - 1] = last;
        self.number = self.number.checked_add(1).ok_or_else(|| io::Error::other("too large for one backup"))?;
        Ok(Nonce::assume_unique_for_key(nonce))
    }
}

/// The key of a passphrase, and what it is checked with.
fn derived(passphrase: &str, salt: &[u8]) -> io::Result<(LessSafeKey, [u8; CHECK])> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(KEY + CHECK)).map_err(io::Error::other)?;
    let mut made = [0; KEY + CHECK];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(passphrase.as_bytes(), salt, &mut made).map_err(io::Error::other)?;
    let key = UnboundKey::new(&AES_256_GCM, &made[..KEY]).map_err(broken)?;
    let mut check = [0; CHECK];
    check.copy_from_slice(&made[KEY..]);
    Ok((LessSafeKey::new(key), check))
}

fn broken(_: aws_lc_rs::error::Unspecified) -> io::Error {
    io::Error::other("it could not be sealed")
}

/// Writes a backup.
pub(super) struct Writer {
    out: File,
    piece: Vec<u8>,
    seal: Option<Seal>,
    sum: digest::Context,
}

impl Writer {
    /// Begins a file that is for the owner alone; with a passphrase it is sealed.
    pub(super) fn begin(path: &Path, passphrase: Option<&str>) -> io::Result<Self> {
        let mut head = NAME.to_vec();
        head.extend([VERSION, u8::from(passphrase.is_some())]);
        let seal = match passphrase {
            None => None,
            Some(passphrase) => {
                let (mut salt, mut prefix) = ([0; SALT], [0; PREFIX]);
                rand::fill(&mut salt).map_err(broken)?;
                rand::fill(&mut prefix).map_err(broken)?;
                let (key, check) = derived(passphrase, &salt)?;
                head.extend_from_slice(&salt);
                head.extend_from_slice(&check);
                head.extend_from_slice(&prefix);
                Some(Seal { key, prefix, head: head.clone(), number: 0 })
            }
        };
        let mut writer = Self {
            out: private_file(path)?,
            piece: Vec::with_capacity(PIECE),
            seal,
            sum: digest::Context::new(&SHA256),
        };
        writer.put(&head)?;
        Ok(writer)
    }

    /// Adds a file under a name.
    pub(super) fn add(&mut self, name: &str, file: &Path) -> io::Result<()> {
        let mut file = File::open(file)?;
        let length = file.metadata()?.len();
        self.add_head(name, length)?;
        if io::copy(&mut file, self)? != length {
            return Err(io::Error::other(format!("{name} changed while it was copied")));
        }
        Ok(())
    }

    /// Adds under a name what is in no file.
    pub(super) fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.add_head(name, bytes.len() as u64)?;
        self.write_all(bytes)
    }

    fn add_head(&mut self, name: &str, length: u64) -> io::Result<()> {
        let name_length = u8::try_from(name.len()).map_err(io::Error::other)?;
        self.write_all(&[name_length])?;
        self.write_all(name.as_bytes())?;
        self.write_all(&length.to_be_bytes())
    }

    /// Ends the file; it is on the disk then.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.put_piece(1)?;
        if self.seal.is_none() {
            let sum = self.sum.clone().finish();
            self.out.write_all(sum.as_ref())?;
        }
        self.out.sync_all()
    }

    fn put_piece(&mut self, last: u8) -> io::Result<()> {
        let mut piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        if let Some(seal) = &mut self.seal {
            let nonce = seal.nonce(last)?;
            seal.key.seal_in_place_append_tag(nonce, Aad::from(&seal.head), &mut piece).map_err(broken)?;
        }
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        self.put(&length.to_be_bytes())?;
        self.put(&[last])?;
        self.put(&piece)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        self.out.write_all(bytes)
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.put_piece(0)?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a backup.
pub(super) struct Reader {
    file: BufReader<File>,
    piece: Vec<u8>,
    read: usize,
    is_last: bool,
    seal: Option<Seal>,
    sum: digest::Context,
}

impl Reader {
    /// Opens a file and looks at its head.
    pub(super) fn open(path: &Path, passphrase: Option<&str>) -> Result<Self, Trouble> {
        let mut file = BufReader::new(File::open(path)?);
        let mut head = vec![0; NAME.len() + 2];
        file.read_exact(&mut head).map_err(|_| Trouble::NoBackup)?;
        if !head.starts_with(NAME) {
            return Err(Trouble::NoBackup);
        }
        let seal = match (head[NAME.len()], head[NAME.len() + 1], passphrase) {
            (VERSION, 0, None) => None,
            (VERSION, 0, Some(_)) => return Err(Trouble::NotSealed),
            (VERSION, 1, None) => return Err(Trouble::Sealed),
            (VERSION, 1, Some(passphrase)) => {
                let mut more = [0; SALT + CHECK + PREFIX];
                file.read_exact(&mut more).map_err(|_| Trouble::Damaged)?;
                head.extend_from_slice(&more);
                let (key, check) = derived(passphrase, &more[..SALT])?;
                if verify_slices_are_equal(&check, &more[SALT..SALT + CHECK]).is_err() {
                    return Err(Trouble::WrongPassphrase);
                }
                let mut prefix = [0; PREFIX];
                prefix.copy_from_slice(&more[SALT + CHECK..]);
                Some(Seal { key, prefix, head: head.clone(), number: 0 })
            }
            (VERSION, _, _) => return Err(Trouble::Damaged),
            _ => return Err(Trouble::Newer),
        };
        let mut sum = digest::Context::new(&SHA256);
        sum.update(&head);
        Ok(Self { file, piece: Vec::new(), read: 0, is_last: false, seal, sum })
    }

    /// The name and the length of the next file inside; its bytes follow.
    pub(super) fn next_file(&mut self) -> Result<Option<(String, u64)>, Trouble> {
        let mut length = [0];
        if self.read(&mut length)? == 0 {
            return Ok(None);
        }
        let length = usize::from(length[0]);
        if length == 0 || length > LONGEST_NAME {
            return Err(Trouble::Damaged);
        }
        let mut name = vec![0; length];
        self.read_exact(&mut name).map_err(|_| Trouble::Damaged)?;
        let mut size = [0; 8];
        self.read_exact(&mut size).map_err(|_| Trouble::Damaged)?;
        Ok(Some((String::from_utf8(name).map_err(|_| Trouble::Damaged)?, u64::from_be_bytes(size))))
    }

    /// Succeeds when nothing is missing, nothing was changed and nothing follows.
    pub(super) fn finish(mut self) -> Result<(), Trouble> {
        if !self.is_last || self.read < self.piece.len() {
            return Err(Trouble::Damaged);
        }
        if self.seal.is_none() {
            let mut sum = [0; SHA256_OUTPUT_LEN];
            self.file.read_exact(&mut sum).map_err(|_| Trouble::Damaged)?;
            if self.sum.finish().as_ref() != sum {
                return Err(Trouble::Damaged);
            }
        }
        if self.file.read(&mut [0])? != 0 {
            return Err(Trouble::Damaged);
        }
        Ok(())
    }

    /// The next piece, opened.
    fn next_piece(&mut self) -> Result<(), Trouble> {
        let mut head = [0; 5];
        self.file.read_exact(&mut head).map_err(|_| Trouble::Damaged)?;
        let [a, b, c, d, last] = head;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if length > PIECE + TAG || last > 1 {
            return Err(Trouble::Damaged);
        }
        let mut piece = vec![0; length];
        self.file.read_exact(&mut piece).map_err(|_| Trouble::Damaged)?;
        self.sum.update(&head);
        self.sum.update(&piece);
        if let Some(seal) = &mut self.seal {
            let nonce = seal.nonce(last)?;
            let opened = seal.key.open_in_place(nonce, Aad::from(&seal.head), &mut piece);
            let length = opened.map_err(|_| Trouble::Damaged)?.len();
            piece.truncate(length);
        }
        (self.piece, self.read, self.is_last) = (piece, 0, last == 1);
        Ok(())
    }
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.read == self.piece.len() {
            if self.is_last {
                return Ok(0);
            }
            self.next_piece().map_err(|trouble| match trouble {
                Trouble::Io(error) => error,
                trouble => io::Error::new(io::ErrorKind::InvalidData, trouble),
            })?;
        }
        let taken = into.len().min(self.piece.len() - self.read);
        into[..taken].copy_from_slice(&self.piece[self.read..self.read + taken]);
        self.read += taken;
        Ok(taken)
    }
}
