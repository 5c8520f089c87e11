/* Quantities with a unit, "12Mi", "500m": those of Kubernetes, exact up to 38 digits. */
#include <stdlib.h>
#include <string.h>

#include "expr/functions.h"

__extension__ typedef __int128 wide;

/* number times ten to the power; no zero at the end of the number, so that equal ones look alike.
 */
struct quantity {
	wide number;
	int power;
};

static struct quantity make_quantity(wide number, int power)
{
	while (number != 0 && number % 10 == 0) {
		number /= 10;
		power++;
	}
	return (struct quantity){ number, number == 0 ? 0 : power };
}

/* ---- reading ------------------------------------------------------------------------------- */

static const struct suffix {
	const char *name;
	int power;   /* of ten */
	int doubled; /* how often it is doubled */
} suffixes[] = {
	{ "n", -9, 0 },  { "u", -6, 0 },  { "m", -3, 0 },  { "", 0, 0 },
	{ "k", 3, 0 },   { "M", 6, 0 },   { "G", 9, 0 },   { "T", 12, 0 },
	{ "P", 15, 0 },  { "E", 18, 0 },  { "Ki", 0, 10 }, { "Mi", 0, 20 },
	{ "Gi", 0, 30 }, { "Ti", 0, 40 }, { "Pi", 0, 50 }, { "Ei", 0, 60 },
};

/* "e3", "E-2". */
static bool read_exponent(struct text text, int *power)
{
	bool negative = text.len > 1 && text.ptr[1] == '-';
	size_t at = text.len > 1 && (negative || text.ptr[1] == '+') ? 2 : 1;

	if (text.len <= at || text.len > at + 3 || (text.ptr[0] | 0x20) != 'e')
		return false;
	*power = 0;
	for (; at < text.len; at++) {
		if (text.ptr[at] < '0' || text.ptr[at] > '9')
			return false;
		*power = 10 * *power + (text.ptr[at] - '0');
	}
	if (negative)
		*power = -*power;
	return true;
}

static bool apply_suffix(struct text text, struct quantity *quantity)
{
	int power;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		if (!text_is(text, suffixes[i].name))
			continue;
		if (__builtin_mul_overflow(quantity->number, (wide)1 << suffixes[i].doubled,
					   &quantity->number))
			return false;
		*quantity = make_quantity(quantity->number, quantity->power + suffixes[i].power);
		return true;
	}
	if (!read_exponent(text, &power))
		return false;
	*quantity = make_quantity(quantity->number, quantity->power + power);
	return true;
}

static bool read_quantity(struct text text, struct quantity *quantity)
{
	bool negative = text_starts(text, "-");
	size_t at = negative || text_starts(text, "+");
	bool digits = false;
	bool point = false;
	wide number = 0;
	int power = 0;

	for (; at < text.len; at++) {
		if (text.ptr[at] == '.' && !point) {
			point = true;
			continue;
		}
		if (text.ptr[at] < '0' || text.ptr[at] > '9')
			break;
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, text.ptr[at] - '0', &number))
			return false;
		power -= point;
		digits = true;
	}
	*quantity = make_quantity(negative ? -number : number, power);
	return digits && apply_suffix(text_slice(text, at, text.len), quantity);
}

/* ---- reckoning ----------------------------------------------------------------------------- */

/* Writes the quantity with a smaller power of ten. False: it has no place. */
static bool lower(struct quantity *quantity, int power)
{
	for (; quantity->power > power; quantity->power--)
		if (__builtin_mul_overflow(quantity->number, 10, &quantity->number))
			return false;
	return true;
}

static int sign_of(const struct quantity *quantity)
{
	return (quantity->number > 0) - (quantity->number < 0);
}

static int compare(struct quantity a, struct quantity b)
{
	if (sign_of(&a) != sign_of(&b))
		return sign_of(&a) < sign_of(&b) ? -1 : 1;
	/* What has no place is farther from zero. */
	if (!lower(&a, b.power))
		return sign_of(&a);
	if (!lower(&b, a.power))
		return -sign_of(&b);
	return (a.number > b.number) - (a.number < b.number);
}

static bool add(struct quantity a, struct quantity b, struct quantity *sum)
{
	if (!lower(&a, b.power) || !lower(&b, a.power) ||
	    __builtin_add_overflow(a.number, b.number, &a.number))
		return false;
	*sum = make_quantity(a.number, a.power);
	return true;
}

static bool to_int(struct quantity quantity, int64_t *integer)
{
	if (quantity.power < 0 || !lower(&quantity, 0) || quantity.number > INT64_MAX ||
	    quantity.number < INT64_MIN)
		return false;
	*integer = (int64_t)quantity.number;
	return true;
}

/* ---- values -------------------------------------------------------------------------------- */

static bool equal_quantities(const void *a, const void *b)
{
	const struct quantity *left = a;
	const struct quantity *right = b;

	return left->number == right->number && left->power == right->power;
}

/* "-12e3": what strtod reads too. */
static void write_quantity(struct buffer *out, const void *data)
{
	const struct quantity *quantity = data;
	wide rest = quantity->number;
	char digits[48];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + (rest < 0 ? -(rest % 10) : rest % 10));
		rest /= 10;
	} while (rest != 0);
	if (quantity->number < 0)
		buffer_putc(out, '-');
	buffer_add(out, (struct text){ digits + at, sizeof(digits) - at });
	if (quantity->power)
		buffer_printf(out, "e%d", quantity->power);
}

