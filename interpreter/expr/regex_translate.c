/*
 * Patterns of RE2 (its syntax page, and Go's regexp/syntax where that is silent) as patterns of
 * PCRE2. What RE2 does not know is refused: it would make the time of a match unforeseeable, or
 * mean something else elsewhere. What the two read differently is written so that PCRE2 cannot
 * misread it.
 */
#include "expr/regex_translate.h"

bool translator_fail(struct translator *translator, size_t offset, const char *message)
{
	translator->fault->message = message;
	translator->fault->offset = offset;
	return false;
}

int translator_peek(const struct translator *translator, size_t ahead)
{
	size_t at = translator->at + ahead;

	return at < translator->in.len ? (unsigned char)translator->in.ptr[at] : -1;
}

bool translator_accept(struct translator *translator, const char *word)
{
	struct text rest = text_slice(translator->in, translator->at, translator->in.len);

	if (!text_starts(rest, word))
		return false;
	translator->at += strlen(word);
	return true;
}

void translator_put_literal(struct translator *translator, int32_t code_point)
{
	if (code_point < 0x80 && !is_alnum(code_point))
		buffer_printf(translator->out, "\\x{%x}", (unsigned)code_point);
	else
		buffer_put_utf8(translator->out, (uint32_t)code_point);
}

void translator_item_done(struct translator *translator)
{
	translator->has_item = true;
	translator->repeated = false;
	translator->product = 1;
}

/* ---- classes ------------------------------------------------------------------------------- */

/* One end of a range, or what stands alone. *escape has literal -1 for a whole class. */
static bool read_class_item(struct translator *translator, struct escape *escape)
{
	if (translator_peek(translator, 0) == '\\')
		return translator_read_escape(translator, escape);
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
			return translator_fail(translator, from,
					       "an escape that cannot stand in a class");
		buffer_puts(translator->out, low.inside);
		return true;
	}
	translator_put_literal(translator, low.literal);
	if (translator_peek(translator, 0) != '-' || translator_peek(translator, 1) == ']' ||
	    translator_peek(translator, 1) < 0)
		return true;
	translator->at++;
	if (translator_at_property(translator) || !read_class_item(translator, &high) ||
	    high.literal < 0 || high.literal < low.literal)
		return translator_fail(translator, from, "a range of characters that cannot be");
	buffer_putc(translator->out, '-');
	translator_put_literal(translator, high.literal);
	return true;
}

/* "[:alpha:]". False: it is none. */
static bool take_posix(struct translator *translator)
{
	size_t end;

	if (!translator_accept(translator, "[:"))
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
	if (translator_accept(translator, "^"))
		buffer_putc(translator->out, '^');
	for (bool first = true; first || !translator_accept(translator, "]"); first = false) {
		if (translator->at == translator->in.len)
			return translator_fail(translator, from, "a '[' without its ']'");
		if (take_posix(translator))
			continue;
		if (translator_at_property(translator) ? !translator_take_property(translator)
						       : !take_range(translator))
			return false;
	}
	buffer_putc(translator->out, ']');
	translator_item_done(translator);
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

	while ((byte = translator_peek(translator, 0)) > 0 && strchr("imsU-", byte)) {
		if (byte == '-' && minus)
			break;
		minus |= byte == '-';
		flag = byte != '-';
		translator->at++;
	}
	if ((byte != ':' && byte != ')') || (minus && !flag))
		return translator_fail(translator, from - 2,
				       "a group of a kind that is not supported");
	*scoped = byte == ':';
	translator->at++;
	buffer_add(translator->out, text_slice(translator->in, from - 2, translator->at));
	return true;
}

/* Behind "(?P<" or "(?<". */
static bool take_name(struct translator *translator)
{
	size_t from = translator->at;

	while (translator_peek(translator, 0) == '_' || is_alnum(translator_peek(translator, 0)))
		translator->at++;
	if (translator->at == from || is_digit((unsigned char)translator->in.ptr[from]) ||
	    translator_peek(translator, 0) != '>')
		return translator_fail(translator, from,
				       "a group's name is made of letters, digits and '_'");
	translator->at++;
	buffer_puts(translator->out, "(?<");
	buffer_add(translator->out, text_slice(translator->in, from, translator->at));
	return true;
}

static bool open_group(struct translator *translator)
{
	bool scoped = true;

	if (translator_accept(translator, "(?P<") ||
	    (translator_peek(translator, 3) != '=' && translator_peek(translator, 3) != '!' &&
	     translator_accept(translator, "(?<"))) {
		if (!take_name(translator))
			return false;
	} else if (translator_accept(translator, "(?")) {
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
		return translator_fail(translator, translator->at,
				       "too many groups in one another");
	translator->repeats[++translator->depth] = 1;
	return true;
}

static bool close_group(struct translator *translator)
{
	uint32_t inner = translator->repeats[translator->depth];

	if (translator->depth == 0)
		return translator_fail(translator, translator->at, "a ')' without its '('");
	translator->depth--;
	translator->at++;
	buffer_putc(translator->out, ')');
	translator_item_done(translator);
	translator->product = inner;
	return true;
}

/* ---- repetitions --------------------------------------------------------------------------- */

/* Digits as a number of at most MAX_REPEAT + 1. */
static bool read_count(struct translator *translator, uint32_t *count)
{
	if (!is_digit(translator_peek(translator, 0)))
		return false;
	*count = 0;
	for (; is_digit(translator_peek(translator, 0)); translator->at++) {
		*count = *count * 10 + (uint32_t)(translator_peek(translator, 0) - '0');
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
		if (translator_accept(translator, ",") && !read_count(translator, high))
			*high = *low;
		if (translator_accept(translator, "}"))
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

	if (translator_peek(translator, 0) != '{') {
		translator->at++;
	} else if (!read_braces(translator, &low, &high)) {
		translator->at++;
		translator_put_literal(translator, '{');
		translator_item_done(translator);
		return true;
	}
	if (!translator->has_item)
		return translator_fail(translator, from, "nothing to repeat");
	if (translator->repeated)
		return translator_fail(translator, from, "a repetition of a repetition");
	if (high > MAX_REPEAT || low > high || translator->product * (high ? high : 1) > MAX_REPEAT)
		return translator_fail(translator, from,
				       "more than 1000 repetitions, or more at least than at most");
	translator->product *= high ? high : 1;
	if (*largest < translator->product)
		*largest = translator->product;
	translator_accept(translator, "?");
	buffer_add(translator->out, text_slice(translator->in, from, translator->at));
	translator->repeated = true;
	return true;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static bool take_item(struct translator *translator)
{
	switch (translator_peek(translator, 0)) {
	case '\\':
		return translator_take_escape(translator);
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
		translator_item_done(translator);
		return true;
	default:
		translator_put_literal(translator, text_next(translator->in, &translator->at));
		translator_item_done(translator);
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
	return translator.depth == 0 ||
	       translator_fail(&translator, pattern.len, "a '(' without its ')'");
}
