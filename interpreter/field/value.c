/* YAML nodes as values: constants by the rules of FORMAT.md section 2, templates compiled. */

#include <string.h>

#include "field/internal.h"

struct value_reader {
	enum spelling spelling;
	const struct expr_options *options;
	struct arena *arena;
	struct diags *diags;
	bool good;
};

static void read_node(struct value_reader *reader, const struct node *node,
		      struct field_value *value);

static void complain(struct value_reader *reader, const struct node *node, enum diag_code code,
		     const char *hint, const char *message)
{
	diag_at(reader->diags, node->span, code, "%s", message);
	if (hint)
		diag_hint(reader->diags, "%s", hint);
	reader->good = false;
}

static bool is_null(struct text text)
{
	return text_is(text, "~") || text_is(text, "null") || text_is(text, "Null") ||
	       text_is(text, "NULL");
}

static void read_constant(struct value_reader *reader, const struct node *node, struct text text,
			  struct field_value *value)
{
	const char *hint = NULL;
	value->constant = value_string(text);
	if (node->style != STYLE_PLAIN)
		return;
	if (reader->spelling == SPELLING_TEXT) {
		if (node_is_empty(node) || is_null(node->text))
			value->constant = value_null();
		return;
	}
	if (node_is_empty(node))
		complain(reader, node, RB0104, "Write '' for an empty text, or null.",
			 "nothing stands here");
	else if (!field_scalar(text, &value->constant, &hint))
		complain(reader, node, RB0113, hint,
			 arena_format(reader->arena,
				      "'%.*s' may be read as a number, a truth or a text",
				      TEXT_ARG(text)));
}

static void read_scalar(struct value_reader *reader, const struct node *node,
			struct field_value *value)
{
	size_t open = text_find(node->text, TEXT("${{"), 0);
	struct text text = node->text;
	if (open == SIZE_MAX) {
		read_constant(reader, node, text, value);
		return;
	}
	if (!reader->options) {
		diag_at(reader->diags, node_span(node, open, open + 3), RB0115,
			"no interpolation is possible here");
		diag_hint(reader->diags,
			  "Write the text itself: it must be known before anything runs.");
		reader->good = false;
		return;
	}
	const struct template *template = template_read_text(node, reader->options, reader->arena,
							     reader->diags);
	if (!template)
		reader->good = false;
	else if (template_constant(template, &text))
		value->constant = value_string(text);
	else
		value->template = template;
}

static void read_node(struct value_reader *reader, const struct node *node,
		      struct field_value *value)
{
	value->node = node;
	if (node->kind == NODE_SCALAR) {
		read_scalar(reader, node, value);
		return;
	}
	struct field_value *items = arena_array(reader->arena, struct field_value, node->count + 1);
	for (uint32_t i = 0; i < node->count; i++)
		read_node(reader,
			  node->kind == NODE_LIST ? &node->items[i] : &node->entries[i].value,
			  &items[i]);
	value->items = items;
}

const struct field_value *field_value_read_as(const struct node *node, enum spelling spelling,
					      const struct expr_options *options,
					      struct arena *arena, struct diags *diags)
{
	struct value_reader reader = { spelling, options, arena, diags, true };
	struct field_value *value = arena_new(arena, struct field_value);
	read_node(&reader, node, value);
	return reader.good ? value : NULL;
}

const struct field_value *field_value_read(const struct node *node,
					   const struct expr_options *options, struct arena *arena,
					   struct diags *diags)
{
	return field_value_read_as(node, SPELLING_YAML, options, arena, diags);
}

const struct field_value *field_place_read(enum place_language language, const struct node *node,
					   const struct expr_options *options, struct arena *arena,
					   struct diags *diags)
{
	const struct place_options place = { .expr = options };
	struct field_value *value = arena_new(arena, struct field_value);
	value->node = node;
	value->type = language == PLACE_URL ? &type_url : &type_string;
	value->place = place_read(language, node, &place, arena, diags);
	return value->place ? value : NULL;
}

static size_t item_count(const struct field_value *value)
{
	return value->items ? value->node->count : 0;
}

bool field_value_is_constant(const struct field_value *value)
{
	if (value->template)
		return false;
	for (size_t i = 0; i < item_count(value); i++)
		if (!field_value_is_constant(&value->items[i]))
			return false;
	return true;
}

/* ---- evaluating ---------------------------------------------------------------------------- */

static struct value eval_list(const struct field_value *value, const struct expr_scope *scope,
			      struct arena *arena, const struct expr **at)
{
	struct value *items = arena_array(arena, struct value, value->node->count + 1);
	for (uint32_t i = 0; i < value->node->count; i++) {
		items[i] = field_value_eval(&value->items[i], scope, arena, at);
		if (value_is(items[i], VALUE_ERROR))
			return items[i];
	}
	return value_list(items, value->node->count, arena);
}

