/* CEL's == and <, and the hash that goes with ==. Numbers stand on one line. */
#include <math.h>
#include <string.h>

#include "value/internal.h"

#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0

static bool is_number(struct value value)
{
	return value.kind == VALUE_INT || value.kind == VALUE_UINT || value.kind == VALUE_DOUBLE;
}

static int order_of(bool below, bool above)
{
	return (int)above - (int)below;
}

/* An integer against a double, as the specification has it: in range, the integer becomes a
 * double, which may lose digits. Not for NaN. */
static int order_integer(struct value integer, double real)
{
	double converted = integer.kind == VALUE_INT ? (double)integer.integer
						     : (double)integer.natural;
	double low = integer.kind == VALUE_INT ? -TWO_63 : 0;
	double high = integer.kind == VALUE_INT ? TWO_63 : TWO_64;

	if (real < low)
		return 1;
	if (real > high)
		return -1;
	return order_of(converted<real, converted> real);
}

static bool compare_numbers(struct value a, struct value b, int *order)
{
	if (a.kind == VALUE_DOUBLE && b.kind == VALUE_DOUBLE) {
		*order = order_of(a.real<b.real, a.real> b.real);
		return !isnan(a.real) && !isnan(b.real);
	}
	if (a.kind == VALUE_DOUBLE) {
		*order = -order_integer(b, a.real);
		return !isnan(a.real);
	}
	if (b.kind == VALUE_DOUBLE) {
		*order = order_integer(a, b.real);
		return !isnan(b.real);
	}
	if (a.kind == VALUE_INT && b.kind == VALUE_INT)
		*order = order_of(a.integer<b.integer, a.integer> b.integer);
	else if (a.kind == VALUE_INT && a.integer < 0)
		*order = -1;
	else if (b.kind == VALUE_INT && b.integer < 0)
		*order = 1;
	else
		*order = order_of(a.natural<b.natural, a.natural> b.natural);
	return true;
}

bool value_compare(struct value a, struct value b, int *order)
{
	if (is_number(a) && is_number(b))
		return compare_numbers(a, b, order);
	if (a.kind != b.kind)
		return false;
	if (a.kind == VALUE_STRING || a.kind == VALUE_BYTES) {
		*order = text_compare(value_text(a), value_text(b));
		return true;
	}
	if (a.kind == VALUE_BOOL) {
		*order = (int)a.boolean - (int)b.boolean;
		return true;
	}
	if (a.kind != VALUE_TIMESTAMP && a.kind != VALUE_DURATION)
		return false;
	/* The len of a duration is 0. */
	*order = order_of(a.integer<b.integer, a.integer> b.integer);
	if (*order == 0)
		*order = order_of(a.len<b.len, a.len> b.len);
	return true;
}

static bool equal_lists(const struct value_list *a, const struct value_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!value_equal(a->items[i], b->items[i]))
			return false;
	return true;
}

static bool equal_maps(struct value a, struct value b)
{
	if (a.map->count != b.map->count)
		return false;
	for (size_t i = 0; i < a.map->count; i++) {
		const struct value_entry *entry = &a.map->entries[i];
		const struct value_entry *other = value_map_find(b.map, entry->key);

		if (!other || !value_equal(entry->value, other->value))
			return false;
	}
	return true;
}

/* One of the two is an object. */
static bool equal_objects(struct value a, struct value b)
{
	struct arena arena;
	bool equal;

	arena_init(&arena);
	a = value_force(a, &arena);
	b = value_force(b, &arena);
	equal = equal_maps(a, b);
	arena_done(&arena);
	return equal;
}

static bool is_map(struct value value)
{
	return value.kind == VALUE_MAP || value.kind == VALUE_OBJECT;
}

static bool equal_optionals(struct value a, struct value b)
{
	if (!a.optional || !b.optional)
		return a.optional == b.optional;
	return value_equal(*a.optional, *b.optional);
}

static bool equal_opaques(const struct value_opaque *a, const struct value_opaque *b)
{
	return a->class == b->class && a->class->equal(a->data, b->data);
}

