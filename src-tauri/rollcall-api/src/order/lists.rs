//! Commands about lists of people in files, and the backup.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rollcall_core::Role;
use rollcall_core::roster::{
    Column, Counts, Delimiter, Encoding, Entry, Layout, Mode, Wanted, What, Wish, removal_limit,
};
use rollcall_engine::House;
use rollcall_engine::csv_import::{Brought, Preview, Told, said};

use crate::answers::{BackupExported, CsvCounts, CsvEncoding, CsvImported, CsvLine, CsvPreview, CsvWhat, RoleWord};
use crate::ask::forecast_row;
use crate::registry::{CsvColumn, CsvDelimiter, CsvLayout, CsvMode, ExportBackupArgs, ImportCsvArgs, PreviewCsvArgs};
use crate::wire::{Code, Fault};

/// So many lines of each kind are shown.
const SHOWN: usize = 200;

/// What importing a file would do.
pub(super) async fn preview(house: &House, args: PreviewCsvArgs) -> Result<CsvPreview, Fault> {
    Ok(preview_row(house.preview_csv(brought(args)?).await?))
}

/// Imports a file.
pub(super) async fn import(house: &House, args: ImportCsvArgs) -> Result<CsvImported, Fault> {
    let ImportCsvArgs { content_base64, layout, columns, has_header, mode, update, role, accept_removals } = args;
    let args = PreviewCsvArgs { content_base64, layout, columns, has_header, mode, update, role };
    let imported = house.import_csv(brought(args)?, accept_removals).await?;
    let sentence = format!("Imported: {}.", said(&imported.counts, Told::Done));
    Ok(CsvImported { entry: imported.entry, counts: counts(&imported.counts), sentence })
}

/// Writes the backup.
pub(super) async fn export_backup(house: &House, args: ExportBackupArgs) -> Result<BackupExported, Fault> {
    let exported = house.export_backup(args.passphrase).await?;
    let sentence = if exported.sealed {
        "Settings, people, history, passwords and keys are in the file, sealed with your passphrase. Mail that waits \
         here is not in it. Without the passphrase nobody can open it, not even you."
    } else {
        "Settings, people and history are in the file. Passwords and keys are not, nor is mail that waits here. It is \
         not sealed: whoever has the file can read it."
    };
    Ok(BackupExported {
        path: exported.path.display().to_string(),
        bytes: exported.bytes,
        sealed: exported.sealed,
        sentence: sentence.to_owned(),
    })
}

fn brought(args: PreviewCsvArgs) -> Result<Brought, Fault> {
    let bytes = STANDARD.decode(args.content_base64.trim()).map_err(|error| Fault {
        detail: vec![error.to_string()],
        ..Fault::new(Code::Invalid, "“content_base64” is not Base64 (RFC 4648).")
    })?;
    let wanted = Wanted {
        layout: args.layout.map(layout),
        columns: args.columns.map(|columns| columns.into_iter().map(column).collect()),
        has_header: args.has_header,
    };
    let wish = Wish {
        mode: match args.mode.unwrap_or_default() {
            CsvMode::Merge => Mode::Merge,
            CsvMode::Replace => Mode::Replace,
        },
        update: args.update.unwrap_or(false),
        role: match args.role {
            None | Some(RoleWord::Silent) => Role::Silent,
            Some(RoleWord::End) => Role::End,
        },
    };
    Ok(Brought { bytes, wanted, wish })
}

fn preview_row(preview: Preview) -> CsvPreview {
    let Preview { roster, plan, forecast, refusal } = preview;
    let sentence = format!("{} in {} rows.", said(&plan.counts, Told::Preview), roster.rows);
    let (accept_removals, removal_limit) = (plan.to_accept(), removal_limit(plan.population));
    CsvPreview {
        encoding: encoding_word(roster.encoding),
        delimiter: delimiter_word(roster.delimiter),
        layout: layout_word(roster.layout),
        has_header: roster.heads.is_some(),
        columns: roster.columns.into_iter().map(column_word).collect(),
        heads: roster.heads.unwrap_or_default(),
        sample: roster.sample,
        rows: roster.rows,
        counts: counts(&plan.counts),
        lines: first_of_each(plan.entries),
        seats: forecast_row(forecast),
        removal_limit,
        accept_removals,
        refusal,
        sentence,
    }
}

