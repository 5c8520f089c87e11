/* Numbers: cel-go's library, version 2. */
#include <math.h>

#include "expr/functions.h"

/* ---- the least and the greatest ------------------------------------------------------------ */

/* Of a list of numbers the one that stands first in the order (sign 1) or last (-1). */
static struct value extreme(struct function_call *call, struct value list, int sign)
{
	struct value best = value_null();

	if (!function_burn(call, value_count(list)))
		return function_limit(call, "the list is too large");
	for (size_t i = 0; i < value_count(list); i++) {
		struct value item = value_item(list, i);
		int order = -sign;

		if (item.kind != VALUE_INT && item.kind != VALUE_UINT && item.kind != VALUE_DOUBLE)
			return function_fail(call, "numbers were expected, not a %s",
					     value_type_of(item)->name);
		if (i == 0 || (value_compare(item, best, &order) && order * sign < 0))
			best = item;
	}
	if (best.kind == VALUE_NULL)
		return function_fail(call, "an empty list has no least and no greatest number");
	return best;
}

FUNCTION(least)
{
	return extreme(call, args[0], 1);
}

FUNCTION(greatest)
{
	return extreme(call, args[0], -1);
}

FUNCTION(same)
{
	return args[0];
}

/* ---- doubles ------------------------------------------------------------------------------- */

FUNCTION(ceil_of)
{
	return value_double(ceil(args[0].real));
}

FUNCTION(floor_of)
{
	return value_double(floor(args[0].real));
}

/* Halves away from zero. */
FUNCTION(round_of)
{
	return value_double(round(args[0].real));
}

FUNCTION(trunc_of)
{
	return value_double(trunc(args[0].real));
}

FUNCTION(is_nan)
{
	return value_bool(isnan(args[0].real));
}

FUNCTION(is_infinite)
{
	return value_bool(isinf(args[0].real));
}

FUNCTION(is_finite)
{
	return value_bool(isfinite(args[0].real));
}

FUNCTION(sqrt_double)
{
	return value_double(sqrt(args[0].real));
}

FUNCTION(sqrt_int)
{
	return value_double(sqrt((double)args[0].integer));
}

FUNCTION(sqrt_uint)
{
	return value_double(sqrt((double)args[0].natural));
}

/* ---- signs --------------------------------------------------------------------------------- */

FUNCTION(abs_int)
{
	if (args[0].integer == INT64_MIN)
		return function_fail(call, "the number is too large for an int");
	return value_int(args[0].integer < 0 ? -args[0].integer : args[0].integer);
}

FUNCTION(abs_double)
{
	return value_double(fabs(args[0].real));
}

FUNCTION(sign_int)
{
	return value_int((args[0].integer > 0) - (args[0].integer < 0));
}

FUNCTION(sign_uint)
{
	return value_uint(args[0].natural > 0);
}

/* A NaN and a zero are their own sign. */
FUNCTION(sign_double)
{
	if (args[0].real > 0)
		return value_double(1);
	return args[0].real < 0 ? value_double(-1) : args[0];
}

/* ---- bits ---------------------------------------------------------------------------------- */

/* The same bits as an int or a uint, as the argument has it. */
static struct value bits(struct value like, uint64_t natural)
{
	return like.kind == VALUE_INT ? value_int((int64_t)natural) : value_uint(natural);
}

FUNCTION(bit_and)
{
	return bits(args[0], args[0].natural & args[1].natural);
}

FUNCTION(bit_or)
{
	return bits(args[0], args[0].natural | args[1].natural);
}

FUNCTION(bit_xor)
{
	return bits(args[0], args[0].natural ^ args[1].natural);
}

FUNCTION(bit_not)
{
	return bits(args[0], ~args[0].natural);
}

static struct value shift(struct function_call *call, const struct value *args, bool left)
{
	int64_t places = args[1].integer;

	if (places < 0)
		return function_fail(call, "bits cannot be shifted by a negative number");
	if (places > 63)
		return bits(args[0], 0);
	return bits(args[0], left ? args[0].natural << places : args[0].natural >> places);
}

FUNCTION(shift_left)
{
	return shift(call, args, true);
}

/* Zeros come in from the left, of an int too. */
FUNCTION(shift_right)
{
	return shift(call, args, false);
}

/* ---- the table ----------------------------------------------------------------------------- */

#define ROW(row_name, row_signature, row_call, row_doc, row_example) \
	{ \
		.name = "math." row_name, .signature = row_signature, .call = row_call, \
		.doc = row_doc, .example = "math." row_example \
	}

#define LEAST_DOC "The least of the numbers."
#define GREATEST_DOC "The greatest of the numbers."
#define ABS_DOC "The number without its sign."
#define SIGN_DOC "-1, 0 or 1, as the number is below, at or above zero."
#define SQRT_DOC "The square root; NaN of a number below zero."
#define AND_DOC "The bits that both numbers have."
#define OR_DOC "The bits that either number has."
#define XOR_DOC "The bits that one of the numbers has and the other has not."
#define NOT_DOC "The bits that the number has not."
#define LEFT_DOC "The bits moved to the left."
#define RIGHT_DOC "The bits moved to the right; zeros come in."

