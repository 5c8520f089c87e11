/* Operators on two values: one row for each pair of kinds that go together. */
#include <math.h>

#include "expr/internal.h"

typedef struct value operator_fn(struct function_call *call, struct value a, struct value b);

#define LIST_MAX 1000000    /* items of a list that an expression may build */
#define TEXT_MAX (8u << 20) /* bytes of a string */

/* ---- numbers ------------------------------------------------------------------------------- */

static struct value overflow(struct function_call *call, const char *type)
{
	return function_fail(call, "the result is too large for %s", type);
}

#define CHECKED(verb, type, field, builtin) \
	static struct value verb##_##type(struct function_call *call, struct value a, \
					  struct value b) \
	{ \
		if (builtin(a.field, b.field, &a.field)) \
			return overflow(call, #type); \
		return value_##type(a.field); \
	}

CHECKED(add, int, integer, __builtin_add_overflow)
CHECKED(subtract, int, integer, __builtin_sub_overflow)
CHECKED(multiply, int, integer, __builtin_mul_overflow)
CHECKED(add, uint, natural, __builtin_add_overflow)
CHECKED(subtract, uint, natural, __builtin_sub_overflow)
CHECKED(multiply, uint, natural, __builtin_mul_overflow)
CHECKED(add, duration, integer, __builtin_add_overflow)
CHECKED(subtract, duration, integer, __builtin_sub_overflow)

static struct value divide_int(struct function_call *call, struct value a, struct value b)
{
	if (b.integer == 0)
		return function_fail(call, "division by zero");
	if (a.integer == INT64_MIN && b.integer == -1)
		return overflow(call, "int");
	return value_int(a.integer / b.integer);
}

static struct value modulo_int(struct function_call *call, struct value a, struct value b)
{
	if (b.integer == 0)
		return function_fail(call, "modulus by zero");
	if (a.integer == INT64_MIN && b.integer == -1)
		return overflow(call, "int");
	return value_int(a.integer % b.integer);
}

static struct value divide_uint(struct function_call *call, struct value a, struct value b)
{
	if (b.natural == 0)
		return function_fail(call, "division by zero");
	return value_uint(a.natural / b.natural);
}

static struct value modulo_uint(struct function_call *call, struct value a, struct value b)
{
	if (b.natural == 0)
		return function_fail(call, "modulus by zero");
	return value_uint(a.natural % b.natural);
}

#define REAL(name, symbol) \
	static struct value name(struct function_call *call, struct value a, struct value b) \
	{ \
		(void)call; \
		return value_double(a.real symbol b.real); \
	}

REAL(add_double, +)
REAL(subtract_double, -)
REAL(multiply_double, *)
REAL(divide_double, /)

/* ---- texts and lists ----------------------------------------------------------------------- */

static struct value add_bytes(struct function_call *call, struct value a, struct value b)
{
	size_t len = (size_t)a.len + b.len;
	if (len > TEXT_MAX)
		return function_limit(call, "a text grew over 8 MiB");
	if (!function_burn(call, len / 16))
		return function_limit(call, "the expression takes too many steps");
	char *joined = arena_alloc(call->arena, len + 1);
	memcpy(joined, value_text(a).ptr, a.len);
	memcpy(joined + a.len, value_text(b).ptr, b.len);
	struct text text = { joined, len };
	return a.kind == VALUE_STRING ? value_string(text) : value_bytes(text);
}

static struct value add_list(struct function_call *call, struct value a, struct value b)
{
	size_t first = value_count(a);
	size_t count = first + value_count(b);
	if (count > LIST_MAX)
		return function_limit(call, "a list grew over 1000000 items");
	if (!function_burn(call, count))
		return function_limit(call, "the expression takes too many steps");
	struct value *items = arena_array(call->arena, struct value, count);
	for (size_t i = 0; i < count; i++)
		items[i] = i < first ? value_item(a, i) : value_item(b, i - first);
	return value_list(items, count, call->arena);
}

/* ---- times --------------------------------------------------------------------------------- */

#define SECOND INT64_C(1000000000)
#define YEAR_ONE INT64_C(-62135596800)  /* 0001-01-01T00:00:00Z */
#define YEAR_LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* The instant `seconds` and `ns` later; both may be negative, ns stays within one second. */
static struct value shift(struct function_call *call, struct value instant, int64_t seconds,
			  int64_t ns)
{
	seconds += instant.integer;
	ns += instant.len;
	if (ns < 0) {
		ns += SECOND;
		seconds--;
	} else if (ns >= SECOND) {
		ns -= SECOND;
		seconds++;
	}
	if (seconds < YEAR_ONE || seconds > YEAR_LAST)
		return function_fail(call, "the result is not within the years 1 to 9999");
	return value_timestamp(seconds, (uint32_t)ns);
}

static struct value add_after(struct function_call *call, struct value a, struct value b)
{
	return shift(call, a, b.integer / SECOND, b.integer % SECOND);
}

static struct value add_before(struct function_call *call, struct value a, struct value b)
{
	return add_after(call, b, a);
}

static struct value subtract_after(struct function_call *call, struct value a, struct value b)
{
	return shift(call, a, -(b.integer / SECOND), -(b.integer % SECOND));
}

/* Seconds and nanoseconds get one sign first, so that only a real overflow is one. */
static struct value between(struct function_call *call, struct value a, struct value b)
{
	int64_t seconds = a.integer - b.integer;
	int64_t rest = (int64_t)a.len - (int64_t)b.len;
	int64_t ns;

	if (seconds < 0 && rest > 0) {
		seconds++;
		rest -= SECOND;
	} else if (seconds > 0 && rest < 0) {
		seconds--;
		rest += SECOND;
	}
	if (__builtin_mul_overflow(seconds, SECOND, &ns) || __builtin_add_overflow(ns, rest, &ns))
		return overflow(call, "duration");
	return value_duration(ns);
}

/* ---- the table ----------------------------------------------------------------------------- */

static const struct operator_row {
	uint8_t symbol;
	uint8_t left, right, result; /* enum value_kind */
	operator_fn *apply;
} rows[] = {
	{ OPERATOR_ADD, VALUE_INT, VALUE_INT, VALUE_INT, add_int },
	{ OPERATOR_ADD, VALUE_STRING, VALUE_STRING, VALUE_STRING, add_bytes },
	{ OPERATOR_ADD, VALUE_UINT, VALUE_UINT, VALUE_UINT, add_uint },
	{ OPERATOR_ADD, VALUE_DOUBLE, VALUE_DOUBLE, VALUE_DOUBLE, add_double },
	{ OPERATOR_ADD, VALUE_LIST, VALUE_LIST, VALUE_LIST, add_list },
	{ OPERATOR_ADD, VALUE_BYTES, VALUE_BYTES, VALUE_BYTES, add_bytes },
	{ OPERATOR_ADD, VALUE_TIMESTAMP, VALUE_DURATION, VALUE_TIMESTAMP, add_after },
	{ OPERATOR_ADD, VALUE_DURATION, VALUE_TIMESTAMP, VALUE_TIMESTAMP, add_before },
	{ OPERATOR_ADD, VALUE_DURATION, VALUE_DURATION, VALUE_DURATION, add_duration },
	{ OPERATOR_SUBTRACT, VALUE_INT, VALUE_INT, VALUE_INT, subtract_int },
	{ OPERATOR_SUBTRACT, VALUE_UINT, VALUE_UINT, VALUE_UINT, subtract_uint },
	{ OPERATOR_SUBTRACT, VALUE_DOUBLE, VALUE_DOUBLE, VALUE_DOUBLE, subtract_double },
	{ OPERATOR_SUBTRACT, VALUE_TIMESTAMP, VALUE_TIMESTAMP, VALUE_DURATION, between },
	{ OPERATOR_SUBTRACT, VALUE_TIMESTAMP, VALUE_DURATION, VALUE_TIMESTAMP, subtract_after },
	{ OPERATOR_SUBTRACT, VALUE_DURATION, VALUE_DURATION, VALUE_DURATION, subtract_duration },
	{ OPERATOR_MULTIPLY, VALUE_INT, VALUE_INT, VALUE_INT, multiply_int },
	{ OPERATOR_MULTIPLY, VALUE_UINT, VALUE_UINT, VALUE_UINT, multiply_uint },
	{ OPERATOR_MULTIPLY, VALUE_DOUBLE, VALUE_DOUBLE, VALUE_DOUBLE, multiply_double },
	{ OPERATOR_DIVIDE, VALUE_INT, VALUE_INT, VALUE_INT, divide_int },
	{ OPERATOR_DIVIDE, VALUE_UINT, VALUE_UINT, VALUE_UINT, divide_uint },
	{ OPERATOR_DIVIDE, VALUE_DOUBLE, VALUE_DOUBLE, VALUE_DOUBLE, divide_double },
	{ OPERATOR_MODULO, VALUE_INT, VALUE_INT, VALUE_INT, modulo_int },
	{ OPERATOR_MODULO, VALUE_UINT, VALUE_UINT, VALUE_UINT, modulo_uint },
};

static const char *const texts[OPERATOR_COUNT] = {
	[OPERATOR_NONE] = "",         [OPERATOR_ADD] = "+",        [OPERATOR_SUBTRACT] = "-",
	[OPERATOR_MULTIPLY] = "*",    [OPERATOR_DIVIDE] = "/",     [OPERATOR_MODULO] = "%",
	[OPERATOR_EQUAL] = "==",      [OPERATOR_NOT_EQUAL] = "!=", [OPERATOR_LESS] = "<",
	[OPERATOR_LESS_EQUAL] = "<=", [OPERATOR_GREATER] = ">",    [OPERATOR_GREATER_EQUAL] = ">=",
	[OPERATOR_IN] = "in",
};

const char *operator_text(enum operator symbol)
{
	return texts[symbol];
}

static struct value no_overload(struct function_call *call, enum operator symbol, struct value a,
				struct value b)
{
	return function_fail(call, "'%s' does not go with %s and %s", texts[symbol],
			     value_type_of(a)->name, value_type_of(b)->name);
}

static struct value arithmetic(struct function_call *call, enum operator symbol, struct value a,
			       struct value b)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].symbol == symbol && rows[i].left == a.kind && rows[i].right == b.kind)
			return rows[i].apply(call, a, b);
	return no_overload(call, symbol, a, b);
}

