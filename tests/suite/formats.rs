//! Every format in every language, read with no options; and what is damaged.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use painpoint::{ErrorKind, FeedbackKind, Format, ReadOptions, Reader, Row};
use serde::Deserialize;

use crate::support::{lines, root};

/// What a language's exports hold.
struct Export {
    language: &'static str,
    /// Id and text of the first row of the tables.
    first: [&'static str; 2],
    /// Of the last.
    last: [&'static str; 2],
    /// What the first letter and the last one end with.
    letters: [&'static str; 2],
    /// How the texts of the page, the call and the chat end, marks aside.
    page: &'static str,
    call: &'static str,
    chat: &'static str,
}

const EXPORTS: [Export; 6] = [
    Export {
        language: "en",
        first: [
            "NB-1041",
            "Waited fifty minutes for a table we'd booked, and nobody said sorry.",
        ],
        last: ["NB-1045", "Food fine; the loos were filthy, though."],
        letters: [
            "Dana Whitaker",
            "From what I can see, nobody has read my last two letters.",
        ],
        page: "nobody came when we asked.",
        call: "Today? I was told Saturday!",
        chat: "Come straight in",
    },
    Export {
        language: "fr",
        first: [
            "D-2207",
            "Colis livré avec neuf jours de retard, et le carton était éventré.",
        ],
        last: ["D-2211", "Échange fait en cinq minutes, rien à redire !"],
        letters: [
            "Élodie Tessier",
            "Deux prélèvements le même jour, et personne au téléphone depuis lundi.",
        ],
        page: "on s'est réveillés avec le dos en compote.",
        call: "Vous me l'avez déjà dit le mois dernier !",
        chat: "On refait le bouquet et on le livre avant 18 h, promis",
    },
    Export {
        language: "es",
        first: [
            "Q-301",
            "Llevo dos semanas sin internet y cada vez me mandan con otra persona.",
        ],
        last: ["Q-305", "La señal va bien, la aplicación se cierra sola."],
        letters: [
            "Rocío Beltrán",
            "Me cancelaron la cita del dentista sin avisar; perdí la mañana entera.",
        ],
        page: "ni una cortina que cierre bien.",
        call: "Ya van tres veces que me dicen lo mismo.",
        chat: "Tiene razón, le llamo ahora mismo",
    },
    Export {
        language: "th",
        first: ["TH-01", "รออาหารเกือบชั่วโมง พอมาก็เย็นชืดหมดแล้ว"],
        last: ["TH-05", "คืนเงินช้ามาก แจ้งไปสามรอบแล้วยังไม่ได้"],
        letters: [
            "นภัสสร",
            "อินเทอร์เน็ตหลุดทุกคืนตอนสองทุ่ม โทรแจ้งห้าครั้งแล้วก็ยังเหมือนเดิม",
        ],
        page: "บอกพนักงานแล้วก็ไม่มีใครมาดู",
        call: "นัดมาสองรอบแล้ว ไม่เห็นมีใครมาเลย",
        chat: "ขอโทษจริงๆ ค่ะ เดี๋ยวเปลี่ยนให้พรุ่งนี้เลย",
    },
    Export {
        language: "zh-Hans",
        first: [
            "GD001",
            "快递等了十二天，打开一看杯子碎了两个，客服只会说“亲，抱歉”。",
        ],
        last: ["GD005", "味道还行，就是排队太久，环境也吵。"],
        letters: [
            "周晓岚",
            "三月一日申请的发票到今天还没开出来，财务催了我好几次。",
        ],
        page: "隔壁说话听得一清二楚，一晚上没睡好。",
        call: "每次都说加急，每次都没人来。",
        chat: "一小时内给您送到，不收钱",
    },
    Export {
        language: "zh-Hant",
        first: ["C-5501", "冷氣修了三次還是不冷，師傅每次都說零件要等。"],
        last: ["C-5505", "餐點不錯，但是廁所很髒，地板也滑。"],
        letters: ["蔡佩珊", "停了四十分鐘卻收兩小時的錢，按鈴也沒有人回應。"],
        page: "反映了兩次都說明天處理。",
        call: "我根本沒收到，現在趕不上轉機了。",
        chat: "真的很抱歉，馬上幫您退費並檢查廚房",
    },
];

fn fixtures() -> PathBuf {
    root("tests/fixtures/formats")
}

/// The fixture of that language with one of these endings.
fn fixture(language: &str, endings: &[&str]) -> PathBuf {
    let mut paths = endings
        .iter()
        .map(|ending| fixtures().join(format!("{language}.{ending}")));
    let found = paths.find(|path| path.exists());
    found.expect("a fixture of every format")
}

fn open(path: &Path) -> Reader {
    Reader::open(path, &ReadOptions::default()).expect("the fixture opens")
}

fn rows(reader: Reader) -> Vec<Row> {
    reader.map(|row| row.expect("a good row")).collect()
}

/// The one row of a file.
fn only(path: &Path) -> Row {
    let mut rows = rows(open(path));
    assert_eq!(rows.len(), 1, "{}", path.display());
    rows.remove(0)
}

fn field<'a>(row: &'a Row, name: &str) -> &'a str {
    let fields = &row.feedback.fields;
    let found = fields.iter().find(|(other, _)| other == name);
    found.expect("the field is carried").1.as_str()
}

#[test]
fn tables_of_every_format_give_the_same_rows() {
    for export in &EXPORTS {
        for endings in [
            &["csv", "csv.gz", "tsv"][..],
            &["json"],
            &["jsonl.gz"],
            #[cfg(feature = "excel")]
            &["xlsx"],
            #[cfg(feature = "excel")]
            &["xlsb"],
            #[cfg(feature = "excel")]
            &["xls"],
            #[cfg(feature = "excel")]
            &["ods"],
            #[cfg(feature = "arrow")]
            &["parquet"],
            #[cfg(feature = "arrow")]
            &["arrow", "arrows"],
        ] {
            let path = fixture(export.language, endings);
            let rows = rows(open(&path));
            for (row, [id, text]) in [(&rows[0], export.first), (&rows[4], export.last)] {
                let (name, feedback) = (path.display(), &row.feedback);
                assert_eq!((&*feedback.id, &*feedback.text), (id, text), "{name}");
            }
            // Those of a second sheet with the same columns.
            let is_workbook = ["xlsx", "xlsb", "xls", "ods"].contains(&endings[0]);
            let more = is_workbook && ["fr", "zh-Hant"].contains(&export.language);
            assert_eq!(rows.len(), if more { 7 } else { 5 }, "{}", path.display());
        }
    }
}

#[test]
fn tables_are_read_in_the_encoding_of_their_country() {
    for (language, encoding) in [
        ("en", Some("UTF-16LE")),
        ("fr", Some("windows-1252")),
        ("es", None),
        ("th", Some("windows-874")),
        ("zh-Hans", Some("GBK")),
        ("zh-Hant", Some("Big5")),
    ] {
        let path = fixture(language, &["csv", "csv.gz", "tsv"]);
        assert_eq!(open(&path).columns().encoding, encoding, "{language}");
    }
}

#[cfg(feature = "excel")]
#[test]
fn workbooks_are_read_below_their_titles_and_across_their_sheets() {
    for (ending, name) in [
        ("xlsx", "Excel"),
        ("xlsb", "Excel"),
        ("xls", "Excel"),
        ("ods", "OpenDocument"),
    ] {
        let reader = open(&fixture("fr", &[ending]));
        assert_eq!(reader.columns().format.code(), ending);
        let columns = r#"sheets "Avis", "Avis (suite)", text from "Commentaire", id from "N° de dossier", date from "Date", rating from "Note" (1–5), place from "Magasin", 3 columns carried through"#;
        assert_eq!(reader.columns().to_string(), format!("{name}, {columns}"));
        let rows = rows(reader);
        assert_eq!(field(&rows[0], "Date"), "2026-03-02");
        assert_eq!(field(&rows[0], "Note"), "1");
        assert_eq!(field(&rows[3], "Note"), "");
        assert_eq!(rows[5].feedback.id, "D-2207b");
        assert_eq!(field(&rows[5], "Date"), "2026-04-01T10:30:00");
        assert_eq!(field(&rows[5], "Note"), "3.5");
    }
    let reader = open(&fixture("th", &["xlsx"]));
    assert_eq!(reader.columns().sheets, ["มีนาคม"]);
    assert_eq!(reader.count(), 5);
}

#[cfg(feature = "arrow")]
#[test]
fn columns_of_every_type_are_carried_as_text() {
    for endings in [&["parquet"][..], &["arrow", "arrows"]] {
        let path = fixture("th", endings);
        let row = rows(open(&path)).remove(0);
        assert_eq!(field(&row, "วันที่"), "2026-03-02T09:15:00Z");
        assert_eq!(field(&row, "คะแนน"), "1");
        assert_eq!(field(&row, "สาขา"), "ลาดพร้าว");
        assert_eq!(field(&row, "shop.city"), "ลาดพร้าว");
        assert_eq!(field(&row, "shop.open"), "true");
        let row = rows(open(&fixture("es", endings))).remove(3);
        assert_eq!(field(&row, "Fecha"), "2026-03-05");
        assert_eq!(field(&row, "Calificación"), "");
    }
}

#[test]
fn letters_are_subject_and_body() {
    for export in &EXPORTS {
        let path = fixture(export.language, &["eml"]);
        let letter = only(&path);
        let text = &letter.feedback.text;
        let subject = field(&letter, "subject");
        assert!(text.starts_with(&format!("{subject}\n\n")), "{text}");
        assert!(text.ends_with(export.letters[0]), "{text}");
        assert_eq!(
            letter.feedback.id,
            format!("{}-0@mail.example", export.language)
        );
        assert!(field(&letter, "from").ends_with(" <c0@mail.example>"));
        assert!(field(&letter, "date").starts_with("2026-03-02T10:20:00"));

        let reader = open(&fixture(export.language, &["mbox", "mbox.zst"]));
        assert_eq!(reader.columns().to_string(), "mailbox, a row a message");
        let box_rows = rows(reader);
        assert_eq!(box_rows.len(), 3);
        assert_eq!(
            box_rows[0].feedback.text.replace('\r', ""),
            text.replace('\r', "")
        );
        assert!(box_rows[1].feedback.text.contains("<p>"));
        let last = &box_rows[2].feedback;
        assert!(last.text.ends_with(export.letters[1]), "{}", last.text);
    }
}

#[test]
fn pages_and_conversations_are_one_row_as_they_are() {
    for export in &EXPORTS {
        for (ending, format, end) in [
            ("md", Format::Markdown, export.page),
            ("html", Format::Html, export.page),
            ("vtt", Format::Vtt, export.call),
            ("srt", Format::Srt, export.call),
            ("txt", Format::Chat, export.chat),
        ] {
            let path = fixture(export.language, &[ending]);
            assert_eq!(open(&path).columns().format, format, "{}", path.display());
            let row = only(&path);
            assert!(row.feedback.text.contains(end), "{}", row.feedback.text);
            let transcript = matches!(format, Format::Vtt | Format::Srt | Format::Chat);
            let kind = transcript.then_some(FeedbackKind::Transcript);
            assert_eq!(row.feedback.kind, kind, "{}", path.display());
            let bytes = std::fs::read(&path).expect("exists");
            if let Ok(text) = std::str::from_utf8(&bytes) {
                assert_eq!(row.feedback.text, text, "{}", path.display());
            }
        }
    }
}

/// The same without a name that speaks of the format, as on a pipe.
#[test]
fn formats_are_told_on_a_pipe() {
    let known = [
        ("csv.gz", Format::Csv),
        ("json", Format::Json),
        ("jsonl.gz", Format::Jsonl),
        #[cfg(feature = "excel")]
        ("xlsx", Format::Xlsx),
        #[cfg(feature = "excel")]
        ("xlsb", Format::Xlsb),
        #[cfg(feature = "excel")]
        ("xls", Format::Xls),
        #[cfg(feature = "excel")]
        ("ods", Format::Ods),
        #[cfg(feature = "arrow")]
        ("parquet", Format::Parquet),
        #[cfg(feature = "arrow")]
        ("arrow", Format::Arrow),
        #[cfg(feature = "arrow")]
        ("arrows", Format::Arrow),
        ("eml", Format::Eml),
        ("mbox", Format::Mbox),
        ("mbox.zst", Format::Mbox),
        ("html", Format::Html),
        ("vtt", Format::Vtt),
        ("srt", Format::Srt),
        ("txt", Format::Chat),
    ];
    for export in &EXPORTS {
        for (ending, format) in known {
            let path = fixtures().join(format!("{}.{ending}", export.language));
            let Ok(bytes) = std::fs::read(&path) else {
                continue;
            };
            let reader = Reader::from_read("stdin", Cursor::new(bytes), &ReadOptions::default());
            let reader = reader.expect("the fixture opens");
            assert_eq!(reader.columns().format, format, "{}", path.display());
            let texts = |reader: Reader| -> Vec<String> {
                let rows = rows(reader).into_iter();
                rows.map(|row| row.feedback.text).collect()
            };
            assert_eq!(texts(reader), texts(open(&path)), "{}", path.display());
        }
    }
}

#[cfg(all(feature = "arrow", feature = "excel"))]
#[test]
fn progress_ends_at_the_size_of_the_file() {
    for name in [
        "en.xlsx",
        "en.xls",
        "en.ods",
        "en.parquet",
        "en.arrow",
        "en.mbox",
        "en.srt",
    ] {
        let path = fixtures().join(name);
        let reader = open(&path);
        let progress = reader.progress();
        assert!(reader.count() > 0);
        let size = path.metadata().expect("exists").len();
        assert_eq!(progress.bytes(), size, "{name}");
    }
}

#[cfg(all(feature = "arrow", feature = "excel"))]
#[test]
fn packed_files_of_every_format_are_read() {
    for name in ["en.xlsx", "en.xls", "en.ods", "en.parquet", "en.arrow"] {
        let bytes = std::fs::read(fixtures().join(name)).expect("exists");
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join(format!("{name}.zst"));
        let packed = zstd::encode_all(&bytes[..], 1).expect("memory does not fail");
        std::fs::write(&path, packed).expect("a writable folder");
        let texts = |path: &Path| -> Vec<_> {
            let rows = rows(open(path)).into_iter();
            rows.map(|row| row.feedback.text).collect()
        };
        assert_eq!(texts(&path), texts(&fixtures().join(name)), "{name}");
    }
}

#[derive(Deserialize)]
struct Conversation {
    id: String,
    form: String,
    file: String,
}

#[test]
fn exports_of_conversations_are_one_row() {
    let mut wrong = Vec::new();
    for language in ["en", "es", "fr", "th", "zh-Hans", "zh-Hant"] {
        let path = format!("data/reading/conversations/{language}.jsonl");
        for conversation in lines::<Conversation>(&path) {
            let Conversation { id, form, file } = conversation;
            let format = match form.as_str() {
                "whatsapp" | "line" | "wechat" => Format::Chat,
                "vtt" => Format::Vtt,
                "srt" => Format::Srt,
                _ => Format::Text,
            };
            for name in ["stdin", "export.txt"] {
                let input = Cursor::new(file.clone().into_bytes());
                let reader = Reader::from_read(name, input, &ReadOptions::default());
                let reader = reader.expect("a conversation opens");
                let columns = reader.columns().clone();
                let texts: Vec<_> = rows(reader)
                    .into_iter()
                    .map(|row| row.feedback.text)
                    .collect();
                if columns.format != format || !columns.conversation || texts != [file.as_str()] {
                    wrong.push(format!("{id} ({form}) as {name}: {columns}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_name_that_lies_is_seen_through() {
    let table = "text\trating\nSlow\t2\nRude\t1\n";
    for (name, input, format) in [
        ("export.xlsx", table.as_bytes(), Format::Tsv),
        (
            "export.xlsx",
            b"identifiant;avis\n1;La qualit\xE9 a baiss\xE9, et le service \xE0 la client\xE8le aussi\n",
            Format::Csv,
        ),
        ("export.xls", table.as_bytes(), Format::Tsv),
        (
            "export.xls",
            b"<html><body>Slow</body></html>",
            Format::Html,
        ),
    ] {
        let reader = Reader::from_read(name, input, &ReadOptions::default());
        let mut reader = reader.expect("it opens");
        assert_eq!(reader.columns().format, format, "{name}");
        assert!(reader.all(|row| row.is_ok()), "{name}");
    }
    let options = ReadOptions {
        format: Some(Format::Parquet),
        ..ReadOptions::default()
    };
    let error = Reader::from_read("a", table.as_bytes(), &options).expect_err("is no Parquet");
    assert!(error.message().contains("does not begin as parquet does"));
    let old = &b"\xD0\xCF\x11\xE0 the rest"[..];
    let error = Reader::from_read("a.xls", old, &ReadOptions::default()).expect_err("is old");
    assert!(error.hint().is_some_and(|hint| hint.contains(".xlsx")));
}

/// Reads whatever `bytes` are; rows and errors may come, nothing else.
fn survive(name: &str, bytes: Vec<u8>) {
    let input = Cursor::new(bytes);
    let reader = match Reader::from_read(name, input, &ReadOptions::default()) {
        Ok(reader) => reader,
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Input | ErrorKind::Io));
            return;
        }
    };
    for (row, number) in reader.zip(1..) {
        let found = row.map_or_else(|error| error.row(), |row| Some(row.number));
        assert_eq!(found, Some(number), "{name}");
        assert!(number < 10_000, "{name} never ends");
    }
}

/// A different place and byte each time, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // The multiplier of Knuth's MMIX.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % sides
    }

    fn damage(&mut self, bytes: &mut [u8]) {
        for _ in 0..=self.roll(4) {
            let at = self.roll(bytes.len());
            bytes[at] = match self.roll(5) {
                0 => 0,
                1 => 0xFF,
                2 => bytes[at] ^ (1 << self.roll(8)),
                // Digits are the sizes and places of XML.
                3 => b'0' + self.roll(10) as u8,
                _ => self.roll(256) as u8,
            };
        }
    }
}

#[test]
fn damaged_files_end_in_errors_or_rows() {
    let mut dice = Dice(7);
    for name in [
        "en.xlsx",
        "fr.xlsx",
        "en.xlsb",
        "th.xls",
        "fr.ods",
        "en.parquet",
        "fr.parquet",
        "es.parquet",
        "th.parquet",
        "zh-Hans.parquet",
        "en.arrow",
        "fr.arrow",
        "es.arrow",
        "th.arrows",
        "th.eml",
        "zh-Hant.mbox",
        "th.mbox.zst",
        "es.csv.gz",
    ] {
        let bytes = std::fs::read(fixtures().join(name)).expect("exists");
        for part in 0..40 {
            let mut cut = bytes.clone();
            cut.truncate(bytes.len() * part / 40);
            survive(name, cut);
        }
        for _ in 0..mutations() {
            let mut bytes = bytes.clone();
            dice.damage(&mut bytes);
            survive(name, bytes);
        }
    }
}

/// Damage inside of an archive that is whole.
#[cfg(feature = "excel")]
#[test]
fn damaged_workbooks_end_in_errors_or_rows() {
    use std::io::{Read, Write};
    let mut dice = Dice(11);
    let bytes = std::fs::read(fixtures().join("fr.xlsx")).expect("exists");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("it is whole");
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.expect("a name in UTF-8").into_owned())
        .collect();
    let mut parts = Vec::new();
    for name in names {
        let mut part = Vec::new();
        let mut packed = archive.by_name(&name).expect("it is whole");
        packed.read_to_end(&mut part).expect("it is whole");
        parts.push((name, part));
    }
    for _ in 0..10 * mutations() {
        let damaged = dice.roll(parts.len());
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (at, (name, part)) in parts.iter().enumerate() {
            let mut part = part.clone();
            if at == damaged {
                dice.damage(&mut part);
            }
            let stored = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored);
            let started = archive.start_file(name, stored);
            started.expect("memory does not fail");
            archive.write_all(&part).expect("memory does not fail");
        }
        let archive = archive.finish().expect("memory does not fail");
        survive("fr.xlsx", archive.into_inner());
    }
}

/// How often each file is damaged; more where somebody asks for it.
fn mutations() -> usize {
    let asked = std::env::var("PAINPOINT_MUTATIONS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(60)
}
