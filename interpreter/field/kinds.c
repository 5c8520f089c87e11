/* The field_kinds of rows, and what can be said of a table without reading anything. */

#include <string.h>

#include "field/internal.h"

#define SCALARS \
	(TYPE_BIT(TYPE_DYN) | TYPE_BIT(TYPE_BOOL) | TYPE_BIT(TYPE_INT) | TYPE_BIT(TYPE_UINT) | \
	 TYPE_BIT(TYPE_DOUBLE) | TYPE_BIT(TYPE_STRING) | TYPE_BIT(TYPE_BYTES) | \
	 TYPE_BIT(TYPE_TIMESTAMP) | TYPE_BIT(TYPE_DURATION) | TYPE_BIT(TYPE_OPAQUE) | \
	 TYPE_BIT(TYPE_PARAM))
#define MAPS (TYPE_BIT(TYPE_MAP) | TYPE_BIT(TYPE_OBJECT))
#define TEXTS (SCALARS | MAPS | TYPE_BIT(TYPE_LIST))
#define UNSURE (TYPE_BIT(TYPE_DYN) | TYPE_BIT(TYPE_STRING) | TYPE_BIT(TYPE_PARAM))
#define NUMBERS (UNSURE | TYPE_BIT(TYPE_INT) | TYPE_BIT(TYPE_UINT))
#define ANYTHING (~0u)

const struct kind_info field_kinds[] = {
	[FIELD_STRING] = { "text", "TEXT", sizeof(const char *), TEXTS, TEXTS,
			   field_convert_string },
	[FIELD_PATH] = { "path", "PATH", sizeof(const char *), SCALARS, SCALARS,
			 field_convert_path },
	[FIELD_BOOL] = { "true or false", "true", sizeof(bool), UNSURE | TYPE_BIT(TYPE_BOOL), 0,
			 field_convert_bool },
	[FIELD_INT] = { "int", "3", sizeof(int64_t), NUMBERS, 0, field_convert_int },
	[FIELD_NUMBER] = { "number", "1.5", sizeof(double), NUMBERS | TYPE_BIT(TYPE_DOUBLE), 0,
			   field_convert_number },
	[FIELD_DURATION] = { "duration", "90s", sizeof(int64_t), UNSURE | TYPE_BIT(TYPE_DURATION),
			     0, field_convert_duration },
	[FIELD_SIZE] = { "size", "1MiB", sizeof(int64_t), NUMBERS, 0, field_convert_size },
	[FIELD_CHOICE] = { "choice", NULL, sizeof(int), UNSURE, 0, field_convert_choice },
	[FIELD_CODES] = { "codes", "[0, 2-9]", sizeof(struct codes), NUMBERS | TYPE_BIT(TYPE_LIST),
			  NUMBERS, field_convert_codes },
	[FIELD_STRINGS] = { "list of texts", "[TEXT, TEXT]", sizeof(struct strings),
			    SCALARS | TYPE_BIT(TYPE_LIST), SCALARS, field_convert_strings },
	[FIELD_PAIRS] = { "map of names to texts", "{NAME: TEXT}", sizeof(struct pairs),
			  TYPE_BIT(TYPE_DYN) | MAPS, TEXTS, field_convert_pairs },
	[FIELD_VALUE] = { "value", "VALUE", sizeof(struct value), ANYTHING, ANYTHING,
			  field_convert_value },
	[FIELD_WORDS] = { "command", "PROGRAM ARGUMENT", sizeof(struct words), 0, 0, NULL },
	[FIELD_SCRIPT] = { "script", "SCRIPT", sizeof(struct script), 0, 0, NULL },
	[FIELD_STATEMENTS] = { "SQL", "select 1", sizeof(struct statements), 0, 0, NULL },
	[FIELD_URL] = { "URL", "https://HOST/PATH", sizeof(struct text), 0, 0, NULL },
	[FIELD_REQUEST] = { "METHOD URL", "GET https://HOST/PATH", sizeof(struct request), 0, 0,
			    NULL },
	[FIELD_HEADERS] = { "map of headers", "{NAME: TEXT}", sizeof(struct pairs), 0, 0, NULL },
	[FIELD_CONNECTION] = { "connection", "postgresql://USER@HOST/DATABASE", sizeof(struct text),
			       0, 0, NULL },
	[FIELD_RECORD] = { "map", "{KEY: VALUE}", 0, 0, 0, NULL },
	[FIELD_EXPR] = { "expression", "x == 'a'", sizeof(const struct expr *), 0, 0, NULL },
	[FIELD_NODE] = { "anything", "VALUE", sizeof(const struct node *), 0, 0, NULL },
};