const struct function functions_math[] = {
	ROW("least", "(list(A)) -> A", least, LEAST_DOC, "least(3, 1, 2) == 1"),
	ROW("least", "(int) -> int", same, LEAST_DOC, "least(1) == 1"),
	ROW("least", "(uint) -> uint", same, LEAST_DOC, "least(1u) == 1u"),
	ROW("least", "(double) -> double", same, LEAST_DOC, "least(1.5) == 1.5"),
	ROW("greatest", "(list(A)) -> A", greatest, GREATEST_DOC, "greatest([3, 1, 2]) == 3"),
	ROW("greatest", "(int) -> int", same, GREATEST_DOC, "greatest(1) == 1"),
	ROW("greatest", "(uint) -> uint", same, GREATEST_DOC, "greatest(1u) == 1u"),
	ROW("greatest", "(double) -> double", same, GREATEST_DOC, "greatest(1.5) == 1.5"),
	ROW("ceil", "(double) -> double", ceil_of, "The next whole number above.",
	    "ceil(1.2) == 2.0"),
	ROW("floor", "(double) -> double", floor_of, "The next whole number below.",
	    "floor(-1.2) == -2.0"),
	ROW("round", "(double) -> double", round_of,
	    "The nearest whole number; halves go away from zero.", "round(-1.5) == -2.0"),
	ROW("trunc", "(double) -> double", trunc_of, "What stands before the point.",
	    "trunc(-1.9) == -1.0"),
	ROW("isNaN", "(double) -> bool", is_nan, "Whether it is not a number.",
	    "isNaN(double('NaN'))"),
	ROW("isInf", "(double) -> bool", is_infinite, "Whether it is infinite.",
	    "isInf(1.0 / 0.0)"),
	ROW("isFinite", "(double) -> bool", is_finite, "Whether it is a number and finite.",
	    "isFinite(1.5)"),
	ROW("sqrt", "(double) -> double", sqrt_double, SQRT_DOC, "sqrt(49.0) == 7.0"),
	ROW("sqrt", "(int) -> double", sqrt_int, SQRT_DOC, "sqrt(81) == 9.0"),
	ROW("sqrt", "(uint) -> double", sqrt_uint, SQRT_DOC, "sqrt(25u) == 5.0"),
	ROW("abs", "(int) -> int", abs_int, ABS_DOC, "abs(-1) == 1"),
	ROW("abs", "(uint) -> uint", same, ABS_DOC, "abs(1u) == 1u"),
	ROW("abs", "(double) -> double", abs_double, ABS_DOC, "abs(-1.5) == 1.5"),
	ROW("sign", "(int) -> int", sign_int, SIGN_DOC, "sign(-42) == -1"),
	ROW("sign", "(uint) -> uint", sign_uint, SIGN_DOC, "sign(42u) == 1u"),
	ROW("sign", "(double) -> double", sign_double, SIGN_DOC, "sign(-0.3) == -1.0"),
	ROW("bitAnd", "(int, int) -> int", bit_and, AND_DOC, "bitAnd(5, 3) == 1"),
	ROW("bitAnd", "(uint, uint) -> uint", bit_and, AND_DOC, "bitAnd(5u, 3u) == 1u"),
	ROW("bitOr", "(int, int) -> int", bit_or, OR_DOC, "bitOr(1, 2) == 3"),
	ROW("bitOr", "(uint, uint) -> uint", bit_or, OR_DOC, "bitOr(1u, 2u) == 3u"),
	ROW("bitXor", "(int, int) -> int", bit_xor, XOR_DOC, "bitXor(3, 5) == 6"),
	ROW("bitXor", "(uint, uint) -> uint", bit_xor, XOR_DOC, "bitXor(3u, 5u) == 6u"),
	ROW("bitNot", "(int) -> int", bit_not, NOT_DOC, "bitNot(1) == -2"),
	ROW("bitNot", "(uint) -> uint", bit_not, NOT_DOC, "bitNot(0u) == 18446744073709551615u"),
	ROW("bitShiftLeft", "(int, int) -> int", shift_left, LEFT_DOC, "bitShiftLeft(1, 2) == 4"),
	ROW("bitShiftLeft", "(uint, int) -> uint", shift_left, LEFT_DOC,
	    "bitShiftLeft(1u, 2) == 4u"),
	ROW("bitShiftRight", "(int, int) -> int", shift_right, RIGHT_DOC,
	    "bitShiftRight(1024, 2) == 256"),
	ROW("bitShiftRight", "(uint, int) -> uint", shift_right, RIGHT_DOC,
	    "bitShiftRight(1024u, 2) == 256u"),
	{ 0 },
};