static const void *copy_quantity(const void *data, struct arena *arena)
{
	struct quantity *copy = arena_new(arena, struct quantity);

	*copy = *(const struct quantity *)data;
	return copy;
}

const struct value_opaque_class opaque_quantity = {
	.type = { "kubernetes.Quantity" },
	.equal = equal_quantities,
	.write = write_quantity,
	.copy = copy_quantity,
};

static const struct quantity *quantity_of(struct value value)
{
	return value.opaque->data;
}

static struct value quantity_value(struct function_call *call, struct quantity quantity)
{
	return value_opaque(&opaque_quantity, copy_quantity(&quantity, call->arena), call->arena);
}

FUNCTION(make)
{
	struct quantity quantity;

	if (!read_quantity(value_text(args[0]), &quantity))
		return function_fail(call, "the text is no quantity, like 12Mi, 500m or 1.5G");
	return quantity_value(call, quantity);
}

FUNCTION(is_quantity)
{
	struct quantity quantity;

	return value_bool(read_quantity(value_text(args[0]), &quantity));
}

/* The second operand: a quantity, or an int. */
static struct quantity operand(struct value value)
{
	return value.kind == VALUE_INT ? make_quantity(value.integer, 0) : *quantity_of(value);
}

FUNCTION(sum)
{
	struct quantity result;

	if (!add(*quantity_of(args[0]), operand(args[1]), &result))
		return function_fail(call, "the sum has more than 38 digits");
	return quantity_value(call, result);
}

FUNCTION(difference)
{
	struct quantity other = operand(args[1]);
	struct quantity result;

	other.number = -other.number;
	if (!add(*quantity_of(args[0]), other, &result))
		return function_fail(call, "the difference has more than 38 digits");
	return quantity_value(call, result);
}

FUNCTION(compare_to)
{
	return value_int(compare(*quantity_of(args[0]), *quantity_of(args[1])));
}

FUNCTION(is_less)
{
	return value_bool(compare(*quantity_of(args[0]), *quantity_of(args[1])) < 0);
}

FUNCTION(is_greater)
{
	return value_bool(compare(*quantity_of(args[0]), *quantity_of(args[1])) > 0);
}

FUNCTION(is_integer)
{
	int64_t integer;

	return value_bool(to_int(*quantity_of(args[0]), &integer));
}

FUNCTION(as_integer)
{
	int64_t integer;

	if (!to_int(*quantity_of(args[0]), &integer))
		return function_fail(call, "the quantity is no int");
	return value_int(integer);
}

FUNCTION(as_double)
{
	struct buffer out;

	buffer_init(&out, call->arena);
	write_quantity(&out, quantity_of(args[0]));
	return value_double(strtod(buffer_string(&out), NULL));
}

FUNCTION(sign)
{
	return value_int(sign_of(quantity_of(args[0])));
}

#define Q "kubernetes.Quantity"

const struct function functions_quantity[] = {
	PLAIN("quantity", "(string) -> " Q, make, "The quantity.",
	      "quantity('200M') == quantity('0.2G')"),
	PLAIN("isQuantity", "(string) -> bool", is_quantity, "Whether the text is a quantity.",
	      "isQuantity('20Mi')"),
	METHOD("add", "(" Q ", " Q ") -> " Q, sum, "Both together.",
	       "quantity('50k').add(quantity('20')) == quantity('50.02k')"),
	METHOD("add", "(" Q ", int) -> " Q, sum, "Both together.",
	       "quantity('50k').add(20) == quantity('50020')"),
	METHOD("sub", "(" Q ", " Q ") -> " Q, difference, "The first without the second.",
	       "quantity('50k').sub(quantity('20')) == quantity('49.98k')"),
	METHOD("sub", "(" Q ", int) -> " Q, difference, "The first without the second.",
	       "quantity('50k').sub(20) == quantity('49980')"),
	METHOD("compareTo", "(" Q ", " Q ") -> int", compare_to,
	       "-1, 0 or 1, as the first is below, as or above.",
	       "quantity('50M').compareTo(quantity('50Mi')) == -1"),
	METHOD("isLessThan", "(" Q ", " Q ") -> bool", is_less,
	       "Whether the first is less than the second.",
	       "quantity('50M').isLessThan(quantity('50Mi'))"),
	METHOD("isGreaterThan", "(" Q ", " Q ") -> bool", is_greater,
	       "Whether the first is more than the second.",
	       "quantity('50Mi').isGreaterThan(quantity('50M'))"),
	METHOD("isInteger", "(" Q ") -> bool", is_integer, "Whether asInteger() would give an int.",
	       "quantity('1.5k').isInteger()"),
	METHOD("asInteger", "(" Q ") -> int", as_integer, "As an int.",
	       "quantity('50k').asInteger() == 50000"),
	METHOD("asApproximateFloat", "(" Q ") -> double", as_double, "As the nearest double.",
	       "quantity('500m').asApproximateFloat() == 0.5"),
	METHOD("sign", "(" Q ") -> int", sign, "-1, 0 or 1, as it is below, at or above zero.",
	       "quantity('-5').sign() == -1"),
	{ 0 },
};
