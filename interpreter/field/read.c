/* Reading a mapping: keys, constants, templates, texts of other languages. */

#include <string.h>

#include "base/bug.h"
#include "field/internal.h"

struct reader {
	const struct field *rows;
	const struct node *scalar, *map;
	const struct field_context *context;
	bool literal; /* nothing in it may wait for a run */
	struct arena *arena;
	struct diags *diags;
};

static const struct expr_options no_names;

static bool read_rows(const struct reader *reader, const struct bound **out);

static const struct expr_options *options_of(const struct reader *reader, const struct field *row)
{
	bool literal = reader->literal || row->flags & FIELD_LITERAL;
	return literal ? NULL : reader->context->expr;
}

static struct conversion conversion_of(struct reporter *reporter, const struct slot *slot,
				       const struct node *node)
{
	return (struct conversion){
		.reporter = reporter, .row = slot->row, .node = node, .key = slot->key
	};
}

/* ---- expressions against kinds of fields --------------------------------------------------- */

/* What makes a value of another type of an expression. */
static void hint_type(struct diags *diags, const struct type *type)
{
	if (type->kind == TYPE_OPTIONAL)
		diag_hint(diags, "Say what stands for an absent value: x.orValue(...).");
	else if (type->kind == TYPE_LIST)
		diag_hint(diags, "Choose an item, x[0], or join them, x.join(' ').");
	else if (type->kind == TYPE_MAP || type->kind == TYPE_OBJECT)
		diag_hint(diags, "Choose one of its fields, x.name.");
	else
		diag_hint(diags, "Convert it: int(x), string(x), duration(string(x) + 's').");
}

static bool check_template(const struct reader *reader, const struct slot *slot,
			   const struct template *template, bool item)
{
	const struct kind_info *kind = &field_kinds[slot->row->kind];
	unsigned types = item ? kind->item_types : kind->types;
	if (slot->row->flags & FIELD_NO_SECRET &&
	    !field_public(template, slot->key, reader->arena, reader->diags))
		return false;
	if (types & TYPE_BIT(template->type->kind))
		return true;
	diag_at(reader->diags, template->node->span, RB0114,
		"'%s': expected %s; the expression is %s", slot->key, item ? "text" : kind->name,
		type_name(template->type, reader->arena));
	hint_type(reader->diags, template->type);
	return false;
}

/* A constant within a list or map with templates: converted for its complaint only. */
static bool check_item(const struct reader *reader, const struct slot *slot,
		       const struct field_value *value)
{
	struct reporter reporter = { .arena = reader->arena, .diags = reader->diags };
	struct conversion conversion = conversion_of(&reporter, slot, value->node);
	struct text text;
	const struct kind_info *kind = &field_kinds[slot->row->kind];
	if (slot->row->kind == FIELD_VALUE)
		return true;
	if (slot->row->kind == FIELD_PAIRS || value->node->kind != NODE_SCALAR)
		return field_convert_text(&conversion, value->constant, &text);
	return kind->convert(&conversion, value->constant, arena_alloc(reader->arena, kind->size));
}

static bool check_environment(const struct reader *reader, const struct node *map)
{
	bool good = true;
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *key = &map->entries[i].key;
		if (field_is_variable(key->text))
			continue;
		diag_at(reader->diags, key->span, RB0112,
			"'%.*s' cannot be the name of an environment variable",
			TEXT_ARG(key->text));
		diag_hint(reader->diags,
			  "Letters, digits and '_', and no digit first: [A-Za-z_][A-Za-z0-9_]*.");
		good = false;
	}
	return good;
}

/* Whether a list or map may be written for the row. */
static bool takes_container(const struct field *row, const struct node *node)
{
	if (row->kind == FIELD_PAIRS)
		return node->kind == NODE_MAP;
	return (row->kind == FIELD_CODES || row->kind == FIELD_STRINGS) && node->kind == NODE_LIST;
}

static bool check_parts(const struct reader *reader, const struct slot *slot,
			const struct field_value *value);

static bool check_container(const struct reader *reader, const struct slot *slot,
			    const struct field_value *value)
{
	bool nested = value != slot->value;
	bool good = true;
	if (slot->row->kind != FIELD_VALUE &&
	    (nested || !takes_container(slot->row, value->node))) {
		diag_at(reader->diags, value->node->span, RB0102, "'%s': expected %s; found %s",
			slot->key, nested ? "text" : field_kinds[slot->row->kind].name,
			node_kind_name(value->node));
		diag_hint(reader->diags, "%s", field_form(slot->row, slot->key, reader->arena));
		return false;
	}
	if (slot->row->flags & FIELD_ENVIRONMENT)
		good = check_environment(reader, value->node);
	for (uint32_t i = 0; i < value->node->count; i++)
		good &= check_parts(reader, slot, &value->items[i]);
	return good;
}

/* A value of which a part waits for a run: each part is looked at by itself. */
static bool check_parts(const struct reader *reader, const struct slot *slot,
			const struct field_value *value)
{
	if (value->template)
		return check_template(reader, slot, value->template, value != slot->value);
	return value->items ? check_container(reader, slot, value)
			    : check_item(reader, slot, value);
}

