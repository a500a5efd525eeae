//! The power cut itself can lose something: programs of the system that do not flush are the proof.

use super::*;
use tempfile::TempDir;

/// A disk of its own, and a power that can be cut.
struct Room {
    disk: Mounted,
    power: Power,
    top: TempDir,
}

impl Room {
    fn prepare() -> Self {
        let top = TempDir::new().expect("a folder");
        let disk = Mounted::at(top.path().join("disk"), "16m").expect("this runs as root");
        let power = Power::over(disk.path(), top.path(), Flushes::Obeyed).expect("a C compiler");
        Self { disk, power, top }
    }

    /// Runs programs of the system, each with the library: `dd` writes, `sync` flushes the files it is given.
    fn run(&self, script: &str) {
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", script]).current_dir(self.disk.path());
        self.power.on(&mut shell);
        let ended = shell.output().expect("sh runs");
        assert!(ended.status.success(), "{script}: {}", String::from_utf8_lossy(&ended.stderr));
    }

    fn cut(&self, cut: Cut, seed: u64) {
        self.power.cut(cut, &mut Dice::new(seed, 0)).expect("power is cut");
    }

    fn content(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.disk.path().join(name)).ok()
    }
}

#[test]
fn what_was_not_flushed_is_gone_and_what_was_flushed_is_there() {
    let room = Room::prepare();
    room.run("printf kept > kept; printf lost > lost; sync kept .");
    assert_eq!(room.content("lost").as_deref(), Some("lost"), "until power is cut");

    room.cut(Cut::Clean, 0);

    assert_eq!(room.content("kept").as_deref(), Some("kept"));
    assert_eq!(room.content("lost").as_deref(), Some(""), "its name was flushed with the folder, nothing of it");
    room.run("printf more >> kept; printf anew > anew; sync -d anew");
    room.cut(Cut::Clean, 0);
    assert_eq!(room.content("kept").as_deref(), Some("kept"), "what was added is gone");
    assert_eq!(room.content("anew"), None, "flushed, but its folder was not");
}

#[test]
fn a_rename_and_a_removal_need_a_flush_of_the_folder() {
    let room = Room::prepare();
    room.run("mkdir spool; printf one > spool/part; printf two > spool/old; sync spool/part spool/old spool .");

    room.run("mv spool/part spool/named; rm spool/old");
    room.cut(Cut::Clean, 0);
    assert_eq!((room.content("spool/part").as_deref(), room.content("spool/named")), (Some("one"), None));
    assert_eq!(room.content("spool/old").as_deref(), Some("two"));

    room.run("mv spool/part spool/named; rm spool/old; sync spool");
    room.cut(Cut::Clean, 0);
    assert_eq!((room.content("spool/part"), room.content("spool/named").as_deref()), (None, Some("one")));
    assert_eq!(room.content("spool/old"), None);
}

/// Four pages are flushed, then four octets in the middle; four more are not.
const WRITER: &str = r#"
    #include <fcntl.h>
    #include <unistd.h>
    int main(void) {
        static char page[4096];
        int file = open("a.db", O_RDWR | O_CREAT, 0600), ok = 1;
        for (int i = 0; i < 4; i++)
            ok = ok && write(file, page, sizeof page) == sizeof page;
        ok = ok && fsync(file) == 0 && pwrite(file, "here", 4, 9000) == 4 && fdatasync(file) == 0;
        return ok && pwrite(file, "gone", 4, 100) == 4 ? 0 : 1;
    }"#;

#[test]
fn sqlites_files_are_copied_where_they_were_written_and_kept_whole() {
    let room = Room::prepare();
    let program = room.top.path().join("writer");
    fs::write(program.with_extension("c"), WRITER).expect("written");
    let mut compiler = Command::new("cc");
    compiler.arg("-o").arg(&program).arg(program.with_extension("c"));
    assert!(compiler.status().expect("a C compiler").success());
    room.run(&format!("{} && sync .", program.display()));

    room.cut(Cut::Clean, 0);

    let content = fs::read(room.disk.path().join("a.db")).expect("the file");
    assert_eq!((content.len(), &content[9000..9004], content[100]), (4 * 4096, b"here".as_slice(), 0));
}

#[test]
fn a_torn_cut_leaves_some_of_it() {
    let room = Room::prepare();
    room.run("dd if=/dev/zero bs=512 count=64 of=a conv=fsync status=none; sync .");
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..8 {
        room.run("yes | dd bs=512 count=64 of=a conv=notrunc iflag=fullblock status=none; printf x > new");
        room.cut(Cut::Torn, seed);
        let content = fs::read(room.disk.path().join("a")).expect("the file");
        let written = content.chunks(512).filter(|sector| sector[0] == b'y').count();
        assert!((8..=56).contains(&written), "{written} of 64 sectors, seed {seed}");
        seen.insert(room.content("new").is_some());
        room.run("rm -f new; dd if=/dev/zero bs=512 count=64 of=a conv=fsync status=none; sync .");
    }
    assert_eq!(seen.len(), 2, "a name may be there and may not");
}
