//! The parent's side of looking into a file: starts the child, bounds it, checks what it says.

use std::{
    fs::File,
    io::Read as _,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
};

use entity::{attachment::Media, language::Sentence};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::{
    child::SUBCOMMAND,
    format,
    wire::{Fault, Message},
};
use crate::{
    app::job::{Incoming, Upload},
    domain::{attachment::clean_name, likeness::Likeness, refusal::Refusal, shot::Shot},
    error::{Error, Result},
    limits,
};

/// Files that are being looked into.
static LOOKING: Semaphore = Semaphore::const_new(limits::FILES_LOOKED_INTO);

/// A file that was looked into, ready to be attached.
pub struct Looked {
    /// What is known of it; its kind is told by whoever attaches it.
    pub file: crate::domain::attachment::File,
    /// Where what is kept lies.
    pub kept: PathBuf,
    /// Where the small picture lies.
    pub preview: Option<PathBuf>,
    _upload: Upload,
}

impl Looked {
    /// The same under another name.
    pub fn named(mut self, name: &str) -> Looked {
        name.clone_into(&mut self.file.name);
        self
    }
}

/// Looks into a file that was brought under a name. `program` does it; by default the one running.
pub async fn look(upload: Upload, name: &str, program: Option<PathBuf>) -> Result<Looked> {
    let name = clean_name(name);
    let turn = LOOKING.acquire().await.map_err(anyhow::Error::new)?;
    let looked = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let program = program.map_or_else(std::env::current_exe, Ok)?;
        looked(upload, name.clone(), &program).map_err(|error| about(&name, error))
    });
    looked.await.map_err(|error| Error::Internal(error.into()))?
}

/// A refusal, with the file it is about: there may be several in a form.
fn about(name: &str, error: Error) -> Error {
    let Error::Refused(Refusal { code, sentence }) = error else { return error };
    let sentence =
        Sentence::new(format!("“{name}”：{}", sentence.zh), format!("“{name}”: {}", sentence.en));
    Error::Refused(Refusal { code, sentence })
}

/// A file that this program made itself, and so looks into itself.
pub async fn made_here(name: &str, bytes: &[u8]) -> Result<Looked> {
    let incoming = Incoming::begin("made")?;
    incoming.push(bytes.to_vec()).await?;
    let upload = incoming.finish().await?;
    let taken = format::look(bytes).map_err(Refusal::from)?;
    let Message::Taken { media, .. } = taken.message else {
        return Err(Refusal::file_unknown().into());
    };
    let likeness = taken.drawn.as_ref().and_then(|drawn| drawn.likeness);
    let shot = taken.drawn.as_ref().map(|drawn| drawn.shot).unwrap_or_default();
    let drawn = taken.drawn.map(|drawn| (drawn.kept, drawn.preview));
    put_together(upload, clean_name(name), &Told { media, drawn, likeness, shot })
}

fn looked(upload: Upload, name: String, program: &Path) -> Result<Looked> {
    let told = ask(program, File::open(&upload.file)?).map_err(Refusal::from)?;
    put_together(upload, name, &told)
}