/* ---- comparing ----------------------------------------------------------------------------- */

static bool is_number(struct value value)
{
	return value.kind == VALUE_INT || value.kind == VALUE_UINT || value.kind == VALUE_DOUBLE;
}

static bool is_ordered(enum value_kind kind)
{
	return kind == VALUE_BOOL || kind == VALUE_STRING || kind == VALUE_BYTES ||
	       kind == VALUE_TIMESTAMP || kind == VALUE_DURATION;
}

/* What comparing two values touches at most. */
static uint64_t touched(struct value a, struct value b)
{
	uint32_t left = value_weight(a), right = value_weight(b);
	return (left < right ? left : right) - 1;
}

/* A NaN is neither below nor above. */
static struct value relate(struct function_call *call, enum operator symbol, struct value a,
			   struct value b)
{
	int order;
	if (!(is_number(a) && is_number(b)) && !(a.kind == b.kind && is_ordered(a.kind)))
		return no_overload(call, symbol, a, b);
	if (!is_number(a) && !function_burn(call, touched(a, b)))
		return function_limit(call, "the expression takes too many steps");
	if (!value_compare(a, b, &order))
		return value_bool(false);
	if (symbol == OPERATOR_LESS)
		return value_bool(order < 0);
	if (symbol == OPERATOR_LESS_EQUAL)
		return value_bool(order <= 0);
	return value_bool(symbol == OPERATOR_GREATER ? order > 0 : order >= 0);
}

