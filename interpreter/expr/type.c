/* Static types: gradual, so that what is not known goes with everything. */
#include "expr/internal.h"

const struct type type_dyn = { .kind = TYPE_DYN, .name = "dyn" };
const struct type type_null = { .kind = TYPE_NULL, .name = "null_type" };
const struct type type_bool = { .kind = TYPE_BOOL, .name = "bool" };
const struct type type_int = { .kind = TYPE_INT, .name = "int" };
const struct type type_uint = { .kind = TYPE_UINT, .name = "uint" };
const struct type type_double = { .kind = TYPE_DOUBLE, .name = "double" };
const struct type type_string = { .kind = TYPE_STRING, .name = "string" };
const struct type type_bytes = { .kind = TYPE_BYTES, .name = "bytes" };
const struct type type_timestamp = { .kind = TYPE_TIMESTAMP, .name = "timestamp" };
const struct type type_duration = { .kind = TYPE_DURATION, .name = "duration" };
const struct type type_type = { .kind = TYPE_TYPE, .name = "type" };
const struct type type_free = { .kind = TYPE_PARAM, .name = "dyn" };

static const struct type list_of_dyn = { .kind = TYPE_LIST, .item = &type_dyn };
static const struct type map_of_dyn = { .kind = TYPE_MAP, .key = &type_dyn, .item = &type_dyn };
static const struct type optional_of_dyn = { .kind = TYPE_OPTIONAL, .item = &type_dyn };

/* ---- making -------------------------------------------------------------------------------- */

static struct type *make(enum type_kind kind, const struct type *key, const struct type *item,
			 struct arena *arena)
{
	struct type *type = arena_new(arena, struct type);
	*type = (struct type){ .kind = kind, .key = key, .item = item };
	return type;
}

const struct type *type_list(const struct type *item, struct arena *arena)
{
	return make(TYPE_LIST, NULL, item, arena);
}

const struct type *type_map(const struct type *key, const struct type *item, struct arena *arena)
{
	return make(TYPE_MAP, key, item, arena);
}

const struct type *type_optional(const struct type *item, struct arena *arena)
{
	return make(TYPE_OPTIONAL, NULL, item, arena);
}

const struct type *type_opaque(const char *name, const struct type *const *arguments, size_t count,
			       struct arena *arena)
{
	struct type *type = make(TYPE_OPAQUE, NULL, NULL, arena);
	type->name = name;
	type->arguments = arguments;
	type->argument_count = count;
	return type;
}

struct type *type_object(const char *what, bool closed, struct arena *arena)
{
	struct type *type = make(TYPE_OBJECT, &type_string, &type_dyn, arena);
	struct type_object *object = arena_new(arena, struct type_object);
	map_init(&object->index, arena);
	object->closed = closed;
	object->what = what;
	type->object = object;
	return type;
}

/* The one who builds the type is the only one who may change it. */
static struct type_object *growing(struct type *type)
{
	union {
		const struct type_object *shared;
		struct type_object *own;
	} object = { .shared = type->object };
	return object.own;
}

static struct type_field *own_field(struct type_object *object, uint32_t index)
{
	union {
		const struct type_field *shared;
		struct type_field *own;
	} field = { .shared = &object->fields[index] };
	return field.own;
}

void type_object_open(struct type *type)
{
	growing(type)->closed = false;
}

struct type *type_object_over(const struct type *base, struct arena *arena)
{
	struct type *type = type_object(base->object->what, base->object->closed, arena);
	growing(type)->base = base;
	return type;
}

bool type_object_add(struct type *type, struct text name, const struct type *field,
		     struct span declared, struct arena *arena)
{
	struct type_object *object = growing(type);
	if (type_object_get(type, name))
		return false;
	if ((object->count & (object->count - 1)) == 0) {
		uint32_t room = object->count ? 2 * object->count : 1;
		struct type_field *fields = arena_array(arena, struct type_field, room);
		for (uint32_t i = 0; i < object->count; i++) {
			fields[i] = object->fields[i];
			map_set(&object->index, fields[i].name, &fields[i]);
		}
		object->fields = fields;
	}
	struct type_field *added = own_field(object, object->count++);
	*added = (struct type_field){ .name = name, .type = field, .declared = declared };
	map_set(&object->index, name, added);
	return true;
}