static bool read_converted(const struct reader *reader, struct slot *slot)
{
	const struct kind_info *kind = &field_kinds[slot->row->kind];
	enum spelling spelling = slot->row->kind == FIELD_VALUE ? SPELLING_YAML : SPELLING_TEXT;
	slot->value = field_value_read_as(slot->node, spelling, options_of(reader, slot->row),
					  reader->arena, reader->diags);
	if (!slot->value)
		return false;
	if (!field_value_is_constant(slot->value))
		return check_parts(reader, slot, slot->value);
	struct reporter reporter = { .arena = reader->arena, .diags = reader->diags };
	struct conversion conversion = conversion_of(&reporter, slot, slot->node);
	void *member = arena_alloc(reader->arena, kind->size);
	slot->constant = member;
	return kind->convert(&conversion, field_value_eval(slot->value, NULL, reader->arena, NULL),
			     member);
}

/* ---- texts of other languages -------------------------------------------------------------- */

/* The constant text of another row: the interpreter of a script. */
static const char *sibling_text(const struct reader *reader, const char *name)
{
	const struct node *node = name && reader->map ? node_get(reader->map, name) : NULL;
	const struct field *row = reader->rows;
	while (name && row->name && strcmp(row->name, name) != 0)
		row++;
	if (node && node->kind == NODE_SCALAR)
		return arena_text(reader->arena, node->text).ptr;
	return name && row->name ? row->dflt : NULL;
}

static const struct place_text *read_text(const struct reader *reader, const struct slot *slot,
					  enum place_language language, const struct node *node)
{
	const struct field *row = slot->row;
	const struct expr_options *expr = options_of(reader, row);
	struct place_options options = {
		.expr = expr ? expr : &no_names,
		.interpreter = sibling_text(reader, row->interpreter),
		.methods = row->choices,
	};
	if (node->kind == NODE_SCALAR && node_is_empty(node)) {
		diag_at(reader->diags, node->span, RB0104, "'%s' is empty (null); %s required",
			slot->key, field_kinds[row->kind].name);
		diag_hint(reader->diags, "%s", field_form(row, slot->key, reader->arena));
		return NULL;
	}
	return place_read(language, node, &options, reader->arena, reader->diags);
}

static bool read_headers(const struct reader *reader, struct slot *slot)
{
	const struct node *map = slot->node;
	bool good = true;
	if (map->kind != NODE_MAP) {
		diag_at(reader->diags, map->span, RB0102, "'%s': expected %s; found %s", slot->key,
			field_kinds[FIELD_HEADERS].name, node_kind_name(map));
		diag_hint(reader->diags, "%s", field_form(slot->row, slot->key, reader->arena));
		return false;
	}
	const struct place_text **texts = arena_array(reader->arena, const struct place_text *,
						      map->count + 1);
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *key = &map->entries[i].key;
		if (!field_is_header(key->text)) {
			diag_at(reader->diags, key->span, RB0112,
				"'%.*s' cannot be the name of a header", TEXT_ARG(key->text));
			diag_hint(reader->diags,
				  "A name is letters, digits and '-', without blanks and colons.");
			good = false;
		}
		texts[i] = read_text(reader, slot, PLACE_HEADER, &map->entries[i].value);
		good &= texts[i] != NULL;
	}
	slot->headers = texts;
	return good;
}

static bool read_place(const struct reader *reader, struct slot *slot)
{
	static const enum place_language languages[] = {
		[FIELD_WORDS] = PLACE_WORDS,     [FIELD_SCRIPT] = PLACE_SHELL,
		[FIELD_STATEMENTS] = PLACE_SQL,  [FIELD_URL] = PLACE_URL,
		[FIELD_REQUEST] = PLACE_REQUEST, [FIELD_CONNECTION] = PLACE_CONNECTION,
	};
	slot->place = read_text(reader, slot, languages[slot->row->kind], slot->node);
	return slot->place != NULL;
}

/* ---- slots --------------------------------------------------------------------------------- */

static bool read_record(const struct reader *reader, struct slot *slot)
{
	struct field_context context = *reader->context;
	context.what = slot->row->name;
	context.main = NULL;
	context.also = NULL;
	context.elsewhere = NULL;
	const struct reader inner = { .rows = slot->row->rows,
				      .map = slot->node,
				      .context = &context,
				      .literal = reader->literal,
				      .arena = reader->arena,
				      .diags = reader->diags };
	return read_rows(&inner, &slot->record);
}

static bool read_expr(const struct reader *reader, struct slot *slot)
{
	if (!reader->context->expr)
		bug("the row '%s' holds an expression, but its table is read without names",
		    slot->row->name);
	slot->expr = template_read_expr(slot->node, reader->context->expr, reader->arena,
					reader->diags);
	return slot->expr != NULL;
}

