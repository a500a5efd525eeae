//! `cargo xtask icons`: every icon file from one drawing.
//!
//! `icons/icon.svg` is the only source of the app icon; the tray icons are drawn in [`tray`]. `rsvg-convert` (Debian package
//! librsvg2-bin) turns them into PNG, [`ico`] and [`icns`] pack those for Windows and macOS. The results are committed, so nobody needs
//! this command to build.
//!
//! **Limits**: the macOS icon has no special margin, and forms are not redrawn for small sizes.

mod icns;
mod ico;
mod tray;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::report::Failure;
use crate::workspace::Workspace;

/// PNG files of the app icon: file name and edge in pixels. The Square… names are what Windows packages ask for.
const APP_SIZES: &[(&str, u32)] = &[
    ("32x32.png", 32),
    ("64x64.png", 64),
    ("128x128.png", 128),
    ("128x128@2x.png", 256),
    ("icon.png", 512),
    ("Square30x30Logo.png", 30),
    ("Square44x44Logo.png", 44),
    ("Square71x71Logo.png", 71),
    ("Square89x89Logo.png", 89),
    ("Square107x107Logo.png", 107),
    ("Square142x142Logo.png", 142),
    ("Square150x150Logo.png", 150),
    ("Square284x284Logo.png", 284),
    ("Square310x310Logo.png", 310),
    ("StoreLogo.png", 50),
];

/// Draws all files below `icons/`.
///
/// # Errors
/// When `rsvg-convert` is missing or a file cannot be written.
pub fn draw(workspace: &Workspace) -> Result<(), Failure> {
    let folder = workspace.root.join("icons");
    let source = fs::read_to_string(folder.join("icon.svg")).map_err(|err| Failure::io("read icons/icon.svg", &err))?;
    let mut drawn = 0;
    for (name, edge) in APP_SIZES {
        write(&folder.join(name), &png(&source, *edge)?)?;
        drawn += 1;
    }
    write(&folder.join("icon.ico"), &ico::pack(&each_size(&source, ico::SIZES)?))?;
    write(&folder.join("icon.icns"), &icns::pack(&each_size(&source, &icns::SIZES.map(|(edge, _)| edge))?))?;
    drawn += 2 + draw_tray(&folder.join("tray"))?;
    println!("{drawn} files drawn in icons/.");
    Ok(())
}

/// Draws every state of the tray icon for every kind of bar; returns the number of files.
fn draw_tray(folder: &Path) -> Result<usize, Failure> {
    fs::create_dir_all(folder).map_err(|err| Failure::io("create icons/tray", &err))?;
    let mut drawn = 0;
    for bar in tray::Bar::ALL {
        for state in tray::State::ALL {
            let drawing = tray::drawing(state, bar);
            for edge in bar.sizes() {
                let name = format!("tray-{}-{}-{edge}.png", state.name(), bar.name());
                write(&folder.join(name), &png(&drawing, *edge)?)?;
                drawn += 1;
            }
        }
    }
    Ok(drawn)
}

fn each_size(source: &str, edges: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, Failure> {
    edges.iter().map(|edge| Ok((*edge, png(source, *edge)?))).collect()
}

/// One PNG, `edge` pixels wide and high.
fn png(source: &str, edge: u32) -> Result<Vec<u8>, Failure> {
    let edge = edge.to_string();
    let mut converter = Command::new("rsvg-convert")
        .args(["--width", &edge, "--height", &edge, "--format", "png"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|_| Failure::new("rsvg-convert is missing. On Debian it is in the package librsvg2-bin."))?;
    let mut input = converter.stdin.take().expect("the standard input was asked for");
    input.write_all(source.as_bytes()).map_err(|err| Failure::io("send the drawing to rsvg-convert", &err))?;
    drop(input);
    let output = converter.wait_with_output().map_err(|err| Failure::io("run rsvg-convert", &err))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(Failure::new("rsvg-convert did not take the drawing."))
    }
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    fs::write(path, content).map_err(|err| Failure::io(&format!("write {}", path.display()), &err))
}
