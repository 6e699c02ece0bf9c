//! Lines of bounded length.

use std::io::{self, BufRead};

/// What [`next_line`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line is in the buffer, without its end.
    Whole,
    /// The line was longer than allowed, and has been skipped.
    TooLong,
    /// No line is left.
    End,
}

/// Reads the next line into `line`, without `\n` or `\r\n`.
pub(super) fn next_line(
    input: &mut impl BufRead,
    line: &mut Vec<u8>,
    max: usize,
) -> io::Result<Line> {
    line.clear();
    let mut length = 0;
    loop {
        let chunk = input.fill_buf()?;
        let end = chunk.iter().position(|&byte| byte == b'\n');
        let part = &chunk[..end.unwrap_or(chunk.len())];
        length += part.len();
        if length <= max {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() || used == 0 {
            if length == 0 && end.is_none() {
                return Ok(Line::End);
            }
            break;
        }
    }
    if length > max {
        return Ok(Line::TooLong);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Line::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_or_are_said_to_be_too_long() {
        let mut input = io::BufReader::with_capacity(3, &b"ab\r\n\nabcdefgh\nxy"[..]);
        let mut line = Vec::new();
        let mut next = || {
            let found = next_line(&mut input, &mut line, 5).expect("memory does not fail");
            (found, String::from_utf8_lossy(&line).into_owned())
        };
        assert_eq!(next(), (Line::Whole, "ab".to_owned()));
        assert_eq!(next(), (Line::Whole, String::new()));
        assert_eq!(next().0, Line::TooLong);
        assert_eq!(next(), (Line::Whole, "xy".to_owned()));
        assert_eq!(next().0, Line::End);
    }
}
