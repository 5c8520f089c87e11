/* bytes: what a document may not hold below YAML: other encodings, and characters that hide
 * something. */
#include <ctype.h>

#include "source/internal.h"

#define REPORTS_MAX 20 /* a file of another kind would give one a byte */

static struct span span_at(const struct source *source, size_t from, size_t to)
{
	return (struct span){ source, (uint32_t)from, (uint32_t)to };
}

/* ---- other kinds of files ---- */

static const struct magic {
	const char *bytes;
	uint8_t len;
	const char *name;
	const char *wide; /* the encoding as iconv names it, when it is a text */
} magics[] = {
	{ "\xff\xfe\0\0", 4, "UTF-32", "UTF-32" },
	{ "\0\0\xfe\xff", 4, "UTF-32", "UTF-32" },
	{ "\xff\xfe", 2, "UTF-16", "UTF-16" },
	{ "\xfe\xff", 2, "UTF-16", "UTF-16" },
	{ "\x1f\x8b", 2, "gzip", NULL },
	{ "\x7f"
	  "ELF",
	  4, "ELF", NULL },
	{ "\x89PNG", 4, "PNG", NULL },
	{ "\xff\xd8\xff", 3, "JPEG", NULL },
	{ "GIF8", 4, "GIF", NULL },
	{ "PK\3\4", 4, "zip", NULL },
	{ "%PDF-", 5, "PDF", NULL },
	{ "BZh", 3, "bzip2", NULL },
	{ "\xfd"
	  "7zXZ",
	  5, "xz", NULL },
	{ "\x28\xb5\x2f\xfd", 4, "zstd", NULL },
	{ "SQLite format 3", 16, "SQLite database", NULL },
};

static const struct magic *find_magic(struct text text)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (text.len >= magics[i].len &&
		    memcmp(text.ptr, magics[i].bytes, magics[i].len) == 0)
			return &magics[i];
	}
	return NULL;
}

static bool refuse_magic(const struct source *source, struct diags *diags)
{
	const struct magic *magic = find_magic(source->text);

	if (!magic)
		return true;
	if (magic->wide) {
		diag_at(diags, span_at(source, 0, 0), RB0005, "file is %s, expected UTF-8",
			magic->name);
		diag_hint(diags, "Convert it: iconv -f %s -t UTF-8 '%s'", magic->wide,
			  source->name);
	} else {
		diag_at(diags, (struct span){ 0 }, RB0006, "'%s' is a binary file (%s)",
			source->name, magic->name);
		diag_hint(diags, "Look whether this is the right file.");
	}
	return false;
}

/* Text in two or four bytes a character has NULs at most of every second byte. */
static bool refuse_wide(const struct source *source, struct diags *diags)
{
	size_t seen = source->text.len < 64 ? source->text.len : 64;
	size_t nuls[2] = { 0, 0 }, all = 0;

	for (size_t i = 0; i < seen; i++)
		nuls[i % 2] += source->text.ptr[i] == '\0';
	all = nuls[0] + nuls[1];
	if (seen < 4 || (nuls[0] < seen / 4 + 1 && nuls[1] < seen / 4 + 1))
		return true;
	diag_at(diags, span_at(source, 0, 0), RB0005,
		"file contains NUL bytes at regular positions; looks like UTF-16 or UTF-32");
	diag_hint(diags, "Convert it: iconv -f UTF-%d%s -t UTF-8 '%s'", all > seen / 2 ? 32 : 16,
		  source->text.ptr[0] == '\0' ? "BE" : "LE", source->name);
	return false;
}

static bool refuse_empty(const struct source *source, struct diags *diags)
{
	if (source->text.len > source_mark_len(source))
		return true;
	diag_at(diags, span_at(source, 0, 0), RB0003, "file is empty");
	diag_hint(diags, "A runbook has at least:\n%s", SMALLEST_RUNBOOK);
	return false;
}

/* ---- characters ---- */

enum byte_class { BYTE_PLAIN, BYTE_CONTROL, BYTE_CR, BYTE_NEWLINE, BYTE_WIDE };

