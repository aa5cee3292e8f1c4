//! A file on its way in: written to a folder that only this program can read, as it comes.

use std::{
    fs::{File, Permissions},
    io::Write as _,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    error::{Error, Result},
    limits,
};

/// A file that was brought in, until it is dropped.
pub struct Upload {
    /// Where it lies.
    pub file: PathBuf,
    /// SHA-256 of its bytes.
    pub digest: [u8; 32],
    _folder: TempDir,
}

/// Bytes on their way into a file.
pub struct Incoming {
    chunks: mpsc::Sender<Vec<u8>>,
    writing: JoinHandle<Result<Upload>>,
}

impl Incoming {
    /// Makes the file, under the name its sender gave it as far as that is a name.
    pub fn begin(file_name: &str) -> Result<Incoming> {
        let folder = tempfile::Builder::new()
            .prefix("taizhang-upload-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir()?;
        let path = folder.path().join(plain_name(file_name));
        let mut file = File::create_new(&path)?;
        let (chunks, mut received) = mpsc::channel::<Vec<u8>>(4);
        let writing = tokio::task::spawn_blocking(move || {
            let mut digest = Sha256::new();
            while let Some(chunk) = received.blocking_recv() {
                digest.update(&chunk);
                file.write_all(&chunk)?;
            }
            Ok(Upload { file: path, digest: digest.finalize().into(), _folder: folder })
        });
        Ok(Incoming { chunks, writing })
    }

    /// Writes a chunk, as soon as those before are written.
    pub async fn push(&self, chunk: Vec<u8>) -> Result<()> {
        // a disk that is full is told by the end
        drop(self.chunks.send(chunk).await);
        Ok(())
    }

    /// The whole file.
    pub async fn finish(self) -> Result<Upload> {
        drop(self.chunks);
        self.writing.await.map_err(|error| Error::Internal(error.into()))?
    }
}

/// The last part of a name, without what no file name holds, and not too long.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut plain = String::new();
    for character in last.chars().filter(|character| !character.is_control()) {
        if plain.len() + character.len_utf8() > limits::FILE_NAME_BYTES {
            break;
        }
        plain.push(character);
    }
    if plain.trim_matches(['.', ' ']).is_empty() { "sheet".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_and_has_its_length() {
        let long = "资".repeat(100);
        for (name, expected) in [
            ("资产.csv", "资产.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\表\\a.xlsx", "a.xlsx"),
            ("..", "sheet"),
            ("", "sheet"),
            ("a\u{0}\nb.csv", "ab.csv"),
            (&long, &"资".repeat(66)),
        ] {
            assert_eq!(plain_name(name), expected, "{name}");
        }
        let exact = "a".repeat(limits::FILE_NAME_BYTES);
        assert_eq!(plain_name(&exact), exact);
        assert_eq!(plain_name(&format!("{exact}a")), exact);
    }

    #[tokio::test]
    async fn a_file_is_what_came_and_goes_with_its_upload() {
        let incoming = Incoming::begin("a.csv").expect("begun");
        for chunk in ["a,b", "\n1,2\n"] {
            incoming.push(chunk.into()).await.expect("taken");
        }
        let upload = incoming.finish().await.expect("a file");
        let bytes = std::fs::read(&upload.file).expect("bytes");
        assert_eq!(bytes, b"a,b\n1,2\n");
        assert_eq!(upload.digest, <[u8; 32]>::from(Sha256::digest(&bytes)));
        let (file, folder) = (upload.file.clone(), upload.file.parent().expect("one").to_owned());
        let mode = std::fs::metadata(&folder).expect("a folder").permissions().mode();
        assert_eq!(mode & 0o077, 0);
        drop(upload);
        assert!(!file.exists() && !folder.exists());
    }
}
