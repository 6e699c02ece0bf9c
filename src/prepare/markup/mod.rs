//! Text with markup → text without it.
//!
//! HTML is found by content and in any text, down to a single `<br/>` or
//! `&eacute;`; Markdown only where a text has several of its forms, as `*` and
//! `#` have other uses.

mod entity;
mod html;
mod markdown;

use std::ops::Range;

use super::trace::TracedText;
use crate::label::Markup;

/// A text without its markup.
pub(super) struct Unmarked {
    pub(super) text: TracedText,
    /// Bytes of the original text: parts of a page that are no content.
    pub(super) furniture: Vec<Range<usize>>,
    /// Whether it was a page or a fragment of one, with blocks of its own.
    pub(super) is_page: bool,
}

/// Takes the markup out. The markup is found by content where it is not known.
pub(super) fn unmark(text: TracedText, known: Option<Markup>) -> Unmarked {
    let mut unmarked = Unmarked {
        text,
        furniture: Vec::new(),
        is_page: false,
    };
    if known == Some(Markup::Plain) {
        return unmarked;
    }
    if known == Some(Markup::Markdown)
        || known.is_none() && markdown::is_likely(unmarked.text.as_str())
    {
        let edits = markdown::edits(unmarked.text.as_str());
        unmarked.text = unmarked.text.rewrite(edits);
        unmarked.is_page = true;
    }
    // Tables hold HTML that was escaped: `&lt;p&gt;` is a tag after one round.
    for _ in 0..2 {
        if !html::is_possible(unmarked.text.as_str()) {
            break;
        }
        let html = html::edits(unmarked.text.as_str());
        let furniture = html.furniture.into_iter();
        let furniture = furniture.map(|range| unmarked.text.original(range).range());
        unmarked.furniture.extend(furniture);
        unmarked.is_page |= html.has_blocks;
        if html.edits.is_empty() {
            break;
        }
        unmarked.text = unmarked.text.rewrite(html.edits);
    }
    unmarked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::prepare::testing::assert_linear;

    fn unmark(text: &str) -> Unmarked {
        super::unmark(TracedText::new(text), None)
    }

    /// What is left, its lines trimmed and the empty ones left out.
    fn lines(text: &str) -> String {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn html_is_taken_out_and_nothing_else() {
        let cases = [
            ("", ""),
            ("<p>Très&nbsp;bien</p><p>Merci</p>", "Très\u{a0}bien|Merci"),
            (
                "房间很脏<br/>客服不理人<BR>再也不来",
                "房间很脏|客服不理人|再也不来",
            ),
            ("so <b>very</b> bad", "so very bad"),
            (
                "a < b and c > d, I <3 it, x<y",
                "a < b and c > d, I <3 it, x<y",
            ),
            ("<3 <3 >_< <-- here", "<3 <3 >_< <-- here"),
            (
                "Dear <name>, the <product> broke",
                "Dear <name>, the <product> broke",
            ),
            (
                "less than <b and more> of it",
                "less than <b and more> of it",
            ),
            ("if (a<b) then p>q", "if (a<b) then p>q"),
            (
                "Tom &amp; co, 5 &lt; 6 &eacute;t&eacute;",
                "Tom & co, 5 < 6 été",
            ),
            ("R&amp;amp;D and &amp;lt;", "R&D and <"),
            ("AT&T, R&D; Q & A; U & A é", "AT&T, R&D; Q & A; U & A é"),
            ("caf&#233; &#x1F621; it&#8217;s &#146;", "café 😡 it’s ’"),
            ("他说ldquo;很好rdquo;，nbsp;真的", "他说“很好”，\u{a0}真的"),
            ("&lt;p&gt;escaped&lt;/p&gt;&lt;br&gt;twice", "escaped|twice"),
            ("<script>if (a<b) alert('no')</script>yes", "yes"),
            (
                "<nav><a href=\"/\">Home</a></nav><p>Body</p><footer>© us</footer>",
                "Body",
            ),
            (
                "<nav>never closed, so it stays",
                "never closed, so it stays",
            ),
            ("<img src=\"a.png\" alt=\"a broken cup\">cup", "cup"),
            ("<!-- hidden -->seen<!DOCTYPE html>", "seen"),
            (
                "<div class=x>one</div>two<ul><li>three<li>four</ul>",
                "one|two|three|four",
            ),
            ("ราคา &lt; 100 บาท<br>แพง", "ราคา < 100 บาท|แพง"),
            ("x &unknown; y &; z &#; &#x;", "x &unknown; y &; z &#; &#x;"),
            ("<p", "<p"),
            ("<br", "<br"),
            ("</p></p>ok", "ok"),
            ("<nav><a href=x>Only this</a></nav>", "Only this"),
        ];
        for (text, expected) in cases {
            assert_eq!(lines(unmark(text).text.as_str()), expected, "{text:?}");
        }
    }

    #[test]
    fn markdown_is_taken_out_where_it_is_clear() {
        let cases = [
            (
                "# Hotel\n\nThe room was **dirty**, see [photo](https://x.example/a).\n\n* cold\n* loud\n",
                "Hotel|The room was dirty, see photo.|cold|loud",
            ),
            (
                "## 体验\n\n**差**：`很慢`\n\n![图](a.png)\n",
                "体验|差：很慢",
            ),
            ("5 * 3 * 2 is not *much*", "5 * 3 * 2 is not *much*"),
            ("# 1 in sales", "# 1 in sales"),
            ("*客户\n*服务", "*客户|*服务"),
        ];
        for (text, expected) in cases {
            assert_eq!(lines(unmark(text).text.as_str()), expected, "{text:?}");
        }
        let known = |markup| {
            let text = TracedText::new("*one* <b>two</b>");
            super::unmark(text, Some(markup)).text.as_str().to_owned()
        };
        assert_eq!(known(Markup::Plain), "*one* <b>two</b>");
        assert_eq!(known(Markup::Html), "*one* two");
        assert_eq!(known(Markup::Markdown).trim(), "one two");
    }

    #[test]
    fn furniture_is_told_apart() {
        let text = "<header>Menu</header><p>Slow &amp; rude</p><aside><aside>ad</aside>s</aside>";
        let unmarked = unmark(text);
        let furniture: Vec<_> = unmarked
            .furniture
            .iter()
            .map(|range| &text[range.clone()])
            .collect();
        assert_eq!(
            furniture,
            ["<header>Menu</header>", "<aside><aside>ad</aside>s</aside>"]
        );
        assert!(unmarked.is_page);
        assert!(!unmark("so <b>bad</b>").is_page);
    }

    #[test]
    fn huge_texts_take_linear_time() {
        let units = [
            "<", "&", "&amp;", "amp;", "<p>", "<b ", "</", "<!--", "&#", "ldquo;", "<nav>", "**",
            "[", "# a\n",
        ];
        assert_linear(&units, |text| drop(unmark(text)));
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_way_back(
            parts in prop::collection::vec(prop::sample::select(vec![
                "<", ">", "<p>", "</p>", "<br/>", "<nav>", "</nav>", "<script>", "</script>", "&", "amp;",
                "&lt;", "&#", "233;", "ldquo;", "é", "客", "ก", " ", "\n", "\"", "=", "<a href=", "**", "# ",
                "[x](y)", "`", "<!--", "-->", "😡", "x",
            ]), 0..30),
        ) {
            let text = parts.concat();
            let unmarked = unmark(&text);
            let mut last = 0;
            for (start, char) in unmarked.text.as_str().char_indices() {
                let span = unmarked.text.original(start..start + char.len_utf8());
                prop_assert!(text.get(span.range()).is_some());
                prop_assert!(last <= span.end());
                last = span.end();
            }
            for range in unmarked.furniture {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