static struct value eval_map(const struct field_value *value, const struct expr_scope *scope,
			     struct arena *arena, const struct expr **at)
{
	struct value_map_builder builder;
	value_map_init(&builder, arena);
	for (uint32_t i = 0; i < value->node->count; i++) {
		struct value item = field_value_eval(&value->items[i], scope, arena, at);
		if (value_is(item, VALUE_ERROR))
			return item;
		value_map_put(&builder, value_string(value->node->entries[i].key.text), item);
	}
	return value_map_end(&builder);
}

/* The first value of a text that is an error or not known; null when all are good. */
static struct value eval_holes(const struct place_text *text, const struct expr_scope *scope,
			       struct arena *arena, const struct expr **at, unsigned *taint)
{
	const struct expr *expr;
	for (size_t i = 0; (expr = place_hole(text, i)); i++) {
		struct value value = expr_eval(expr, scope, arena);
		*taint |= value.flags & VALUE_TAINT;
		if (at)
			*at = expr;
		if (value_is(value, VALUE_ERROR) || value_is(value, VALUE_UNKNOWN))
			return value;
	}
	return value_null();
}

static struct value eval_place(const struct field_value *value, const struct expr_scope *scope,
			       struct arena *arena, const struct expr **at)
{
	struct text text;
	struct failure failure;
	unsigned taint = 0;
	struct value stopped = eval_holes(value->place, scope, arena, at, &taint);
	if (!value_is(stopped, VALUE_NULL))
		return stopped;
	if (!place_string(value->place, scope, arena, &text, NULL, &failure))
		return value_error(arena, FAIL_REFUSED, "%s", failure.message);
	return value_mark(value_string(text), taint);
}

struct value field_value_eval(const struct field_value *value, const struct expr_scope *scope,
			      struct arena *arena, const struct expr **at)
{
	if (value->place)
		return eval_place(value, scope, arena, at);
	if (value->template)
		return template_eval(value->template, scope, arena, at);
	if (value->node->kind == NODE_LIST)
		return eval_list(value, scope, arena, at);
	if (value->node->kind == NODE_MAP)
		return eval_map(value, scope, arena, at);
	return value->constant;
}

/* ---- types and expressions ----------------------------------------------------------------- */

static const struct type *constant_type(struct value value)
{
	static const struct type *const types[] = {
		[VALUE_NULL] = &type_null,     [VALUE_BOOL] = &type_bool,
		[VALUE_INT] = &type_int,       [VALUE_UINT] = &type_uint,
		[VALUE_DOUBLE] = &type_double, [VALUE_STRING] = &type_string,
	};
	return types[value.kind];
}

static const struct type *list_type(const struct field_value *value, struct arena *arena)
{
	const struct type *item = NULL;
	for (size_t i = 0; i < item_count(value); i++) {
		const struct type *type = field_value_type(&value->items[i], arena);
		item = !item || item->kind == type->kind ? type : &type_dyn;
	}
	bool plain = item && item->kind < TYPE_LIST;
	return type_list(plain ? item : &type_dyn, arena);
}

const struct type *field_value_type(const struct field_value *value, struct arena *arena)
{
	if (value->place)
		return value->type;
	if (value->template)
		return value->template->sole ? value->template->type : &type_composed;
	if (value->node->kind == NODE_LIST)
		return list_type(value, arena);
	if (value->node->kind != NODE_MAP)
		return constant_type(value->constant);
	struct type *object = type_object("key", true, arena);
	for (uint32_t i = 0; i < value->node->count; i++)
		type_object_add(object, value->node->entries[i].key.text,
				field_value_type(&value->items[i], arena),
				value->node->entries[i].key.span, arena);
	return object;
}

/* The index-th expression; what is left of index otherwise. */
static const struct expr *find_expr(const struct field_value *value, size_t *index)
{
	const struct expr *hole = value->place ? place_hole(value->place, *index) : NULL;
	if (hole)
		return hole;
	for (size_t i = 0; value->template && i < value->template->count; i++) {
		const struct expr *expr = value->template->pieces[i].expr;
		if (expr && (*index)-- == 0)
			return expr;
	}
	for (size_t i = 0; i < item_count(value); i++) {
		const struct expr *expr = find_expr(&value->items[i], index);
		if (expr)
			return expr;
	}
	return NULL;
}

const struct expr *field_value_expr(const struct field_value *value, size_t index)
{
	return find_expr(value, &index);
}