const char *field_form(const struct field *row, const char *key, struct arena *arena)
{
	const char *example = field_kinds[row->kind].example;
	if (row->kind == FIELD_CODES && row->max)
		return arena_format(arena, "Write: %s: [%d, %d-%d]", key, (int)row->min,
				    (int)row->min, (int)row->max);
	return arena_format(arena, "Write: %s: %s", key, example ? example : row->choices[0]);
}

bool field_convert_default(const struct conversion *conversion, void *member)
{
	const struct field *row = conversion->row;
	struct value value = value_string(text_of(row->dflt));
	const char *hint;
	if (row->kind == FIELD_VALUE)
		field_scalar(text_of(row->dflt), &value, &hint);
	return field_kinds[row->kind].convert(conversion, value, member);
}

const char *field_kind_name(enum field_kind kind)
{
	return field_kinds[kind].name;
}

/* ---- description --------------------------------------------------------------------------- */

#define DOC_COLUMN 21
#define DOC_WIDTH 79

static void describe_kind(struct buffer *out, const struct field *row)
{
	bool words = row->kind == FIELD_CHOICE || (row->kind == FIELD_NODE && row->choices);
	if (!words) {
		buffer_puts(out, row->form ? row->form : field_kinds[row->kind].name);
		return;
	}
	for (size_t i = 0; row->choices[i]; i++)
		buffer_printf(out, "%s%s", i ? "|" : "", row->choices[i]);
}

static void describe_bounds(struct buffer *out, const struct field *row)
{
	if ((row->min || row->max) && row->kind == FIELD_INT)
		buffer_printf(out, " %lld..%lld", (long long)row->min, (long long)row->max);
}

/* The sentence below, broken at blanks. */
static void describe_doc(struct buffer *out, const char *doc)
{
	while (*doc) {
		size_t end = strlen(doc);
		if (end > DOC_WIDTH)
			for (end = DOC_WIDTH; end > 1 && doc[end] != ' '; end--)
				;
		buffer_printf(out, "\n%*s%.*s", DOC_COLUMN, "", (int)end, doc);
		doc += end + (doc[end] == ' ');
	}
	buffer_putc(out, '\n');
}

static void describe_row(struct buffer *out, const struct field *row, unsigned depth)
{
	buffer_printf(out, "%*s%-*s ", (int)(2 + 2 * depth), "", (int)(18 - 2 * depth), row->name);
	describe_kind(out, row);
	describe_bounds(out, row);
	if (row->flags & FIELD_REQUIRED)
		buffer_puts(out, ", required");
	if (row->dflt)
		buffer_printf(out, ", default %s", *row->dflt ? row->dflt : "''");
	describe_doc(out, row->doc);
	for (const struct field *inner = row->rows; inner && inner->name; inner++)
		describe_row(out, inner, depth + 1);
}

void field_describe(struct buffer *out, const struct field *rows)
{
	for (; rows->name; rows++)
		describe_row(out, rows, 0);
}

/* ---- invariants ---------------------------------------------------------------------------- */

static bool is_twice(const struct field *rows, const struct field *row)
{
	for (; rows < row; rows++)
		if (!strcmp(rows->name, row->name))
			return true;
	return false;
}

static const char *check_default(const struct field *row, struct arena *arena)
{
	struct failure failure = { 0 };
	struct reporter reporter = { .arena = arena, .failure = &failure };
	struct node node = node_scalar(text_of(row->dflt), (struct span){ 0 });
	const struct conversion conversion = {
		.reporter = &reporter, .row = row, .node = &node, .key = row->name
	};
	if (!field_kinds[row->kind].convert)
		return "a default cannot be made of this kind";
	void *member = arena_alloc(arena, field_kinds[row->kind].size);
	return field_convert_default(&conversion, member) ? NULL : failure.message;
}

static const char *check_row(const struct field *rows, const struct field *row, struct arena *arena)
{
	size_t len = row->doc ? strlen(row->doc) : 0;
	if (len == 0 || row->doc[len - 1] != '.')
		return "its sentence is missing";
	if (is_twice(rows, row))
		return "its name stands twice";
	if (row->kind == FIELD_CHOICE && !row->choices)
		return "its choices are missing";
	if (row->kind == FIELD_NODE && !row->form && !row->choices)
		return "its form is missing";
	if (row->kind == FIELD_RECORD)
		return row->rows ? field_check_table(row->rows, arena) : "its rows are missing";
	if (row->dflt && row->flags & FIELD_REQUIRED)
		return "it is required and has a default";
	return row->dflt ? check_default(row, arena) : NULL;
}

const char *field_check_table(const struct field *rows, struct arena *arena)
{
	for (const struct field *row = rows; row->name; row++) {
		const char *breach = check_row(rows, row, arena);
		if (breach)
			return arena_format(arena, "%s: %s", row->name, breach);
	}
	return NULL;
}
