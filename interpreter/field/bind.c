/* Binding: from what was read to the members of a C struct. */

#include <string.h>

#include "base/bug.h"
#include "field/internal.h"

struct binding {
	const struct expr_scope *scope;
	struct arena *arena;
	struct failure *failure;
};

static bool bind_rows(const struct binding *binding, const struct bound *bound, char *out);

static const struct field *row_of(const struct bound *bound, const char *name)
{
	const struct field *row = bound->rows;
	while (row->name && strcmp(row->name, name) != 0)
		row++;
	if (!row->name)
		bug("no row is named '%s'", name);
	return row;
}

const struct slot *field_slot(const struct bound *bound, const char *name)
{
	const struct field *row = row_of(bound, name);
	for (size_t i = 0; i < bound->slots.count; i++)
		if (bound->slots.at[i].row == row)
			return &bound->slots.at[i];
	return NULL;
}

static bool bind_value(const struct binding *binding, const struct slot *slot, void *member)
{
	const struct expr *at = NULL;
	struct reporter reporter = { .arena = binding->arena, .failure = binding->failure };
	struct conversion conversion = {
		.reporter = &reporter, .row = slot->row, .node = slot->node, .key = slot->key
	};
	struct value value = field_value_eval(slot->value, binding->scope, binding->arena, &at);
	if (value_is(value, VALUE_ERROR) && at) {
		*binding->failure = failure_of(at, value);
		return false;
	}
	if (value_is(value, VALUE_ERROR))
		return field_report(&reporter, slot->node->span, RB0102, NULL, "'%s': %s",
				    slot->key, value.error->message);
	if (slot->row->kind != FIELD_VALUE && value_has_unknown(value)) {
		field_report(&reporter, slot->node->span, RB0102, NULL, "'%s' is not known yet",
			     slot->key);
		binding->failure->unknown = true;
		return false;
	}
	if (slot->row->flags & FIELD_NO_SECRET && value.flags & VALUE_SECRET)
		return field_report(
			&reporter, slot->node->span, RB0116, "Use a value that is no secret.",
			"a secret may not stand in '%s': it is shown and recorded", slot->key);
	bool good = field_kinds[slot->row->kind].convert(&conversion, value, member);
	if (!good && value.flags & VALUE_SECRET) /* nothing of it is shown */
		binding->failure->message = arena_format(
			binding->arena, "'%s': a secret is not what is wanted here: %s", slot->key,
			field_kinds[slot->row->kind].name);
	return good;
}

static bool bind_headers(const struct binding *binding, const struct slot *slot,
			 struct pairs *pairs)
{
	size_t count = slot->node->count;
	struct pair *at = arena_array(binding->arena, struct pair, count + 1);
	for (size_t i = 0; i < count; i++) {
		at[i].name = slot->node->entries[i].key.text.ptr;
		if (!place_string(slot->headers[i], binding->scope, binding->arena, &at[i].value,
				  &at[i].secret, binding->failure))
			return false;
	}
	*pairs = (struct pairs){ count, at };
	return true;
}

static bool bind_request(const struct binding *binding, const struct slot *slot,
			 struct request *request)
{
	struct text url;
	if (!place_string(slot->place, binding->scope, binding->arena, &url, &request->secret,
			  binding->failure))
		return false;
	request->method = place_method(slot->place);
	request->url = url.ptr;
	return true;
}