fn put_together(upload: Upload, name: String, told: &Told) -> Result<Looked> {
    let brought_digest = hexadecimal(&upload.digest);
    let (mut kept, mut digest) = (upload.file.clone(), brought_digest.clone());
    let (mut preview, mut preview_digest) = (None, None);
    if let Some((picture, small)) = &told.drawn {
        let beside = |end: &str| upload.file.with_extension(end);
        (kept, digest) = (beside("kept"), hexadecimal(&Sha256::digest(picture)));
        std::fs::write(&kept, picture)?;
        std::fs::write(beside("preview"), small)?;
        (preview, preview_digest) =
            (Some(beside("preview")), Some(hexadecimal(&Sha256::digest(small))));
    }
    let size = std::fs::metadata(&kept)?.len();
    let media = told.media;
    let kind = None;
    let file = crate::domain::attachment::File {
        kind,
        name,
        media,
        size,
        digest,
        brought_digest,
        preview_digest,
        likeness: told.likeness,
        shot: told.shot,
    };
    Ok(Looked { file, kept, preview, _upload: upload })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the child told.
struct Told {
    media: Media,
    /// The picture as it is kept, and the small one.
    drawn: Option<(Vec<u8>, Vec<u8>)>,
    /// What the picture looks like, where that can be told.
    likeness: Option<Likeness>,
    /// What the camera says of it.
    shot: Shot,
}

fn ask(program: &Path, file: File) -> Result<Told, Fault> {
    let mut child = spawn(program, file).map_err(|_| Fault::ReaderFailed)?;
    let Some(mut output) = child.stdout.take() else { return Err(Fault::ReaderFailed) };
    let (sender, received) = mpsc::channel();
    let pump = std::thread::spawn(move || {
        let most = 2 * limits::PICTURE_BYTES;
        let mut said = Vec::new();
        let read = output.by_ref().take(most + 1).read_to_end(&mut said);
        drop(sender.send(read.map(|_| said).ok().filter(|said| said.len() as u64 <= most)));
    });
    let said = received.recv_timeout(limits::FILE_READER_TIME);
    let told = match said {
        Ok(Some(said)) => told(&said).unwrap_or_else(|| Err(cause_of_end(&mut child))),
        Ok(None) => Err(Fault::ReaderFailed),
        Err(_) => Err(Fault::TooDemanding),
    };
    // killing one that has ended already is no error worth telling
    drop(child.kill());
    drop(child.wait());
    drop(pump.join());
    told
}

fn spawn(program: &Path, file: File) -> std::io::Result<Child> {
    Command::new(program)
        .arg(SUBCOMMAND)
        // the child needs no secret of ours
        .env_clear()
        // the allocator sets address space aside before the child limits itself
        .env("MIMALLOC_ARENA_RESERVE", "16MiB")
        .stdin(Stdio::from(file))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// What a whole answer says; none when it is not one.
fn told(said: &[u8]) -> Option<Result<Told, Fault>> {
    let end = said.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = (&said[..end], &said[end + 1..]);
    match serde_json::from_slice(line).ok()? {
        Message::Refused(fault) => Some(Err(fault)),
        Message::Taken { media, kept: None, preview: None, likeness: None, shot } => {
            rest.is_empty().then_some(Ok(Told { media, drawn: None, likeness: None, shot }))
        }
        Message::Taken { media, kept: Some(kept), preview: Some(preview), likeness, shot } => {
            let likeness = likeness.map(|text| text.parse()).transpose().ok()?;
            let (kept, preview) = (usize::try_from(kept).ok()?, usize::try_from(preview).ok()?);
            let whole = kept > 0 && preview > 0 && kept.checked_add(preview)? == rest.len();
            let (picture, small) = rest.split_at_checked(kept)?;
            let drawn = Some((picture.to_vec(), small.to_vec()));
            whole.then_some(Ok(Told { media, drawn, likeness, shot }))
        }
        Message::Taken { .. } => None,
    }
}

/// Why the child ended without a whole answer.
fn cause_of_end(child: &mut Child) -> Fault {
    match child.wait().ok().and_then(|status| status.signal()) {
        Some(_) => Fault::TooDemanding,
        None => Fault::ReaderFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_answer_is_one() {
        let line = |text: &str| told(text.as_bytes()).map(|told| told.map(|one| one.media));
        let taken = r#"{"taken":{"media":"png","kept":2,"preview":1}}"#;
        assert_eq!(line(&format!("{taken}\nabc")), Some(Ok(Media::Png)));
        for text in ["", "nonsense\n", taken, &format!("{taken}\nab"), &format!("{taken}\nabcd")] {
            assert_eq!(line(text), None, "{text}");
        }
        let likeness = |text: &str| {
            let head = format!(
                r#"{{"taken":{{"media":"png","kept":2,"preview":1,"likeness":"{text}"}}}}"#
            );
            line(&format!("{head}\nabc"))
        };
        assert_eq!(likeness("8f3c0000000000a1"), Some(Ok(Media::Png)));
        assert_eq!(likeness("8f3c"), None);
        let plain = r#"{"taken":{"media":"pdf","kept":null,"preview":null}}"#;
        assert_eq!(line(&format!("{plain}\n")), Some(Ok(Media::Pdf)));
        assert_eq!(line(&format!("{plain}\nmore")), None);
        assert_eq!(line("{\"refused\":\"macros\"}\n"), Some(Err(Fault::Macros)));
        assert_eq!(
            line("{\"refused\":{\"too_large\":\"pdf\"}}\n"),
            Some(Err(Fault::TooLarge(Media::Pdf)))
        );
    }

    #[test]
    fn a_child_that_misbehaves_is_named() {
        let code = |program: &str| {
            let file = tempfile::tempfile().expect("a file");
            ask(Path::new(program), file).err()
        };
        assert_eq!(code("/bin/true"), Some(Fault::ReaderFailed));
        assert_eq!(code("/nowhere/at/all"), Some(Fault::ReaderFailed));
        assert_eq!(code("/usr/bin/yes"), Some(Fault::ReaderFailed));
    }
}
