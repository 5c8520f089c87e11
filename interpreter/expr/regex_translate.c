/*
 * Patterns of RE2 (its syntax page, and Go's regexp/syntax where that is silent) as patterns of
 * PCRE2. What RE2 does not know is refused: it would make the time of a match unforeseeable, or
 * mean something else elsewhere. What the two read differently is written so that PCRE2 cannot
 * misread it.
 */
#include <string.h>

#include "expr/functions.h"

#define MAX_GROUPS 200  /* in one another */
#define MAX_REPEAT 1000 /* also of repetitions in one another, multiplied */

struct translator {
	struct text in;
	size_t at;
	struct buffer *out;
	const char *script; /* what PCRE2 wants before the name of a script */
	struct regex_fault *fault;
	size_t depth;
	uint32_t repeats[MAX_GROUPS + 1]; /* in each open group, the largest product */
	uint32_t product;                 /* of the item before */
	bool has_item;                    /* there is one that can be repeated */
	bool repeated;                    /* and it is already */
};

static bool fail(struct translator *translator, size_t offset, const char *message)
{
	translator->fault->message = message;
	translator->fault->offset = offset;
	return false;
}

static int peek(const struct translator *translator, size_t ahead)
{
	size_t at = translator->at + ahead;

	return at < translator->in.len ? (unsigned char)translator->in.ptr[at] : -1;
}