static const struct refused {
	int32_t from, to;
	enum diag_code code;
	const char *what;
} refused[] = {
	{ 0x00, 0x00, RB0007, "NUL byte" },
	{ 0x01, 0x08, RB0007, "control character" },
	{ 0x0b, 0x0c, RB0007, "control character" },
	{ 0x0d, 0x0d, RB0008, "carriage return without a newline" },
	{ 0x0e, 0x1f, RB0007, "control character" },
	{ 0x7f, 0x84, RB0007, "control character" },
	{ 0x85, 0x85, RB0008, "invisible line separator" },
	{ 0x86, 0x9f, RB0007, "control character" },
	{ 0x61c, 0x61c, RB0009, "bidirectional control" },
	{ 0x200e, 0x200f, RB0009, "bidirectional control" },
	{ 0x2028, 0x2029, RB0008, "invisible line separator" },
	{ 0x202a, 0x202e, RB0009, "bidirectional control" },
	{ 0x2066, 0x2069, RB0009, "bidirectional control" },
	{ 0xfeff, 0xfeff, RB0010, "byte order mark" },
	{ 0xfffe, 0xffff, RB0007, "character that is none" },
};

static const struct refused *find_refused(int32_t code_point)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (code_point >= refused[i].from && code_point <= refused[i].to)
			return &refused[i];
	}
	return NULL;
}

bool char_is_odd_blank(int32_t code_point)
{
	return code_point == 0xa0 || code_point == 0x1680 ||
	       (code_point >= 0x2000 && code_point <= 0x200b) || code_point == 0x202f ||
	       code_point == 0x205f || code_point == 0x2060 || code_point == 0x3000;
}

/* One walk over the bytes. */
struct walk {
	const struct source *source;
	struct diags *diags;
	size_t at;
	unsigned line_ends[2]; /* of lines that end with LF, with CR LF */
	unsigned reports;
};

static void report_refused(struct walk *walk, const struct refused *row, int32_t code_point,
			   struct span span)
{
	static const char *const effects[] = {
		[0] = "",
		[1] = "; the text after it would be read as a new line",
		[2] = " can hide the real order of the text",
		[3] = " inside the text",
	};
	const char *effect = row->code == RB0007 ? effects[0] : effects[row->code - RB0007];

	walk->reports++;
	diag_at(walk->diags, span, row->code, "%s U+%04X%s", row->what, (unsigned)code_point,
		effect);
	if (row->code == RB0008)
		diag_hint(walk->diags, "Replace it by a newline or a blank.");
	else
		diag_hint(walk->diags,
			  "Remove it; in a double-quoted text it can be written as \"%s%0*X\".",
			  code_point < 0x100 ? "\\x" : "\\u", code_point < 0x100 ? 2 : 4,
			  (unsigned)code_point);
}

/* Whether the bytes left could be the beginning of a character that was cut off. */
static bool is_cut_off(struct text rest)
{
	static const uint8_t starts[] = { 0xc2, 0xe0, 0xf0, 0xf5 };
	uint8_t first = (uint8_t)rest.ptr[0];
	size_t whole = 1;

	for (size_t i = 0; i < 3; i++) {
		if (first >= starts[i] && first < starts[i + 1])
			whole = i + 2;
	}
	for (size_t i = 1; i < rest.len; i++) {
		if (((uint8_t)rest.ptr[i] & 0xc0) != 0x80)
			return false;
	}
	return rest.len < whole;
}

/* A letter of Western Europe in one byte stands between other letters or ends a word. */
static bool looks_latin(struct text text, size_t at)
{
	uint8_t byte = (uint8_t)text.ptr[at];
	uint8_t next = at + 1 < text.len ? (uint8_t)text.ptr[at + 1] : ' ';

	return byte >= 0xc0 && next < 0x80 && at > 0 && isalpha((uint8_t)text.ptr[at - 1]);
}