bool value_equal(struct value a, struct value b)
{
	int order;

	if (is_number(a) && is_number(b))
		return compare_numbers(a, b, &order) && order == 0;
	if (is_map(a) && is_map(b) && (a.kind == VALUE_OBJECT || b.kind == VALUE_OBJECT))
		return equal_objects(a, b);
	if (a.kind != b.kind)
		return false;
	switch ((enum value_kind)a.kind) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a.boolean == b.boolean;
	case VALUE_STRING:
	case VALUE_BYTES:
		return text_equal(value_text(a), value_text(b));
	case VALUE_TIMESTAMP:
	case VALUE_DURATION:
		return a.integer == b.integer && a.len == b.len;
	case VALUE_LIST:
		return equal_lists(a.list, b.list);
	case VALUE_MAP:
		return equal_maps(a, b);
	case VALUE_TYPE:
		return strcmp(a.type->name, b.type->name) == 0;
	case VALUE_OPTIONAL:
		return equal_optionals(a, b);
	case VALUE_OPAQUE:
		return equal_opaques(a.opaque, b.opaque);
	case VALUE_INT:
	case VALUE_UINT:
	case VALUE_DOUBLE:
	case VALUE_OBJECT:
	case VALUE_UNKNOWN:
	case VALUE_ERROR:
		return false;
	}
	return false;
}

/* Both halves of the product: without the seed nobody can choose two words that meet. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	value_uwide product = (value_uwide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#define FACTOR UINT64_C(0x9E3779B97F4A7C15) /* 2^64 divided by the golden ratio */

static uint64_t hash_text(struct text text, uint64_t seed)
{
	uint64_t hash = seed ^ (text.len * FACTOR);
	uint64_t word = 0;
	size_t i = 0;

	for (; i + sizeof(word) <= text.len; i += sizeof(word)) {
		memcpy(&word, text.ptr + i, sizeof(word));
		hash = mix(hash ^ word, FACTOR);
	}
	word = 0;
	if (i < text.len)
		memcpy(&word, text.ptr + i, text.len - i);
	return mix(hash ^ word, FACTOR);
}

/* Doubles that equal an integer hash as that integer. */
static uint64_t double_bits(double real)
{
	uint64_t bits;

	if (real >= -TWO_63 && real < 0 && trunc(real) == real)
		return (uint64_t)(int64_t)real;
	if (real >= 0 && real < TWO_64 && trunc(real) == real)
		return (uint64_t)real;
	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

/* Beyond these an integer is compared with a double as the double next to it, which others have
 * too. */
#define TWO_53 INT64_C(9007199254740992)

static uint64_t integer_bits(struct value integer)
{
	if (integer.kind == VALUE_UINT && integer.natural > TWO_53)
		return double_bits((double)integer.natural);
	if (integer.kind == VALUE_INT && (integer.integer < -TWO_53 || integer.integer > TWO_53))
		return double_bits((double)integer.integer);
	return integer.natural;
}

static uint64_t hash_list(const struct value_list *list, uint64_t seed)
{
	uint64_t hash = seed ^ (list->count * FACTOR);

	for (size_t i = 0; i < list->count; i++)
		hash = mix(hash ^ value_hash(list->items[i], seed), FACTOR);
	return hash;
}

/* The order of the entries does not count. */
static uint64_t hash_map(const struct value_map *map, uint64_t seed)
{
	uint64_t hash = seed ^ (map->count * FACTOR);

	for (size_t i = 0; i < map->count; i++) {
		uint64_t key = value_hash(map->entries[i].key, seed);

		hash += mix(key ^ value_hash(map->entries[i].value, ~seed), FACTOR);
	}
	return hash;
}

/* As the map that it is equal to. */
static uint64_t hash_object(struct value object, uint64_t seed)
{
	struct arena arena;
	uint64_t hash;

	arena_init(&arena);
	hash = value_hash(value_force(object, &arena), seed);
	arena_done(&arena);
	return hash;
}

uint64_t value_hash(struct value value, uint64_t seed)
{
	switch ((enum value_kind)value.kind) {
	case VALUE_STRING:
	case VALUE_BYTES:
		return hash_text(value_text(value), seed);
	case VALUE_BOOL:
		return mix(seed ^ value.boolean, FACTOR);
	case VALUE_INT:
	case VALUE_UINT:
		return mix(seed ^ integer_bits(value), FACTOR);
	case VALUE_DURATION:
	case VALUE_TIMESTAMP:
		return mix(seed ^ value.natural, FACTOR);
	case VALUE_DOUBLE:
		return mix(seed ^ double_bits(value.real), FACTOR);
	case VALUE_LIST:
		return hash_list(value.list, seed);
	case VALUE_MAP:
		return hash_map(value.map, seed);
	case VALUE_OBJECT:
		return hash_object(value, seed);
	case VALUE_TYPE:
		return hash_text(text_of(value.type->name), seed);
	case VALUE_NULL:
	case VALUE_OPTIONAL:
	case VALUE_OPAQUE:
	case VALUE_UNKNOWN:
	case VALUE_ERROR:
		return value.kind;
	}
	return 0;
}