static bool accept(struct translator *translator, const char *word)
{
	struct text rest = text_slice(translator->in, translator->at, translator->in.len);

	if (!text_starts(rest, word))
		return false;
	translator->at += strlen(word);
	return true;
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_alnum(int byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static void put_literal(struct translator *translator, int32_t code_point)
{
	if (code_point < 0x80 && !is_alnum(code_point))
		buffer_printf(translator->out, "\\x{%x}", (unsigned)code_point);
	else
		buffer_put_utf8(translator->out, (uint32_t)code_point);
}

static void item_done(struct translator *translator)
{
	translator->has_item = true;
	translator->repeated = false;
	translator->product = 1;
}

/* ---- escapes ------------------------------------------------------------------------------- */

/* What an escape stands for. */
struct escape {
	int32_t literal;     /* a character; -1: something else */
	const char *outside; /* what to write; NULL: it cannot stand there */
	const char *inside;  /* the same in a class */
};

static const struct {
	char name;
	struct escape escape;
} escapes[] = {
	{ 'a', { .literal = '\a' } },
	{ 'f', { .literal = '\f' } },
	{ 't', { .literal = '\t' } },
	{ 'n', { .literal = '\n' } },
	{ 'r', { .literal = '\r' } },
	{ 'v', { .literal = '\v' } },
	{ 'd', { -1, "\\d", "\\d" } },
	{ 'D', { -1, "\\D", "\\D" } },
	{ 'w', { -1, "\\w", "\\w" } },
	{ 'W', { -1, "\\W", "\\W" } },
	/* To PCRE2 a vertical tab is white too. */
	{ 's', { -1, "[\\t\\n\\f\\r ]", "\\t\\n\\f\\r " } },
	{ 'S', { -1, "[^\\t\\n\\f\\r ]", "\\S\\x{b}" } },
	{ 'A', { -1, "\\A", NULL } },
	{ 'z', { -1, "\\z", NULL } },
	{ 'b', { -1, "\\b", NULL } },
	{ 'B', { -1, "\\B", NULL } },
};

static int hex_value(int byte)
{
	if (is_digit(byte))
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Behind "\x": two digits, or any number in braces. */
static bool read_hex(struct translator *translator, int32_t *code_point)
{
	size_t from = translator->at - 2;
	bool braces = accept(translator, "{");
	size_t digits = 0;

	*code_point = 0;
	while ((braces || digits < 2) && peek(translator, 0) >= 0 &&
	       hex_value(peek(translator, 0)) >= 0 && *code_point <= 0x10ffff) {
		*code_point = *code_point * 16 + hex_value(peek(translator, 0));
		translator->at++;
		digits++;
	}
	if (digits == 0 || (!braces && digits < 2) || (braces && !accept(translator, "}")) ||
	    *code_point > 0x10ffff || (*code_point >= 0xd800 && *code_point <= 0xdfff))
		return fail(translator, from,
			    "'\\x' takes two hex digits, or a code point in braces");
	return true;
}

/* Behind a backslash and before an octal digit. "\1" alone would be a backreference. */
static bool read_octal(struct translator *translator, int32_t *code_point)
{
	int first = peek(translator, 0);

	if (first > '7' ||
	    (first != '0' && (peek(translator, 1) < '0' || peek(translator, 1) > '7')))
		return fail(translator, translator->at - 1, "backreferences are not supported");
	*code_point = 0;
	for (int i = 0; i < 3 && peek(translator, 0) >= '0' && peek(translator, 0) <= '7'; i++) {
		*code_point = *code_point * 8 + (peek(translator, 0) - '0');
		translator->at++;
	}
	return true;
}

/* Names that a general category has, or "Any". */
static bool is_category(struct text name)
{
	static const char categories[] =
		" Any C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No "
		"P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs ";
	char word[8];

	if (name.len == 0 || name.len > 3)
		return false;
	snprintf(word, sizeof(word), " %.*s ", TEXT_ARG(name));
	return strstr(categories, word);
}

/* Of the scripts, PCRE2 knows short names too; those have four letters. */
static bool is_script(struct text name)
{
	static const char four[] = " Cham Kawi Lisu Modi Newa Thai Toto ";
	char word[8];

	if (name.len < 2 || name.ptr[0] < 'A' || name.ptr[0] > 'Z')
		return false;
	for (size_t i = 1; i < name.len; i++)
		if (name.ptr[i] != '_' && !is_alnum((unsigned char)name.ptr[i]))
			return false;
	if (name.len != 4)
		return name.len > 2 || text_is(name, "Yi");
	snprintf(word, sizeof(word), " %.*s ", TEXT_ARG(name));
	return strstr(four, word);
}

/* Behind "\p" or "\P": a letter, or a name in braces. */
static bool read_property(struct translator *translator, bool negative)
{
	size_t from = translator->at - 2;
	size_t end = translator->at + 1;
	struct text name;
	bool category;

	if (accept(translator, "{")) {
		negative ^= accept(translator, "^");
		end = text_find(translator->in, TEXT("}"), translator->at);
		name = text_slice(translator->in, translator->at, end);
		translator->at = end == SIZE_MAX ? translator->in.len : end + 1;
	} else {
		name = text_slice(translator->in, translator->at, end);
		translator->at += name.len;
	}
	category = is_category(name);
	if (end == SIZE_MAX || (!category && !is_script(name)))
		return fail(translator, from, "unknown class of characters");
	buffer_printf(translator->out, "\\%c{%s%.*s}", negative ? 'P' : 'p',
		      category ? "" : translator->script, TEXT_ARG(name));
	return true;
}

/* At a backslash; not for \Q, \p and \P. */
static bool read_escape(struct translator *translator, struct escape *escape)
{
	int byte = peek(translator, 1);

	*escape = (struct escape){ .literal = byte };
	translator->at++;
	if (byte < 0)
		return fail(translator, translator->at - 1, "a backslash at the end");
	if (is_digit(byte))
		return read_octal(translator, &escape->literal);
	translator->at++;
	if (byte == 'x')
		return read_hex(translator, &escape->literal);
	if (byte < 0x80 && !is_alnum(byte))
		return true;
	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++) {
		if (escapes[i].name == byte) {
			*escape = escapes[i].escape;
			return true;
		}
	}
	return fail(translator, translator->at - 2, "an unknown escape");
}

/* "\Q...\E": what stands between, as it is. */
static void read_quoted(struct translator *translator)
{
	while (translator->at < translator->in.len && !accept(translator, "\\E")) {
		put_literal(translator, text_next(translator->in, &translator->at));
		item_done(translator);
	}
}

static bool is_property(const struct translator *translator)
{
	return peek(translator, 0) == '\\' && (peek(translator, 1) | 0x20) == 'p';
}

static bool take_property(struct translator *translator)
{
	translator->at += 2;
	return read_property(translator, translator->in.ptr[translator->at - 1] == 'P');
}

static bool take_escape(struct translator *translator)
{
	size_t from = translator->at;
	struct escape escape;

	if (accept(translator, "\\Q")) {
		read_quoted(translator);
		return true;
	}
	if (is_property(translator)) {
		item_done(translator);
		return take_property(translator);
	}
	if (!read_escape(translator, &escape))
		return false;
	if (escape.literal >= 0)
		put_literal(translator, escape.literal);
	else if (escape.outside)
		buffer_puts(translator->out, escape.outside);
	else
		return fail(translator, from, "an unknown escape");
	item_done(translator);
	return true;
}

/* ---- classes ------------------------------------------------------------------------------- */

/* One end of a range, or what stands alone. *escape has literal -1 for a whole class. */
static bool read_class_item(struct translator *translator, struct escape *escape)
{
	if (peek(translator, 0) == '\\')
		return read_escape(translator, escape);
	*escape = (struct escape){ .literal = text_next(translator->in, &translator->at) };
	return true;
}

static bool take_range(struct translator *translator)
{
	size_t from = translator->at;
	struct escape low;
	struct escape high;

	if (!read_class_item(translator, &low))
		return false;
	if (low.literal < 0) {
		if (!low.inside)
			return fail(translator, from, "an escape that cannot stand in a class");
		buffer_puts(translator->out, low.inside);
		return true;
	}
	put_literal(translator, low.literal);
	if (peek(translator, 0) != '-' || peek(translator, 1) == ']' || peek(translator, 1) < 0)
		return true;
	translator->at++;
	if (is_property(translator) || !read_class_item(translator, &high) || high.literal < 0 ||
	    high.literal < low.literal)
		return fail(translator, from, "a range of characters that cannot be");
	buffer_putc(translator->out, '-');
	put_literal(translator, high.literal);
	return true;
}

/* "[:alpha:]". False: it is none. */
static bool take_posix(struct translator *translator)
{
	size_t end;

	if (!accept(translator, "[:"))
		return false;
	end = text_find(translator->in, TEXT(":]"), translator->at);
	if (end == SIZE_MAX) {
		translator->at -= 2;
		return false;
	}
	buffer_printf(translator->out, "[:%.*s:]",
		      TEXT_ARG(text_slice(translator->in, translator->at, end)));
	translator->at = end + 2;
	return true;
}

static bool take_class(struct translator *translator)
{
	size_t from = translator->at++;

	buffer_putc(translator->out, '[');
	if (accept(translator, "^"))
		buffer_putc(translator->out, '^');
	for (bool first = true; first || !accept(translator, "]"); first = false) {
		if (translator->at == translator->in.len)
			return fail(translator, from, "a '[' without its ']'");
		if (take_posix(translator))
			continue;
		if (is_property(translator) ? !take_property(translator) : !take_range(translator))
			return false;
	}
	buffer_putc(translator->out, ']');
	item_done(translator);
	return true;
}

/* ---- groups -------------------------------------------------------------------------------- */

/* Behind "(?": "i)", "i-s:", ":". *scoped: a group begins. */
static bool take_flags(struct translator *translator, bool *scoped)
{
	size_t from = translator->at;
	bool minus = false;
	bool flag = false;
	int byte;

	while ((byte = peek(translator, 0)) > 0 && strchr("imsU-", byte)) {
		if (byte == '-' && minus)
			break;
		minus |= byte == '-';
		flag = byte != '-';
		translator->at++;
	}
	if ((byte != ':' && byte != ')') || (minus && !flag))
		return fail(translator, from - 2, "a group of a kind that is not supported");
	*scoped = byte == ':';
	translator->at++;
	buffer_add(translator->out, text_slice(translator->in, from - 2, translator->at));
	return true;
}

/* Behind "(?P<" or "(?<". */
static bool take_name(struct translator *translator)
{
	size_t from = translator->at;

	while (peek(translator, 0) == '_' || is_alnum(peek(translator, 0)))
		translator->at++;
	if (translator->at == from || is_digit((unsigned char)translator->in.ptr[from]) ||
	    peek(translator, 0) != '>')
		return fail(translator, from, "a group's name is made of letters, digits and '_'");
	translator->at++;
	buffer_puts(translator->out, "(?<");
	buffer_add(translator->out, text_slice(translator->in, from, translator->at));
	return true;
}

static bool open_group(struct translator *translator)
{
	bool scoped = true;

	if (accept(translator, "(?P<") ||
	    (peek(translator, 3) != '=' && peek(translator, 3) != '!' &&
	     accept(translator, "(?<"))) {
		if (!take_name(translator))
			return false;
	} else if (accept(translator, "(?")) {
		if (!take_flags(translator, &scoped))
			return false;
	} else {
		translator->at++;
		buffer_putc(translator->out, '(');
	}
	translator->has_item = false;
	translator->repeated = false;
	if (!scoped)
		return true;
	if (translator->depth == MAX_GROUPS)
		return fail(translator, translator->at, "too many groups in one another");
	translator->repeats[++translator->depth] = 1;
	return true;
}

static bool close_group(struct translator *translator)
{
	uint32_t inner = translator->repeats[translator->depth];

	if (translator->depth == 0)
		return fail(translator, translator->at, "a ')' without its '('");
	translator->depth--;
	translator->at++;
	buffer_putc(translator->out, ')');
	item_done(translator);
	translator->product = inner;
	return true;
}

/* ---- repetitions --------------------------------------------------------------------------- */

/* Digits as a number of at most MAX_REPEAT + 1. */
static bool read_count(struct translator *translator, uint32_t *count)
{
	if (!is_digit(peek(translator, 0)))
		return false;
	*count = 0;
	for (; is_digit(peek(translator, 0)); translator->at++) {
		*count = *count * 10 + (uint32_t)(peek(translator, 0) - '0');
		if (*count > MAX_REPEAT)
			*count = MAX_REPEAT + 1;
	}
	return true;
}

/* "{2}", "{2,}", "{2,3}". False: the brace stands for itself. */
static bool read_braces(struct translator *translator, uint32_t *low, uint32_t *high)
{
	size_t from = translator->at++;

	if (read_count(translator, low)) {
		*high = *low;
		if (accept(translator, ",") && !read_count(translator, high))
			*high = *low;
		if (accept(translator, "}"))
			return true;
	}
	translator->at = from;
	return false;
}

static bool take_repeat(struct translator *translator)
{
	size_t from = translator->at;
	uint32_t low = 1;
	uint32_t high = 1;
	uint32_t *largest = &translator->repeats[translator->depth];

	if (peek(translator, 0) != '{') {
		translator->at++;
	} else if (!read_braces(translator, &low, &high)) {
		translator->at++;
		put_literal(translator, '{');
		item_done(translator);
		return true;
	}
	if (!translator->has_item)
		return fail(translator, from, "nothing to repeat");
	if (translator->repeated)
		return fail(translator, from, "a repetition of a repetition");
	if (high > MAX_REPEAT || low > high || translator->product * (high ? high : 1) > MAX_REPEAT)
		return fail(translator, from,
			    "more than 1000 repetitions, or more at least than at most");
	translator->product *= high ? high : 1;
	if (*largest < translator->product)
		*largest = translator->product;
	accept(translator, "?");
	buffer_add(translator->out, text_slice(translator->in, from, translator->at));
	translator->repeated = true;
	return true;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static bool take_item(struct translator *translator)
{
	switch (peek(translator, 0)) {
	case '\\':
		return take_escape(translator);
	case '[':
		return take_class(translator);
	case '(':
		return open_group(translator);
	case ')':
		return close_group(translator);
	case '*':
	case '+':
	case '?':
	case '{':
		return take_repeat(translator);
	case '|':
		translator->at++;
		buffer_putc(translator->out, '|');
		translator->has_item = false;
		return true;
	case '^':
	case '$':
	case '.':
		buffer_putc(translator->out, translator->in.ptr[translator->at++]);
		item_done(translator);
		return true;
	default:
		put_literal(translator, text_next(translator->in, &translator->at));
		item_done(translator);
		return true;
	}
}

bool regex_translate(struct text pattern, const char *script, struct buffer *out,
		     struct regex_fault *fault)
{
	struct translator translator = {
		.in = pattern,
		.out = out,
		.script = script,
		.fault = fault,
		.repeats = { 1 },
	};

	while (translator.at < pattern.len) {
		if (out->len <= fault->watch)
			fault->watched = translator.at;
		if (!take_item(&translator))
			return false;
	}
	return translator.depth == 0 || fail(&translator, pattern.len, "a '(' without its ')'");
}