static void report_malformed(struct walk *walk)
{
	struct text text = walk->source->text;
	struct span span = span_at(walk->source, walk->at, walk->at + 1);
	unsigned byte = (uint8_t)text.ptr[walk->at];

	walk->reports = REPORTS_MAX;
	if (is_cut_off(text_slice(text, walk->at, text.len))) {
		diag_at(walk->diags, span, RB0004, "file ends inside a UTF-8 character");
		diag_hint(walk->diags, "Was the file truncated? Copy it again.");
	} else if (looks_latin(text, walk->at)) {
		diag_at(walk->diags, span, RB0004, "not UTF-8 (byte 0x%02X; looks like ISO-8859-1)",
			byte);
		diag_hint(walk->diags, "Convert it: iconv -f ISO-8859-1 -t UTF-8 '%s'",
			  walk->source->name);
	} else {
		diag_at(walk->diags, span, RB0004,
			"not valid UTF-8 (byte 0x%02X at byte offset %zu)", byte, walk->at);
		diag_hint(walk->diags,
			  "Write the character again, or convert the file with iconv.");
	}
}

/* Whether nothing but blanks stands before the offset on its line. */
static bool is_indentation(struct text text, size_t at)
{
	while (at > 0 && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '\t'))
		at--;
	return at == 0 || text.ptr[at - 1] == '\n';
}

static void check_wide(struct walk *walk)
{
	struct text text = walk->source->text;
	size_t start = walk->at;
	int32_t code_point = text_next(text, &walk->at);
	struct span span = span_at(walk->source, start, walk->at);
	const struct refused *row = code_point < 0x80 ? NULL : find_refused(code_point);

	if (code_point < 0) {
		walk->at = start;
		report_malformed(walk);
	} else if (row) {
		report_refused(walk, row, code_point, span);
	} else if (char_is_odd_blank(code_point) && is_indentation(text, start)) {
		walk->reports++;
		diag_at(walk->diags, span, RB0012, "%s U+%04X used as indentation",
			code_point == 0xa0 ? "no-break space" : "odd blank", (unsigned)code_point);
		diag_hint(walk->diags, "Replace it by a blank.");
	}
}

static void check_cr(struct walk *walk)
{
	struct text text = walk->source->text;

	if (walk->at + 1 >= text.len || text.ptr[walk->at + 1] != '\n')
		report_refused(walk, find_refused('\r'), '\r',
			       span_at(walk->source, walk->at, walk->at + 1));
	walk->at++;
}

static void check_newline(struct walk *walk)
{
	bool crlf = walk->at > 0 && walk->source->text.ptr[walk->at - 1] == '\r';

	if (walk->line_ends[crlf]++ == 0 && walk->line_ends[!crlf] > 0) {
		diag_at(walk->diags, span_at(walk->source, walk->at, walk->at), RB0011,
			"this line ends with %s, the lines before it with %s",
			crlf ? "CR LF" : "LF", crlf ? "LF" : "CR LF");
		diag_hint(walk->diags, "Convert the file to one kind of line ends.");
	}
	walk->at++;
}

static void check_control(struct walk *walk)
{
	int32_t code_point = (uint8_t)walk->source->text.ptr[walk->at];

	report_refused(walk, find_refused(code_point), code_point,
		       span_at(walk->source, walk->at, walk->at + 1));
	walk->at++;
}

static enum byte_class classify(uint8_t byte)
{
	if (byte >= 0x80)
		return BYTE_WIDE;
	if (byte == '\n')
		return BYTE_NEWLINE;
	if (byte == '\r')
		return BYTE_CR;
	return byte == '\t' || (byte >= 0x20 && byte < 0x7f) ? BYTE_PLAIN : BYTE_CONTROL;
}

static bool check_characters(const struct source *source, struct diags *diags)
{
	static void (*const checks[])(struct walk *) = {
		[BYTE_CONTROL] = check_control,
		[BYTE_CR] = check_cr,
		[BYTE_NEWLINE] = check_newline,
		[BYTE_WIDE] = check_wide,
	};
	struct walk walk = { source, diags, source_mark_len(source), { 0, 0 }, 0 };

	while (walk.at < source->text.len && walk.reports < REPORTS_MAX) {
		enum byte_class class = classify((uint8_t)source->text.ptr[walk.at]);

		if (class == BYTE_PLAIN)
			walk.at++;
		else
			checks[class](&walk);
	}
	return walk.reports == 0;
}

bool bytes_check(const struct source *source, struct diags *diags)
{
	return refuse_empty(source, diags) && refuse_magic(source, diags) &&
	       refuse_wide(source, diags) && check_characters(source, diags);
}
