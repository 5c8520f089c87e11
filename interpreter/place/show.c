/* The final text for people: each value as it will stand there, quoted by its language. */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

static bool is_safe(struct text word)
{
	bool braces = memchr(word.ptr, '{', word.len) != NULL;
	for (size_t i = 0; i < word.len; i++) {
		unsigned char byte = (unsigned char)word.ptr[i];
		if (!isalnum(byte) && byte < 0x80 && !strchr("_@%+=:,./-{}", byte))
			return false;
		if (!byte || (braces && byte == ','))
			return false;
	}
	return true;
}

void place_show_word(struct buffer *out, struct text word)
{
	if (word.len && is_safe(word)) {
		buffer_add(out, word);
		return;
	}
	buffer_putc(out, '\'');
	for (size_t i = 0; i < word.len; i++)
		if (word.ptr[i] == '\'')
			buffer_puts(out, "'\\''");
		else
			buffer_putc(out, word.ptr[i]);
	buffer_putc(out, '\'');
}

/* A string literal of SQL; other values as their text. */
static void show_sql(struct buffer *out, struct value value, struct text text)
{
	if (value_is(value, VALUE_NULL) || value_is(value, VALUE_BOOL) ||
	    value_is(value, VALUE_INT) || value_is(value, VALUE_UINT) ||
	    value_is(value, VALUE_DOUBLE)) {
		buffer_add(out, text);
		return;
	}
	buffer_putc(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buffer_putc(out, '\'');
		buffer_putc(out, text.ptr[i]);
	}
	buffer_putc(out, '\'');
}

static void show_escaped(struct buffer *out, struct text text, const char *special)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] && strchr(special, text.ptr[i]))
			buffer_putc(out, '\\');
		buffer_putc(out, text.ptr[i]);
	}
}

static void show_text(struct buffer *out, enum rule rule, struct value value, struct text text)
{
	switch (rule) {
	case RULE_BARE:
		place_show_word(out, text);
		return;
	case RULE_QUOTED:
		show_escaped(out, text, "\\\"$`");
		return;
	case RULE_HERE:
		show_escaped(out, text, "\\$`");
		return;
	case RULE_PARAMETER:
		show_sql(out, value, text);
		return;
	case RULE_PATH:
	case RULE_QUERY:
	case RULE_FRAGMENT:
	case RULE_CONNECTION_PART:
		place_encode_component(out, text);
		return;
	case RULE_KEYWORD:
		place_escape_keyword(out, text);
		return;
	case RULE_WORD:
	case RULE_WORDS:
	case RULE_BASE:
	case RULE_PORT:
	case RULE_HEADER:
	case RULE_CONNECTION:
	case RULE_FILE:
	case RULE_COUNT:
		buffer_add(out, text);
	}
}

/* What stands for a hole whose value cannot be shown: gives true after it has. */
static bool show_hidden(struct buffer *out, const struct hole *hole, struct value value)
{
	if (value_is(value, VALUE_ERROR))
		buffer_printf(out, "${{ %.*s }}", TEXT_ARG(hole_text(hole)));
	else if (value.flags & VALUE_SECRET)
		buffer_puts(out, "(secret)");
	else if (value_is(value, VALUE_UNKNOWN))
		buffer_printf(out, "<%s>", value.unknown->text);
	else
		return false;
	return true;
}

static void show_hole(struct buffer *out, const struct hole *hole, enum rule rule,
		      struct value value)
{
	struct text text = TEXT("NULL");
	const char *why;
	if (show_hidden(out, hole, value))
		return;
	if (!value_is(value, VALUE_NULL) && !value_to_text(value, out->arena, &text, &why)) {
		value_show(out, value, 80);
		return;
	}
	show_text(out, rule, value, text);
}