static struct value equal(struct function_call *call, struct value a, struct value b, bool wanted)
{
	a = value_force(a, call->arena);
	b = value_force(b, call->arena);
	if (!function_burn(call, touched(a, b)))
		return function_limit(call, "the expression takes too many steps");
	return value_bool(value_equal(a, b) == wanted);
}

static struct value contained(struct function_call *call, struct value item, struct value in)
{
	struct value found;
	if (in.kind == VALUE_MAP || in.kind == VALUE_OBJECT) {
		if (!function_burn(call, value_weight(item) - 1))
			return function_limit(call, "the expression takes too many steps");
		return value_bool(value_get(in, item, call->arena, &found));
	}
	if (in.kind != VALUE_LIST)
		return no_overload(call, OPERATOR_IN, item, in);
	size_t count = value_count(in);
	item = value_force(item, call->arena);
	if (!function_burn(call, function_search_cost(in, item)))
		return function_limit(call, "the expression takes too many steps");
	for (size_t i = 0; i < count; i++)
		if (value_equal(item, value_force(in.list->items[i], call->arena)))
			return value_bool(true);
	return value_bool(false);
}

struct value operator_apply(struct function_call *call, enum operator symbol, struct value left,
			    struct value right)
{
	if (symbol < OPERATOR_EQUAL)
		return arithmetic(call, symbol, left, right);
	if (symbol == OPERATOR_EQUAL || symbol == OPERATOR_NOT_EQUAL)
		return equal(call, left, right, symbol == OPERATOR_EQUAL);
	if (symbol == OPERATOR_IN)
		return contained(call, left, right);
	return relate(call, symbol, left, right);
}