static bool read_slot(const struct reader *reader, struct slot *slot)
{
	switch (slot->row->kind) {
	case FIELD_WORDS:
	case FIELD_SCRIPT:
	case FIELD_STATEMENTS:
	case FIELD_URL:
	case FIELD_REQUEST:
	case FIELD_CONNECTION:
		return read_place(reader, slot);
	case FIELD_HEADERS:
		return read_headers(reader, slot);
	case FIELD_RECORD:
		return read_record(reader, slot);
	case FIELD_EXPR:
		return read_expr(reader, slot);
	case FIELD_NODE:
		return true;
	case FIELD_STRING:
	case FIELD_PATH:
	case FIELD_BOOL:
	case FIELD_INT:
	case FIELD_NUMBER:
	case FIELD_DURATION:
	case FIELD_SIZE:
	case FIELD_CHOICE:
	case FIELD_CODES:
	case FIELD_STRINGS:
	case FIELD_PAIRS:
	case FIELD_VALUE:
		break;
	}
	return read_converted(reader, slot);
}

static struct span span_of(const struct reader *reader)
{
	if (!reader->map)
		return reader->scalar ? reader->scalar->span : (struct span){ 0 };
	return reader->map->kind == NODE_MAP && reader->map->count
		       ? reader->map->entries[0].key.span
		       : reader->map->span;
}

static bool check_missing(const struct reader *reader, const struct field *row)
{
	if (!(row->flags & FIELD_REQUIRED))
		return true;
	diag_at(reader->diags, span_of(reader), RB0103, "missing key '%s' in %s", row->name,
		reader->context->what);
	diag_hint(reader->diags, "%s", field_form(row, row->name, reader->arena));
	diag_line(reader->diags, "note", "%s", row->doc);
	return false;
}

/* Where a row was written: under its key, or as the text of the verb. */
static bool find_node(const struct reader *reader, struct slot *slot)
{
	bool main = reader->scalar && reader->context->main &&
		    !strcmp(reader->context->main, slot->row->name);
	const struct entry *entry = reader->map ? node_entry(reader->map, slot->row->name) : NULL;
	slot->node = entry ? &entry->value : NULL;
	slot->key = slot->row->name;
	if (!main || slot->node == reader->scalar)
		return true;
	if (slot->node) {
		diag_at(reader->diags, entry->key.span, RB0117, "'%s' is written twice", slot->key);
		diag_note(reader->diags, reader->scalar->span, "the text of %s is its '%s'",
			  reader->context->what, slot->key);
		diag_hint(reader->diags, "Keep one of them.");
		return false;
	}
	slot->node = reader->scalar;
	slot->key = reader->context->what;
	return true;
}

static bool check_map(const struct reader *reader)
{
	if (!reader->map)
		return true;
	if (reader->map->kind == NODE_MAP)
		return field_check_keys(reader->rows, reader->map, reader->context, reader->arena,
					reader->diags);
	diag_at(reader->diags, reader->map->span, RB0102, "'%s': expected a map of keys; found %s",
		reader->context->what, node_kind_name(reader->map));
	diag_hint(reader->diags, "Write: %s: {%s: %s}", reader->context->what, reader->rows->name,
		  field_kinds[reader->rows->kind].example ? field_kinds[reader->rows->kind].example
							  : reader->rows->choices[0]);
	return false;
}

/* A row, and the slot that it gets if it was written and could be read. */
static bool read_row(const struct reader *reader, const struct field *row, struct bound *bound)
{
	struct slot slot = { .row = row };
	if (!find_node(reader, &slot))
		return false;
	if (!slot.node)
		return check_missing(reader, row);
	if (!read_slot(reader, &slot))
		return false;
	*list_add(&bound->slots, reader->arena) = slot;
	return true;
}

/* What could be read is in *out even where something could not; NULL where nothing could. */
static bool read_rows(const struct reader *reader, const struct bound **out)
{
	struct bound *bound = arena_new(reader->arena, struct bound);
	bool good = check_map(reader);
	*out = NULL;
	if (!good && reader->map->kind != NODE_MAP)
		return false;
	bound->rows = reader->rows;
	bound->main = reader->context->main;
	for (const struct field *row = reader->rows; row->name; row++)
		good &= read_row(reader, row, bound);
	*out = bound;
	return good;
}

const struct bound *field_read(const struct field *rows, const struct node *scalar,
			       const struct node *map, const struct field_context *context,
			       struct arena *arena, struct diags *diags)
{
	const struct reader reader = {
		.rows = rows,
		.scalar = scalar,
		.map = map,
		.context = context,
		.arena = arena,
		.diags = diags,
	};
	const struct bound *bound;
	return read_rows(&reader, &bound) ? bound : NULL;
}

bool field_load(const struct field *rows, const struct node *map,
		const struct field_context *context, void *out, struct arena *arena,
		struct diags *diags)
{
	bool is_main = context->main && map->kind == NODE_SCALAR;
	const struct reader reader = {
		.rows = rows,
		.scalar = is_main ? map : NULL,
		.map = is_main ? NULL : map,
		.context = context,
		.literal = true,
		.arena = arena,
		.diags = diags,
	};
	const struct bound *bound;
	bool good = read_rows(&reader, &bound);
	return bound && field_constant(bound, arena, out) && good;
}