static const struct type_field *find(const struct type_object *object, struct text name)
{
	if (object->index.count > 0)
		return map_get(&object->index, name);
	for (uint32_t i = 0; i < object->count; i++)
		if (text_equal(object->fields[i].name, name))
			return &object->fields[i];
	return NULL;
}

const struct type_field *type_object_get(const struct type *type, struct text name)
{
	const struct type_field *field = NULL;
	for (; type && type->object && !field; type = type->object->base)
		field = find(type->object, name);
	return field;
}

uint32_t type_object_count(const struct type *type)
{
	return type && type->object ? type->object->count + type_object_count(type->object->base)
				    : 0;
}

const struct type_field *type_object_at(const struct type *type, uint32_t index)
{
	uint32_t shared = type_object_count(type->object->base);
	return index < shared ? type_object_at(type->object->base, index)
			      : &type->object->fields[index - shared];
}

static struct type_field *refinable(struct type *type, struct text name)
{
	return map_get(&growing(type)->index, name);
}

void type_object_refine(struct type *type, struct text name, const struct type *field)
{
	struct type_field *known = refinable(type, name);
	if (known)
		known->type = field;
}

bool type_object_secret(const struct type *type, struct text name)
{
	struct type_field *field = NULL;
	for (; type && type->object && !field; type = type->object->base)
		field = map_get(&type->object->index, name);
	if (!field || field->secret)
		return false;
	field->secret = true;
	return true;
}

/* ---- relations ----------------------------------------------------------------------------- */

bool type_is_open(const struct type *type)
{
	return type->kind == TYPE_DYN || type->kind == TYPE_PARAM;
}

static bool is_scalar(const struct type *type)
{
	return type->kind >= TYPE_BOOL && type->kind <= TYPE_TYPE;
}

bool type_clash(const struct type *a, const struct type *b)
{
	return is_scalar(a) && is_scalar(b) && a->kind != b->kind;
}

static bool is_map(const struct type *type)
{
	return type->kind == TYPE_MAP || type->kind == TYPE_OBJECT;
}

static bool same_opaque(const struct type *a, const struct type *b)
{
	return strcmp(a->name, b->name) == 0 && a->argument_count == b->argument_count;
}

static bool assignable_opaque(const struct type *to, const struct type *from)
{
	bool assignable = same_opaque(to, from);
	for (size_t i = 0; assignable && i < to->argument_count; i++)
		assignable = type_assignable(to->arguments[i], from->arguments[i]);
	return assignable;
}

bool type_assignable(const struct type *to, const struct type *from)
{
	if (to == from || type_is_open(to) || type_is_open(from))
		return true;
	if (is_map(to) && is_map(from))
		return to->kind == TYPE_OBJECT || from->kind == TYPE_OBJECT ||
		       (type_assignable(to->key, from->key) &&
			type_assignable(to->item, from->item));
	if (to->kind != from->kind)
		return false;
	if (to->kind == TYPE_LIST || to->kind == TYPE_OPTIONAL)
		return type_assignable(to->item, from->item);
	return to->kind != TYPE_OPAQUE || assignable_opaque(to, from);
}

static const struct type *join_opaque(const struct type *a, const struct type *b,
				      struct arena *arena)
{
	if (!same_opaque(a, b))
		return &type_dyn;
	const struct type **joined = arena_array(arena, const struct type *, a->argument_count);
	for (size_t i = 0; i < a->argument_count; i++)
		joined[i] = type_join(a->arguments[i], b->arguments[i], arena);
	return type_opaque(a->name, joined, a->argument_count, arena);
}

const struct type *type_join(const struct type *a, const struct type *b, struct arena *arena)
{
	if (a == b || b->kind == TYPE_PARAM)
		return a;
	if (a->kind == TYPE_PARAM)
		return b;
	if (a->kind != b->kind)
		return &type_dyn;
	switch (a->kind) {
	case TYPE_LIST:
		return type_list(type_join(a->item, b->item, arena), arena);
	case TYPE_OPTIONAL:
		return type_optional(type_join(a->item, b->item, arena), arena);
	case TYPE_MAP:
		return type_map(type_join(a->key, b->key, arena),
				type_join(a->item, b->item, arena), arena);
	case TYPE_OPAQUE:
		return join_opaque(a, b, arena);
	case TYPE_DYN:
	case TYPE_OBJECT:
		return &type_dyn;
	case TYPE_NULL:
	case TYPE_BOOL:
	case TYPE_INT:
	case TYPE_UINT:
	case TYPE_DOUBLE:
	case TYPE_STRING:
	case TYPE_BYTES:
	case TYPE_TIMESTAMP:
	case TYPE_DURATION:
	case TYPE_TYPE:
	case TYPE_PARAM:
		return a;
	}
	return a;
}

