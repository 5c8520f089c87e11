/* Escapes of patterns: \n, \x{1F600}, \pL, \Q...\E. */
#include "expr/regex_translate.h"

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
	bool braces = translator_accept(translator, "{");
	size_t digits = 0;

	*code_point = 0;
	while ((braces || digits < 2) && translator_peek(translator, 0) >= 0 &&
	       hex_value(translator_peek(translator, 0)) >= 0 && *code_point <= 0x10ffff) {
		*code_point = *code_point * 16 + hex_value(translator_peek(translator, 0));
		translator->at++;
		digits++;
	}
	if (digits == 0 || (!braces && digits < 2) ||
	    (braces && !translator_accept(translator, "}")) || *code_point > 0x10ffff ||
	    (*code_point >= 0xd800 && *code_point <= 0xdfff))
		return translator_fail(translator, from,
				       "'\\x' takes two hex digits, or a code point in braces");
	return true;
}

/* Behind a backslash and before an octal digit. "\1" alone would be a backreference. */
static bool read_octal(struct translator *translator, int32_t *code_point)
{
	int first = translator_peek(translator, 0);

	if (first > '7' || (first != '0' && (translator_peek(translator, 1) < '0' ||
					     translator_peek(translator, 1) > '7')))
		return translator_fail(translator, translator->at - 1,
				       "backreferences are not supported");
	*code_point = 0;
	for (int i = 0; i < 3 && translator_peek(translator, 0) >= '0' &&
			translator_peek(translator, 0) <= '7';
	     i++) {
		*code_point = *code_point * 8 + (translator_peek(translator, 0) - '0');
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

	if (translator_accept(translator, "{")) {
		negative ^= translator_accept(translator, "^");
		end = text_find(translator->in, TEXT("}"), translator->at);
		name = text_slice(translator->in, translator->at, end);
		translator->at = end == SIZE_MAX ? translator->in.len : end + 1;
	} else {
		name = text_slice(translator->in, translator->at, end);
		translator->at += name.len;
	}
	category = is_category(name);
	if (end == SIZE_MAX || (!category && !is_script(name)))
		return translator_fail(translator, from, "unknown class of characters");
	buffer_printf(translator->out, "\\%c{%s%.*s}", negative ? 'P' : 'p',
		      category ? "" : translator->script, TEXT_ARG(name));
	return true;
}

bool translator_read_escape(struct translator *translator, struct escape *escape)
{
	int byte = translator_peek(translator, 1);

	*escape = (struct escape){ .literal = byte };
	translator->at++;
	if (byte < 0)
		return translator_fail(translator, translator->at - 1, "a backslash at the end");
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
	return translator_fail(translator, translator->at - 2, "an unknown escape");
}

/* "\Q...\E": what stands between, as it is. */
static void read_quoted(struct translator *translator)
{
	while (translator->at < translator->in.len && !translator_accept(translator, "\\E")) {
		translator_put_literal(translator, text_next(translator->in, &translator->at));
		translator_item_done(translator);
	}
}

bool translator_at_property(const struct translator *translator)
{
	return translator_peek(translator, 0) == '\\' &&
	       (translator_peek(translator, 1) | 0x20) == 'p';
}

bool translator_take_property(struct translator *translator)
{
	translator->at += 2;
	return read_property(translator, translator->in.ptr[translator->at - 1] == 'P');
}

bool translator_take_escape(struct translator *translator)
{
	size_t from = translator->at;
	struct escape escape;

	if (translator_accept(translator, "\\Q")) {
		read_quoted(translator);
		return true;
	}
	if (translator_at_property(translator)) {
		translator_item_done(translator);
		return translator_take_property(translator);
	}
	if (!translator_read_escape(translator, &escape))
		return false;
	if (escape.literal >= 0)
		translator_put_literal(translator, escape.literal);
	else if (escape.outside)
		buffer_puts(translator->out, escape.outside);
	else
		return translator_fail(translator, from, "an unknown escape");
	translator_item_done(translator);
	return true;
}
