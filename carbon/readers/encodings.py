"""Which encoding a text file is in: told by its marks and its bytes, never guessed in silence.

UTF-8 proves itself: hardly any other text is valid UTF-8 by chance. Of what is not, only GB18030
and Western European text (Windows-1252, of which Latin-1 is a part) are taken, and only where the
file reads sensibly in one of them alone. A file that may be either is refused: 'µç' and '电' are
the same two bytes, and a statistical guess is worth nothing on a file of three rows.
"""

from __future__ import annotations

import re
import unicodedata

from carbon.errors import CarbonError
from carbon.readers.faults import KINDS, Faults

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
NAMES = {"gb18030": "GB18030", "cp1252": "Windows-1252 (Latin-1)"}
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
SIGNS = frozenset("°²³€£µ§·´’‘“”–—…ªº«»½¼¾¿¡×÷®©™\u00a0")
COMMON = 0.8  # share of a Chinese text that stands among the 3,755 first characters of GB 2312
WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ]+")


def decoded(data: bytes, file: str, wanted: str, faults: Faults) -> str:
    """The text of a file. Raises CarbonError for bytes that are no text, or text of two kinds."""
    encoding = wanted or _by_marks(data)
    if encoding:
        content = _as(data, encoding)
        if content is None:
            raise _not_in(data, file, encoding, bool(wanted))
    else:
        content = _as(data, "utf-8")
        if content is None:
            content = _other(data, file, faults)
    if CONTROL.search(content) or content.startswith("%PDF"):
        raise no_text(file)
    return content


def _by_marks(data: bytes) -> str:
    """The encoding a byte order mark tells, or the zero bytes of UTF-16 without one."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    start = data[:2000]
    if len(start) >= 4 and not len(data) % 2:
        half = len(start) // 2
        for encoding, zeros, others in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
            if start[zeros::2].count(0) > 0.4 * half and not start[others::2].count(0):
                return encoding
    return ""


def _as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError):
        return None


def _other(data: bytes, file: str, faults: Faults) -> str:
    """A text that is not UTF-8, where it can be read in one way only."""
    if CONTROL.search(data.decode("latin-1")) or data.startswith(b"%PDF"):
        raise no_text(file)
    read = {name: _as(data, name) for name in NAMES}
    fits = [name for name, text in read.items() if text is not None and SENSIBLE[name](text)]
    if len(fits) == 1:
        (taken,) = fits
        content = read[taken] or ""
        faults.add(_told(taken, content), severity="note")
        return content
    if len(fits) == 2:
        raise _two_ways(file, {name: read[name] or "" for name in fits})
    raise _not_in(data, file, "utf-8", False)


def _is_chinese(text: str) -> bool:
    """Whether the characters beyond ASCII are those that Chinese is mostly written with."""
    beyond = [letter for letter in text if letter > "\x7f"]
    return sum(map(_is_common, beyond)) >= COMMON * len(beyond)


def _is_common(letter: str) -> bool:
    """Whether a character is among the first of GB 2312, or a sign of that set."""
    try:
        first, *others = letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return bool(others) and (0xA1 <= first <= 0xA3 or 0xB0 <= first <= 0xD7)


def _is_western(text: str) -> bool:
    """Whether the characters beyond ASCII are letters within words, or signs between them."""
    for letter in text:
        if letter > "\x7f" and letter not in SIGNS and not _is_western_letter(letter):
            return False
    words = (word for word in WORD.findall(text) if not word.isascii())
    return all(_is_western_word(word) for word in words) and not re.search("[^\x00-\x7f]{4}", text)


def _is_western_letter(letter: str) -> bool:
    return letter in "ßŒœŠšŽžŸ" or ("À" <= letter <= "ÿ" and letter not in "×÷")


def _is_western_word(word: str) -> bool:
    """Whether a word is in one case, or begins with a capital, and is mostly plain letters."""
    marked = sum(letter > "\x7f" for letter in word)
    is_cased = word.islower() or word.isupper() or word.istitle() or word[1:].islower()
    names = (unicodedata.name(letter, "") for letter in word)
    return is_cased and marked * 2 <= len(word) + 1 and all("LATIN" in name for name in names)


SENSIBLE = {"gb18030": _is_chinese, "cp1252": _is_western}


def _sample(text: str) -> str:
    """The first words that are not plain ASCII: what an encoding decides."""
    found = dict.fromkeys(
        each.strip() for each in re.findall(r"[^,;\t|\n\r\"]*[^\x00-\x7f][^,;\t|\n\r\"]*", text)
    )
    return ", ".join(repr(each[:24]) for each in list(found)[:3])


def _told(encoding: str, content: str) -> CarbonError:
    return CarbonError(
        "encoding",
        f"the file is not UTF-8 and was read as {NAMES[encoding]}: {_sample(content)}",
        remedy='if these look wrong, save it as CSV UTF-8, or say encoding = "..." in a column map',
    )


def _two_ways(file: str, read: dict[str, str]) -> CarbonError:
    return CarbonError(
        "ambiguous-encoding",
        "the file is not UTF-8 and can be read in two encodings, with different words",
        where=f"{file}\n"
        + "\n".join(f"    {NAMES[name]}: {_sample(text)}" for name, text in read.items()),
        remedy='say encoding = "gb18030" or encoding = "latin-1" under [import.NAME] in '
        "carbon.toml, or save it as CSV UTF-8",
    )


def _not_in(data: bytes, file: str, encoding: str, is_said: bool) -> CarbonError:
    """The fault of bytes that an encoding does not have, with the line they stand on."""
    try:
        data.decode(encoding)
        at = 0
    except UnicodeDecodeError as fault:
        at = fault.start
    except UnicodeError:
        at = 0
    line = data[:at].count(b"\n") + 1
    why = "as the column map says" if is_said else "nor does it read sensibly in another encoding"
    return CarbonError(
        "not-a-table" if not is_said else "encoding",
        f"{file} holds bytes that are no text: it is not {encoding.upper()}, {why}",
        where=f"{file}, line {line}",
        looked_for="UTF-8, UTF-16, GB18030 or Latin-1",
        remedy="export the table again as CSV (UTF-8) or .xlsx, or say encoding = "
        '"..." under [import.NAME] in carbon.toml',
    )


def no_text(file: str) -> CarbonError:
    """The fault of a file of bytes."""
    return CarbonError(
        "not-a-table",
        f"{file} is not a table: it holds bytes that are no text",
        where=file,
        looked_for=f"a {KINDS} file",
        remedy="export the table again as CSV (UTF-8) or .xlsx",
    )