static bool bind_slot(const struct binding *binding, const struct slot *slot, char *out)
{
	void *member = out + slot->row->offset;
	switch (slot->row->kind) {
	case FIELD_WORDS:
		return place_words(slot->place, binding->scope, binding->arena, member,
				   binding->failure);
	case FIELD_SCRIPT:
		return place_script(slot->place, binding->scope, binding->arena, member,
				    binding->failure);
	case FIELD_STATEMENTS:
		return place_statements(slot->place, binding->scope, binding->arena, member,
					binding->failure);
	case FIELD_URL:
	case FIELD_CONNECTION:
		return place_string(slot->place, binding->scope, binding->arena, member, NULL,
				    binding->failure);
	case FIELD_REQUEST:
		return bind_request(binding, slot, member);
	case FIELD_HEADERS:
		return bind_headers(binding, slot, member);
	case FIELD_RECORD:
		return bind_rows(binding, slot->record, member);
	case FIELD_EXPR:
		*(const struct expr **)member = slot->expr;
		return true;
	case FIELD_NODE:
		*(const struct node **)member = slot->node;
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
	return bind_value(binding, slot, member);
}

static bool bind_rows(const struct binding *binding, const struct bound *bound, char *out)
{
	for (size_t i = 0; i < bound->slots.count; i++) {
		const struct slot *slot = &bound->slots.at[i];
		if (slot->constant)
			memcpy(out + slot->row->offset, slot->constant,
			       field_kinds[slot->row->kind].size);
		else if (!bind_slot(binding, slot, out))
			return false;
	}
	return true;
}

static void set_default(const struct field *row, struct arena *arena, void *member)
{
	struct failure failure;
	struct reporter reporter = { .arena = arena, .failure = &failure };
	struct node node = node_scalar(text_of(row->dflt), (struct span){ 0 });
	const struct conversion conversion = {
		.reporter = &reporter, .row = row, .node = &node, .key = row->name
	};
	if (!field_convert_default(&conversion, member))
		bug("the default of '%s' is wrong: %s", row->name, failure.message);
}

/* What a struct is before what was written is put in: members without a default are zero. */
static void set_defaults(const struct field *rows, struct arena *arena, char *out)
{
	for (const struct field *row = rows; row->name; row++) {
		if (row->kind == FIELD_RECORD)
			set_defaults(row->rows, arena, out + row->offset);
		else if (row->dflt)
			set_default(row, arena, out + row->offset);
		else
			memset(out + row->offset, 0, field_kinds[row->kind].size);
	}
}

bool field_bind(const struct bound *bound, const struct expr_scope *scope, struct arena *arena,
		void *out, struct failure *failure)
{
	const struct binding binding = { scope, arena, failure };
	set_defaults(bound->rows, arena, out);
	return bind_rows(&binding, bound, out);
}

static void rehearse_rows(const struct binding *binding, const struct bound *bound, char *out,
			  field_wrong *wrong, void *data)
{
	for (size_t i = 0; i < bound->slots.count; i++) {
		const struct slot *slot = &bound->slots.at[i];
		char *member = out + slot->row->offset;
		if (slot->record) {
			rehearse_rows(binding, slot->record, member, wrong, data);
		} else if (slot->constant) {
			memcpy(member, slot->constant, field_kinds[slot->row->kind].size);
		} else if (!bind_slot(binding, slot, out)) {
			memset(member, 0, field_kinds[slot->row->kind].size);
			if (!binding->failure->unknown)
				wrong(data, binding->failure);
		}
	}
}

void field_rehearse(const struct bound *bound, const struct expr_scope *scope, struct arena *arena,
		    void *out, field_wrong *wrong, void *data)
{
	struct failure failure;
	const struct binding binding = { scope, arena, &failure };
	set_defaults(bound->rows, arena, out);
	rehearse_rows(&binding, bound, out, wrong, data);
}

/* ---- what is known before a run ------------------------------------------------------------ */

static bool is_constant(const struct slot *slot)
{
	bool constant = true;
	if (slot->constant || slot->row->kind == FIELD_NODE || slot->row->kind == FIELD_EXPR)
		return true;
	if (slot->place)
		return !place_hole(slot->place, 0);
	for (uint32_t i = 0; slot->headers && i < slot->node->count; i++)
		constant &= !place_hole(slot->headers[i], 0);
	for (size_t i = 0; slot->record && i < slot->record->slots.count; i++)
		constant &= is_constant(&slot->record->slots.at[i]);
	return constant && !slot->value;
}

bool field_constant(const struct bound *bound, struct arena *arena, void *out)
{
	static const struct expr_scope nothing;
	struct failure failure;
	for (size_t i = 0; i < bound->slots.count; i++)
		if (!is_constant(&bound->slots.at[i]))
			return false;
	return field_bind(bound, &nothing, arena, out, &failure);
}

const struct node *field_node(const struct bound *bound, const char *name)
{
	const struct slot *slot = field_slot(bound, name);
	return slot ? slot->node : NULL;
}

const struct place_text *field_place(const struct bound *bound, const char *name)
{
	const struct slot *slot = field_slot(bound, name);
	return slot ? slot->place : NULL;
}

const char *field_constant_text(const struct bound *bound, const char *name)
{
	const struct slot *slot = field_slot(bound, name);
	if (!slot)
		return row_of(bound, name)->dflt;
	if (slot->value && !slot->value->template && slot->node->kind == NODE_SCALAR)
		return slot->node->text.ptr;
	if (slot->place && !place_hole(slot->place, 0) && slot->node->kind == NODE_SCALAR)
		return slot->node->text.ptr;
	return NULL;
}

/* ---- expressions --------------------------------------------------------------------------- */

static const struct expr *find_in_slot(const struct slot *slot, size_t *index);

static const struct expr *find_in_place(const struct place_text *text, size_t *index)
{
	const struct expr *expr;
	for (size_t i = 0; (expr = place_hole(text, i)); i++)
		if ((*index)-- == 0)
			return expr;
	return NULL;
}

static const struct expr *find_in_value(const struct field_value *value, size_t *index)
{
	const struct expr *expr;
	for (size_t i = 0; (expr = field_value_expr(value, i)); i++)
		if ((*index)-- == 0)
			return expr;
	return NULL;
}

static const struct expr *find_in_rows(const struct bound *bound, size_t *index)
{
	const struct expr *expr = NULL;
	for (size_t i = 0; !expr && i < bound->slots.count; i++)
		expr = find_in_slot(&bound->slots.at[i], index);
	return expr;
}

static const struct expr *find_in_slot(const struct slot *slot, size_t *index)
{
	const struct expr *expr = NULL;
	if (slot->expr)
		return (*index)-- == 0 ? slot->expr : NULL;
	if (slot->place)
		return find_in_place(slot->place, index);
	if (slot->record)
		return find_in_rows(slot->record, index);
	if (slot->value)
		return find_in_value(slot->value, index);
	for (uint32_t i = 0; !expr && slot->headers && i < slot->node->count; i++)
		expr = find_in_place(slot->headers[i], index);
	return expr;
}

const struct expr *field_expr(const struct bound *bound, size_t index)
{
	return find_in_rows(bound, &index);
}