/* A word of a command: quoted as a whole, unless something in it is not known. */
static void show_word(struct buffer *out, const struct place_text *text, const struct unit *unit,
		      const struct expr_scope *scope)
{
	struct buffer word;
	bool known = true;
	buffer_init(&word, out->arena);
	for (size_t i = 0; i < unit->count; i++) {
		const struct piece *piece = &text->pieces[unit->first + i];
		if (piece->hole == NO_HOLE) {
			buffer_add(&word, piece->literal);
			continue;
		}
		const struct hole *hole = &text->holes[piece->hole];
		struct value value = expr_eval(hole->expr, scope, out->arena);
		known &= !show_hidden(&word, hole, value);
		if (known)
			show_hole(&word, hole, piece->rule, value);
	}
	if (known)
		place_show_word(out, buffer_text(&word));
	else
		buffer_add(out, buffer_text(&word));
}

/* A list that makes several words; false if the word is no such list. */
static bool show_list(struct buffer *out, const struct place_text *text, const struct unit *unit,
		      const struct expr_scope *scope)
{
	const struct piece *piece = unit->count ? &text->pieces[unit->first] : NULL;
	if (!piece || piece->hole == NO_HOLE || piece->rule != RULE_WORDS)
		return false;
	const struct hole *hole = &text->holes[piece->hole];
	struct value value = expr_eval(hole->expr, scope, out->arena);
	if (!value_is(value, VALUE_LIST) || value.flags & VALUE_SECRET)
		return false;
	for (size_t i = 0; i < value_count(value); i++) {
		struct buffer word;
		struct value item = value_item(value, i);
		buffer_init(&word, out->arena);
		buffer_puts(out, i ? " " : "");
		if (show_hidden(out, hole, item))
			continue;
		show_hole(&word, hole, RULE_WORDS, item);
		place_show_word(out, buffer_text(&word));
	}
	return true;
}

static struct value word_known(const struct place_text *text, const struct unit *unit,
			       const struct expr_scope *scope, struct arena *arena)
{
	struct buffer word;
	bool known = true;
	buffer_init(&word, arena);
	for (size_t i = 0; i < unit->count; i++) {
		const struct piece *piece = &text->pieces[unit->first + i];
		struct value value;
		if (piece->hole == NO_HOLE) {
			buffer_add(&word, piece->literal);
			continue;
		}
		value = expr_eval(text->holes[piece->hole].expr, scope, arena);
		if (value_is(value, VALUE_UNKNOWN))
			buffer_puts(&word, value.unknown->text);
		else
			show_hole(&word, &text->holes[piece->hole], piece->rule, value);
		known &= !value_has_unknown(value);
	}
	return known ? value_string(buffer_text(&word))
		     : value_unknown(buffer_string(&word), arena);
}

struct value place_words_known(const struct place_text *text, const struct expr_scope *scope,
			       struct arena *arena)
{
	LIST(struct value) words = { 0 };
	for (size_t i = 0; i < text->unit_count; i++) {
		const struct unit *unit = &text->units[i];
		const struct piece *piece = &text->pieces[unit->first];
		struct value value = value_null();
		if (unit->count == 1 && piece->hole != NO_HOLE)
			value = expr_eval(text->holes[piece->hole].expr, scope, arena);
		if (!value_is(value, VALUE_LIST)) {
			*list_add(&words, arena) = word_known(text, unit, scope, arena);
			continue;
		}
		for (size_t k = 0; k < value_count(value); k++)
			*list_add(&words, arena) = value_item(value, k);
	}
	return value_list(words.at, words.count, arena);
}

void place_show(struct buffer *target, const struct place_text *text,
		const struct expr_scope *scope, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	if (text->method)
		buffer_printf(&out, "%s ", text->method);
	for (size_t i = 0; i < text->unit_count; i++) {
		const struct unit *unit = &text->units[i];
		if (i)
			buffer_puts(&out, text->language == PLACE_SQL ? "; " : " ");
		if (text->language == PLACE_WORDS) {
			if (!show_list(&out, text, unit, scope))
				show_word(&out, text, unit, scope);
			continue;
		}
		for (size_t j = unit->first; j < unit->first + unit->count; j++) {
			const struct piece *piece = &text->pieces[j];
			if (piece->hole == NO_HOLE)
				buffer_add(&out, piece->literal);
			else
				show_hole(&out, &text->holes[piece->hole], piece->rule,
					  expr_eval(text->holes[piece->hole].expr, scope, arena));
		}
	}
	buffer_add(target, buffer_text(&out));
}
