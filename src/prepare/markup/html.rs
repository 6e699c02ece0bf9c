//! HTML, pages and fragments alike.
//!
//! Feedback is full of `<` that opens nothing (`a < b`, `<3`, `<name>`), so a tag
//! counts only with a name of HTML, and with attributes only where one has a value.

use std::borrow::Cow;
use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::entity;
use crate::prepare::trace::Edit;

/// What HTML becomes.
pub(super) struct Html {
    pub(super) edits: Vec<Edit>,
    /// Parts of the page that are no content.
    pub(super) furniture: Vec<Range<usize>>,
    pub(super) has_blocks: bool,
}

/// Whether a text has anything that [`edits`] might act on.
pub(super) fn is_possible(text: &str) -> bool {
    memchr::memchr3(b'<', b'&', b';', text.as_bytes()).is_some()
}

/// What a tag means to a reader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    /// Stands in the flow of words.
    Inline,
    /// Stands on lines of its own.
    Block,
    /// Holds no content of the page.
    Furniture,
}

fn element(name: &[u8]) -> Option<Element> {
    Some(match name {
        b"script" | b"style" | b"nav" | b"header" | b"footer" | b"aside" | b"form"
        | b"noscript" | b"template" | b"svg" | b"button" | b"select" | b"iframe" | b"object"
        | b"head" => Element::Furniture,
        b"p" | b"div" | b"br" | b"hr" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"ul"
        | b"ol" | b"li" | b"dl" | b"dt" | b"dd" | b"table" | b"thead" | b"tbody" | b"tfoot"
        | b"tr" | b"td" | b"th" | b"caption" | b"blockquote" | b"pre" | b"article" | b"section"
        | b"main" | b"figure" | b"figcaption" | b"address" | b"html" | b"body" | b"title"
        | b"option" | b"details" | b"summary" | b"fieldset" | b"legend" | b"center" => {
            Element::Block
        }
        b"a" | b"abbr" | b"acronym" | b"audio" | b"b" | b"base" | b"bdi" | b"bdo" | b"big"
        | b"cite" | b"code" | b"col" | b"colgroup" | b"data" | b"del" | b"dfn" | b"em"
        | b"embed" | b"font" | b"i" | b"img" | b"input" | b"ins" | b"kbd" | b"label" | b"link"
        | b"mark" | b"meta" | b"meter" | b"param" | b"path" | b"picture" | b"progress" | b"q"
        | b"rp" | b"rt" | b"ruby" | b"s" | b"samp" | b"small" | b"source" | b"span" | b"strike"
        | b"strong" | b"sub" | b"sup" | b"textarea" | b"time" | b"track" | b"tt" | b"u"
        | b"var" | b"video" | b"wbr" => Element::Inline,
        _ => return None,
    })
}

/// Edits that leave the text of HTML. Furniture stays where a page has nothing else.
pub(super) fn edits(text: &str) -> Html {
    let html = edits_with(text, true);
    let is_blank = !html.furniture.is_empty() && is_blank(text, &html.edits);
    if is_blank {
        edits_with(text, false)
    } else {
        html
    }
}

/// Whether edits leave nothing of a text.
fn is_blank(text: &str, edits: &[Edit]) -> bool {
    let mut kept = 0;
    for edit in edits {
        let before = &text[kept..edit.range.start];
        if !before.trim().is_empty() || !edit.with.trim().is_empty() {
            return false;
        }
        kept = edit.range.end;
    }
    text[kept..].trim().is_empty()
}

fn edits_with(text: &str, drops_furniture: bool) -> Html {
    let mut page = Page {
        text,
        html: Html {
            edits: Vec::new(),
            furniture: Vec::new(),
            has_blocks: false,
        },
        drops_furniture,
        open: None,
        done: 0,
    };
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let Ok(tokens) = Tokenizer::new_with_emitter(text, emitter).collect::<Result<Vec<_>, _>>();
    for token in tokens {
        match token {
            Token::StartTag(tag) => {
                let closes = tag.self_closing;
                page.tag(
                    &tag.name,
                    tag.span.start..tag.span.end,
                    Tag::Start { closes },
                );
            }
            Token::EndTag(tag) => page.tag(&tag.name, tag.span.start..tag.span.end, Tag::End),
            Token::Comment(comment) => page.hidden(comment.span.start..comment.span.end),
            Token::Doctype(doctype) => page.hidden(doctype.span.start..doctype.span.end),
            Token::String(_) | Token::Error(_) => {}
        }
    }
    page.text_until(text.len());
    page.html
}

enum Tag {
    Start { closes: bool },
    End,
}

/// A part of the page that is no content, as far as it was read.
struct Open {
    name: Vec<u8>,
    /// Elements of its name within it.
    depth: usize,
    start: usize,
    /// The edits before it.
    edits: usize,
}

struct Page<'a> {
    text: &'a str,
    html: Html,
    drops_furniture: bool,
    open: Option<Open>,
    /// All before it was looked at.
    done: usize,
}

impl Page<'_> {
    fn tag(&mut self, name: &[u8], range: Range<usize>, tag: Tag) {
        let Some(element) = element(name) else {
            return;
        };
        let Some(source) = self.source(&range) else {
            return;
        };
        let rest = &source.as_bytes()
            [1 + usize::from(matches!(tag, Tag::End)) + name.len()..source.len() - 1];
        let bare = rest
            .iter()
            .all(|byte| byte.is_ascii_whitespace() || *byte == b'/');
        if !bare && !rest.contains(&b'=') {
            return;
        }
        self.text_until(range.start);
        self.html.has_blocks |= element == Element::Block && name != b"br";
        self.done = range.end;
        if let Some(open) = &mut self.open {
            if open.name == name {
                match tag {
                    Tag::Start { closes } => open.depth += usize::from(!closes),
                    Tag::End if open.depth > 0 => open.depth -= 1,
                    Tag::End => {
                        self.close(range.end);
                        return;
                    }
                }
            }
        } else if self.drops_furniture
            && element == Element::Furniture
            && matches!(tag, Tag::Start { closes: false })
        {
            self.open = Some(Open {
                name: name.to_vec(),
                depth: 0,
                start: range.start,
                edits: self.html.edits.len(),
            });
        }
        let with = match element {
            Element::Inline => "",
            Element::Block | Element::Furniture => "\n",
        };
        self.replace(range, with);
    }

    /// Leaves out the open part, which ends here.
    fn close(&mut self, end: usize) {
        if let Some(open) = self.open.take() {
            self.html.edits.truncate(open.edits);
            self.html.furniture.push(open.start..end);
            self.replace(open.start..end, "\n");
        }
    }

    /// A comment or the type of the document.
    fn hidden(&mut self, range: Range<usize>) {
        // What is not closed hides the rest of the text by the letter of the
        // standard, and is no comment to a reader: `<!-- see below`.
        if self
            .source(&range)
            .is_some_and(|source| source.starts_with("<!"))
        {
            self.text_until(range.start);
            self.done = range.end;
            self.replace(range, "");
        }
    }

    /// The source of a tag, if it is whole.
    fn source(&self, range: &Range<usize>) -> Option<&str> {
        let source = self.text.get(range.clone())?;
        (range.start >= self.done && source.starts_with('<') && source.ends_with('>'))
            .then_some(source)
    }

    fn text_until(&mut self, end: usize) {
        entity::edits(self.text, self.done..end, &mut self.html.edits);
        self.done = end;
    }

    fn replace(&mut self, range: Range<usize>, with: &'static str) {
        let with = Cow::Borrowed(with);
        self.html.edits.push(Edit { range, with });
    }
}