fn first_of_each(entries: Vec<Entry>) -> Vec<CsvLine> {
    let mut seen = [0_usize; What::ALL.len()];
    let shown = entries.into_iter().filter(|entry| {
        let seen = &mut seen[entry.what as usize];
        *seen += 1;
        *seen <= SHOWN
    });
    shown.map(line).collect()
}

fn line(entry: Entry) -> CsvLine {
    let Entry { line, what, address, first_name, surname, why } = entry;
    let what = match what {
        What::Add => CsvWhat::Add,
        What::Update => CsvWhat::Update,
        What::Unchanged => CsvWhat::Unchanged,
        What::Duplicate => CsvWhat::Duplicate,
        What::Foreign => CsvWhat::Foreign,
        What::Conflict => CsvWhat::Conflict,
        What::Bad => CsvWhat::Bad,
        What::Remove => CsvWhat::Remove,
    };
    CsvLine { line, what, address, first_name, surname, sentence: why }
}

fn counts(counts: &Counts) -> CsvCounts {
    CsvCounts {
        add: counts.of(What::Add),
        update: counts.of(What::Update),
        unchanged: counts.of(What::Unchanged),
        duplicate: counts.of(What::Duplicate),
        foreign: counts.of(What::Foreign),
        conflict: counts.of(What::Conflict),
        bad: counts.of(What::Bad),
        remove: counts.of(What::Remove),
        aliases: counts.aliases,
    }
}

const fn encoding_word(encoding: Encoding) -> CsvEncoding {
    match encoding {
        Encoding::Utf8 => CsvEncoding::Utf8,
        Encoding::Utf8Bom => CsvEncoding::Utf8Bom,
        Encoding::Utf16Le => CsvEncoding::Utf16Le,
        Encoding::Utf16Be => CsvEncoding::Utf16Be,
        Encoding::Windows1252 => CsvEncoding::Windows1252,
    }
}

const fn delimiter_word(delimiter: Delimiter) -> CsvDelimiter {
    match delimiter {
        Delimiter::Comma => CsvDelimiter::Comma,
        Delimiter::Semicolon => CsvDelimiter::Semicolon,
        Delimiter::Tab => CsvDelimiter::Tab,
        Delimiter::Pipe => CsvDelimiter::Pipe,
    }
}

const fn layout(word: CsvLayout) -> Layout {
    match word {
        CsvLayout::Own => Layout::Own,
        CsvLayout::Proofpoint => Layout::Proofpoint,
        CsvLayout::PostiniUsers => Layout::PostiniUsers,
        CsvLayout::PostiniAliases => Layout::PostiniAliases,
        CsvLayout::Mailprotector => Layout::Mailprotector,
        CsvLayout::MailAssure => Layout::MailAssure,
        CsvLayout::Mapped => Layout::Mapped,
    }
}

const fn layout_word(layout: Layout) -> CsvLayout {
    match layout {
        Layout::Own => CsvLayout::Own,
        Layout::Proofpoint => CsvLayout::Proofpoint,
        Layout::PostiniUsers => CsvLayout::PostiniUsers,
        Layout::PostiniAliases => CsvLayout::PostiniAliases,
        Layout::Mailprotector => CsvLayout::Mailprotector,
        Layout::MailAssure => CsvLayout::MailAssure,
        Layout::Mapped => CsvLayout::Mapped,
    }
}

const fn column(word: CsvColumn) -> Column {
    match word {
        CsvColumn::Ignore => Column::Ignore,
        CsvColumn::Address => Column::Address,
        CsvColumn::Local => Column::Local,
        CsvColumn::Domain => Column::Domain,
        CsvColumn::FirstName => Column::FirstName,
        CsvColumn::Surname => Column::Surname,
        CsvColumn::FullName => Column::FullName,
        CsvColumn::Aliases => Column::Aliases,
        CsvColumn::Kind => Column::Kind,
        CsvColumn::Role => Column::Role,
        CsvColumn::Owner => Column::Owner,
    }
}

const fn column_word(column: Column) -> CsvColumn {
    match column {
        Column::Ignore => CsvColumn::Ignore,
        Column::Address => CsvColumn::Address,
        Column::Local => CsvColumn::Local,
        Column::Domain => CsvColumn::Domain,
        Column::FirstName => CsvColumn::FirstName,
        Column::Surname => CsvColumn::Surname,
        Column::FullName => CsvColumn::FullName,
        Column::Aliases => CsvColumn::Aliases,
        Column::Kind => CsvColumn::Kind,
        Column::Role => CsvColumn::Role,
        Column::Owner => CsvColumn::Owner,
    }
}
