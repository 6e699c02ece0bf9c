//! A workbook of any format → the rows of its sheets.

use std::io::{self, Read, Seek};

use calamine::{
    Cell, Data, DataRef, Ods, OdsError, Range, Reader as _, SheetType, SheetVisible, Xls, XlsError,
    Xlsb, XlsbError, Xlsx, XlsxError,
};
use zip::ZipArchive;

use super::bounds;
use super::cell;
use crate::error::{Error, Result};
use crate::read::contain::contain;
use crate::read::limits::{RAISE_UNPACKED, Size};
use crate::read::whole::Whole;
use crate::read::{Format, broken, sniff};

/// Widest table; Excel's own limit.
const MAX_WIDTH: usize = 16_384;

pub(super) const SAVE_AGAIN: &str =
    "save it as \"Excel workbook (.xlsx)\" without a password, or as \"CSV UTF-8\", and read that";

/// What to do with a workbook that is more than may be held.
pub(super) fn too_much() -> String {
    format!("save its table as \"CSV UTF-8\" and read that, or {RAISE_UNPACKED}")
}

/// A row of a sheet: its cells that are not empty, by column.
pub(super) type Cells = Vec<(usize, String)>;

/// A workbook that is open.
pub(super) struct Book {
    kind: Kind,
    /// Most bytes that the cells of a sheet may hold: many may refer to one text.
    sheet_bytes: u64,
}

enum Kind {
    Xlsx(Xlsx<Whole>),
    Xlsb(Xlsb<Whole>),
    Xls(Xls<Whole>),
    Ods(Ods<Whole>),
}

impl Book {
    /// Opens a file that unpacks to at most so many bytes.
    pub(super) fn open(whole: Whole, most_bytes: u64) -> Result<Self> {
        Ok(Self {
            kind: Kind::open(whole, most_bytes)?,
            sheet_bytes: most_bytes,
        })
    }

    /// Its format.
    pub(super) fn format(&self) -> Format {
        match &self.kind {
            Kind::Xlsx(_) => Format::Xlsx,
            Kind::Xlsb(_) => Format::Xlsb,
            Kind::Xls(_) => Format::Xls,
            Kind::Ods(_) => Format::Ods,
        }
    }

    /// The names of the sheets that hold cells and are not hidden.
    pub(super) fn shown(&self) -> Vec<String> {
        let sheets = match &self.kind {
            Kind::Xlsx(book) => book.sheets_metadata(),
            Kind::Xlsb(book) => book.sheets_metadata(),
            Kind::Xls(book) => book.sheets_metadata(),
            Kind::Ods(book) => book.sheets_metadata(),
        };
        let shown = sheets.iter().filter(|sheet| {
            sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
        });
        shown.map(|sheet| sheet.name.clone()).collect()
    }

    /// Rows of a sheet that are not blank, up to `most`.
    pub(super) fn rows(&mut self, sheet: &str, most: usize) -> Result<Vec<Cells>> {
        let mut rows = SheetCells::new(most, self.sheet_bytes);
        match &mut self.kind {
            Kind::Xlsx(book) => contain(|| {
                let mut cells = book.worksheet_cells_reader(sheet)?;
                rows.fill(|| cells.next_cell())?;
                Ok::<_, XlsxError>(())
            })?,
            Kind::Xlsb(book) => contain(|| {
                let mut cells = book.worksheet_cells_reader(sheet)?;
                rows.fill(|| cells.next_cell())?;
                Ok::<_, XlsbError>(())
            })?,
            // Those two are held whole from the start.
            Kind::Xls(book) => contain(|| {
                rows.fill_from(&book.worksheet_range(sheet)?);
                Ok::<_, XlsError>(())
            })?,
            Kind::Ods(book) => contain(|| {
                rows.fill_from(&book.worksheet_range(sheet)?);
                Ok::<_, OdsError>(())
            })?,
        }
        if rows.left == 0 {
            let most = Size(self.sheet_bytes);
            return Err(
                Error::input(format!("sheet \"{sheet}\" holds more than {most}"))
                    .with_hint(too_much()),
            );
        }
        Ok(rows.rows)
    }
}

impl Kind {
    /// Opens a file, told by what it holds: names and first bytes lie.
    fn open(mut whole: Whole, most_bytes: u64) -> Result<Self> {
        let start = start(&mut whole).map_err(broken)?;
        if start.starts_with(sniff::COMPOUND) {
            let whole = bounds::check_compound(whole, most_bytes)?;
            return Ok(Self::Xls(contain(|| Xls::new(whole))?));
        }
        let mut archive = bounds::check_archive(whole, most_bytes)?;
        let is_binary = holds(&mut archive, "xl/workbook.bin");
        if holds(&mut archive, "content.xml") {
            bounds::check_repeats(&mut archive, most_bytes)?;
            let whole = archive.into_inner();
            return Ok(Self::Ods(contain(|| Ods::new(whole))?));
        }
        let whole = archive.into_inner();
        Ok(match is_binary {
            true => Self::Xlsb(contain(|| Xlsb::new(whole))?),
            false => Self::Xlsx(contain(|| Xlsx::new(whole))?),
        })
    }
}

/// The first few bytes.
fn start(whole: &mut Whole) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    whole
        .take(sniff::COMPOUND.len() as u64)
        .read_to_end(&mut start)?;
    whole.rewind()?;
    Ok(start)
}

fn holds(archive: &mut ZipArchive<Whole>, part: &str) -> bool {
    archive.index_for_name(part).is_some()
}

/// Cells on their way into rows.
struct SheetCells {
    rows: Vec<Cells>,
    /// The row of the sheet that the last of them stands in.
    place: Option<u32>,
    most: usize,
    /// How many more bytes they may hold.
    left: u64,
}

impl SheetCells {
    fn new(most: usize, left: u64) -> Self {
        Self {
            rows: Vec::new(),
            place: None,
            most,
            left,
        }
    }

    fn fill<'a, E>(
        &mut self,
        mut next: impl FnMut() -> std::result::Result<Option<Cell<DataRef<'a>>>, E>,
    ) -> std::result::Result<(), E> {
        while let Some(cell) = next()? {
            let (row, column) = cell.get_position();
            if !self.add(row, column as usize, cell.get_value().clone().into()) {
                break;
            }
        }
        Ok(())
    }

    fn fill_from(&mut self, range: &Range<Data>) {
        for (row, column, value) in range.used_cells() {
            if !self.add(row as u32, column, value.clone()) {
                break;
            }
        }
    }

    /// Adds a cell; false once there is no room for more.
    fn add(&mut self, row: u32, column: usize, value: Data) -> bool {
        let text = cell::text(value);
        if text.trim().is_empty() || column >= MAX_WIDTH {
            return true;
        }
        if self.place != Some(row) {
            if self.rows.len() == self.most {
                return false;
            }
            self.rows.push(Vec::new());
            self.place = Some(row);
        }
        self.left = self
            .left
            .saturating_sub((size_of::<(usize, String)>() + text.len()) as u64);
        if let Some(cells) = self.rows.last_mut() {
            cells.push((column, text));
        }
        self.left > 0
    }
}