struct value operator_negate(struct function_call *call, struct value value)
{
	if (value.kind == VALUE_DOUBLE)
		return value_double(-value.real);
	if (value.kind != VALUE_INT)
		return function_fail(call, "'-' does not go with %s", value_type_of(value)->name);
	if (value.integer == INT64_MIN)
		return overflow(call, "int");
	return value_int(-value.integer);
}

/* ---- types --------------------------------------------------------------------------------- */

/* Whether a value of the type may be of the kind. */
static bool may_be(const struct type *type, enum value_kind kind)
{
	return type_is_open(type) || type_of_kind(kind)->kind == type->kind;
}

static const struct type *arithmetic_type(enum operator symbol, const struct type *left,
					  const struct type *right, struct arena *arena)
{
	const struct type *result = NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].symbol != symbol || !may_be(left, rows[i].left) ||
		    !may_be(right, rows[i].right))
			continue;
		const struct type *type = rows[i].result == VALUE_LIST
						  ? type_join(left, right, arena)
						  : type_of_kind(rows[i].result);
		result = result ? type_join(result, type, arena) : type;
	}
	return result;
}

static bool is_number_type(const struct type *type)
{
	return type->kind == TYPE_INT || type->kind == TYPE_UINT || type->kind == TYPE_DOUBLE;
}

static bool is_ordered_type(const struct type *type)
{
	return type->kind == TYPE_BOOL || type->kind == TYPE_STRING || type->kind == TYPE_BYTES ||
	       type->kind == TYPE_TIMESTAMP || type->kind == TYPE_DURATION;
}

static bool have_order(const struct type *left, const struct type *right)
{
	if (type_is_open(left) || type_is_open(right)) {
		const struct type *known = type_is_open(left) ? right : left;
		return type_is_open(known) || is_number_type(known) || is_ordered_type(known);
	}
	return (is_number_type(left) && is_number_type(right)) ||
	       (left->kind == right->kind && is_ordered_type(left));
}

const struct type *operator_type(enum operator symbol, const struct type *left,
				 const struct type *right, struct arena *arena)
{
	if (symbol == OPERATOR_EQUAL || symbol == OPERATOR_NOT_EQUAL)
		return &type_bool;
	if (symbol == OPERATOR_IN)
		return type_item(right) ? &type_bool : NULL;
	if (symbol >= OPERATOR_LESS)
		return have_order(left, right) ? &type_bool : NULL;
	return arithmetic_type(symbol, left, right, arena);
}