const struct type *type_key(const struct type *type)
{
	if (type_is_open(type))
		return &type_dyn;
	if (type->kind == TYPE_LIST)
		return &type_int;
	return is_map(type) ? type->key : NULL;
}

const struct type *type_item(const struct type *type)
{
	if (type_is_open(type))
		return &type_dyn;
	return type->kind == TYPE_LIST || is_map(type) ? type->item : NULL;
}

/* ---- of values ----------------------------------------------------------------------------- */

static const struct type *const types_of_kinds[] = {
	[VALUE_NULL] = &type_null,
	[VALUE_BOOL] = &type_bool,
	[VALUE_INT] = &type_int,
	[VALUE_UINT] = &type_uint,
	[VALUE_DOUBLE] = &type_double,
	[VALUE_STRING] = &type_string,
	[VALUE_BYTES] = &type_bytes,
	[VALUE_LIST] = &list_of_dyn,
	[VALUE_MAP] = &map_of_dyn,
	[VALUE_TIMESTAMP] = &type_timestamp,
	[VALUE_DURATION] = &type_duration,
	[VALUE_TYPE] = &type_type,
	[VALUE_OPTIONAL] = &optional_of_dyn,
	[VALUE_OPAQUE] = &type_dyn,
	[VALUE_OBJECT] = &map_of_dyn,
	[VALUE_UNKNOWN] = &type_dyn,
	[VALUE_ERROR] = &type_dyn,
};

const struct type *type_of_kind(enum value_kind kind)
{
	return types_of_kinds[kind];
}

static const char *const zeros[] = {
	[TYPE_BOOL] = "false", [TYPE_INT] = "0",     [TYPE_UINT] = "0u", [TYPE_DOUBLE] = "0.0",
	[TYPE_STRING] = "''",  [TYPE_BYTES] = "b''", [TYPE_LIST] = "[]", [TYPE_MAP] = "{}",
	[TYPE_OBJECT] = "{}",  [TYPE_PARAM] = NULL,
};

const char *type_zero(const struct type *type)
{
	return zeros[type->kind] ? zeros[type->kind] : "...";
}

/* ---- names --------------------------------------------------------------------------------- */

static void write_name(struct buffer *out, const struct type *type);

static void write_opaque(struct buffer *out, const struct type *type)
{
	buffer_puts(out, type->name);
	for (size_t i = 0; i < type->argument_count; i++) {
		buffer_puts(out, i ? ", " : "(");
		write_name(out, type->arguments[i]);
	}
	buffer_puts(out, type->argument_count ? ")" : "");
}

static void write_name(struct buffer *out, const struct type *type)
{
	switch (type->kind) {
	case TYPE_LIST:
	case TYPE_OPTIONAL:
		buffer_puts(out, type->kind == TYPE_LIST ? "list(" : "optional_type(");
		write_name(out, type->item);
		buffer_putc(out, ')');
		return;
	case TYPE_MAP:
		buffer_puts(out, "map(");
		write_name(out, type->key);
		buffer_puts(out, ", ");
		write_name(out, type->item);
		buffer_putc(out, ')');
		return;
	case TYPE_OBJECT:
		buffer_puts(out, "map");
		return;
	case TYPE_OPAQUE:
		write_opaque(out, type);
		return;
	case TYPE_DYN:
	case TYPE_NULL:
	case TYPE_BOOL:
	case TYPE_INT:
	case TYPE_UINT:
	case TYPE_DOUBLE:
	case TYPE_STRING:
	case TYPE_BYTES:
	case TYPE_TIMESTAMP:
	case TYPE_DURATION:
	case TYPE_TYPE:
	case TYPE_PARAM:
		buffer_puts(out, type->name);
		return;
	}
}

const char *type_name(const struct type *type, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	write_name(&out, type);
	return buffer_string(&out);
}
