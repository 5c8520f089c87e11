/* Reading: from a node to pieces, each hole with its rule. */

#include <ctype.h>

#include "place/internal.h"

const struct type type_url = { .kind = TYPE_STRING, .name = "string" };

static bool (*const readers[])(struct reader *, const struct node *) = {
	[PLACE_WORDS] = words_read,
	[PLACE_SHELL] = shell_read,
	[PLACE_SQL] = sql_read,
	[PLACE_URL] = url_read,
	[PLACE_REQUEST] = request_read,
	[PLACE_HEADER] = header_read,
	[PLACE_CONNECTION] = connection_read,
};

const struct place_text *place_read(enum place_language language, const struct node *node,
				    const struct place_options *options, struct arena *arena,
				    struct diags *diags)
{
	struct reader reader = { .options = options, .arena = arena, .diags = diags };
	if (node->kind != NODE_SCALAR && language != PLACE_WORDS) {
		diag_at(diags, node->span, RB0102, "expected text; found %s", node_kind_name(node));
		diag_hint(diags, "Write it as one text, in quotes if it holds brackets or ': '.");
		return NULL;
	}
	if (!readers[language](&reader, node))
		return NULL;
	struct place_text *text = arena_new(arena, struct place_text);
	*text = (struct place_text){
		.language = language,
		.holes = reader.holes.at,
		.hole_count = reader.holes.count,
		.pieces = reader.pieces.at,
		.piece_count = reader.pieces.count,
		.units = reader.units.at,
		.unit_count = reader.units.count,
		.method = reader.method,
	};
	return text;
}

struct text hole_text(const struct hole *hole)
{
	return text_trim(expr_text(hole->expr));
}

void reader_literal(struct reader *reader, struct text literal)
{
	if (literal.len)
		*list_add(&reader->pieces, reader->arena) = (struct piece){ literal, NO_HOLE, 0 };
}

void reader_end_unit(struct reader *reader, struct span span)
{
	size_t first = 0;
	if (reader->units.count) {
		const struct unit *last = &reader->units.at[reader->units.count - 1];
		first = last->first + last->count;
	}
	*list_add(&reader->units,
		  reader->arena) = (struct unit){ first, reader->pieces.count - first, span };
}

/* The kind of the values of a type, or -1 when only the attempt knows. */
static int kind_of_type(const struct type *type)
{
	static const int kinds[] = {
		[TYPE_DYN] = -1,
		[TYPE_NULL] = VALUE_NULL,
		[TYPE_BOOL] = VALUE_BOOL,
		[TYPE_INT] = VALUE_INT,
		[TYPE_UINT] = VALUE_UINT,
		[TYPE_DOUBLE] = VALUE_DOUBLE,
		[TYPE_STRING] = VALUE_STRING,
		[TYPE_BYTES] = VALUE_BYTES,
		[TYPE_TIMESTAMP] = VALUE_TIMESTAMP,
		[TYPE_DURATION] = VALUE_DURATION,
		[TYPE_TYPE] = VALUE_TYPE,
		[TYPE_LIST] = VALUE_LIST,
		[TYPE_MAP] = VALUE_MAP,
		[TYPE_OBJECT] = VALUE_OBJECT,
		[TYPE_OPTIONAL] = VALUE_OPTIONAL,
		[TYPE_OPAQUE] = VALUE_OPAQUE,
		[TYPE_PARAM] = -1,
	};
	return kinds[type->kind];
}

static bool check_type(struct reader *reader, const struct hole *hole, enum rule rule)
{
	const struct type *type = expr_type(hole->expr);
	int kind = kind_of_type(type);
	if (kind < 0 || rule_takes(rule, (enum value_kind)kind))
		return true;
	diag_at(reader->diags, hole->span, RB0604, "'%.*s' is %s, which cannot stand in %s",
		TEXT_ARG(hole_text(hole)), type_name(type, reader->arena), rule_where(rule));
	diag_hint(reader->diags, "%s",
		  type->kind == TYPE_OPTIONAL
			  ? "Say what stands for an absent value: x.orValue(...)."
			  : rule_hint(rule, false));
	return false;
}

static bool check_secret(const struct hole *hole, enum rule rule, struct arena *arena,
			 struct diags *diags)
{
	const char *secret = rule_takes_secret(rule) ? NULL : expr_secret(hole->expr, arena);
	if (!secret)
		return true;
	diag_at(diags, hole->span, RB0605, "the secret '%s' cannot stand in %s", secret,
		rule_where(rule));
	diag_hint(diags, "%s", rule_hint(rule, true));
	return false;
}

bool place_check_secrets(const struct place_text *text, struct arena *arena, struct diags *diags)
{
	bool good = true;
	for (size_t i = 0; i < text->piece_count; i++)
		if (text->pieces[i].hole != NO_HOLE)
			good &= check_secret(&text->holes[text->pieces[i].hole],
					     text->pieces[i].rule, arena, diags);
	return good;
}

bool reader_hole(struct reader *reader, size_t index, enum rule rule)
{
	const struct hole *hole = &reader->holes.at[index];
	if (!check_type(reader, hole, rule) ||
	    !check_secret(hole, rule, reader->arena, reader->diags))
		return false;
	*list_add(&reader->pieces, reader->arena) = (struct piece){ .hole = index, .rule = rule };
	return true;
}

/* Variables that mean something to every command. */
static bool is_taken(struct text name)
{
	static const char *const names[] = { "PATH", "HOME", "USER", "SHELL", "ENV",
					     "IFS",  "LANG", "TERM", "TZ",    "PWD" };
	static const char *const beginnings[] = { "LD_", "LC_", "BASH_", "RUNBOOK_" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is(name, names[i]))
			return true;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (text_starts(name, beginnings[i]))
			return true;
	return false;
}

/* "inputs.core_image" is shown as CORE_IMAGE. */
static const char *variable_name(const struct expr *expr, struct arena *arena)
{
	size_t count;
	const struct expr_reference *references = expr_references(expr, &count);
	if (count == 0 || references[0].count == 0)
		return "VALUE";
	struct text last = references[0].path[references[0].count - 1];
	struct buffer name;
	buffer_init(&name, arena);
	for (size_t i = 0; i < last.len; i++)
		buffer_putc(&name, isalnum((unsigned char)last.ptr[i])
					   ? (char)toupper((unsigned char)last.ptr[i])
					   : '_');
	if (name.len == 0 || isdigit((unsigned char)name.ptr[0]) || is_taken(buffer_text(&name)))
		return "VALUE";
	return buffer_string(&name);
}

void reader_hint_env(struct reader *reader, size_t hole)
{
	const struct expr *expr = reader->holes.at[hole].expr;
	const char *name = variable_name(expr, reader->arena);
	struct text text = hole_text(&reader->holes.at[hole]);
	char quote = text_find(text, TEXT("'"), 0) == SIZE_MAX ? '\'' : '"';
	diag_hint(reader->diags,
		  "Pass it by the environment: beside the step's text write env: {%s: %c${{ %.*s "
		  "}}%c}, in the text \"$%s\".",
		  name, quote, TEXT_ARG(text), quote, name);
}
