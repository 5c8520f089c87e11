/*
 * Doubles as text: the fewest digits that read back as the same number, laid out as ECMAScript's
 * Number::toString does (ECMA-262 section 6.1.6.1.20). setlocale is never called, so that printf
 * and strtod mean the same in every environment.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "value/internal.h"

#define DIGITS 17 /* always enough */

struct decimal {
	char digits[DIGITS + 1]; /* without a zero at the end */
	int count;
	int point; /* the number is 0.DIGITS times ten to this power */
};

/* Below a power of two doubles are twice as dense as above: there the nearest text of so many
 * digits may not read back while the next one above does. */
static bool reads_back(char *text, char *last, double real)
{
	int exponent;

	if (strtod(text, NULL) == real)
		return true;
	if (frexp(real, &exponent) != 0.5 || *last == '9')
		return false;
	++*last;
	return strtod(text, NULL) == real;
}

/* Whether so many digits read back as the number; fills *decimal. real: finite, above 0. */
static bool try_digits(double real, int count, struct decimal *decimal)
{
	char text[DIGITS + 16];
	char *exponent;
	bool good;

	snprintf(text, sizeof(text), "%.*e", count - 1, real);
	exponent = strchr(text, 'e') + 1;
	good = reads_back(text, exponent - 2, real);
	decimal->digits[0] = text[0];
	memcpy(decimal->digits + 1, text + 2, (size_t)count - 1);
	while (count > 1 && decimal->digits[count - 1] == '0')
		count--;
	decimal->count = count;
	decimal->digits[count] = '\0';
	decimal->point = (int)strtol(exponent, NULL, 10) + 1;
	return good;
}

/* Whatever was written with up to 15 digits comes back with 15, except where numbers are so small
 * that they have fewer. */
static void shortest(double real, struct decimal *decimal)
{
	int count = real < DBL_MIN ? 1 : DBL_DIG;

	while (!try_digits(real, count, decimal))
		count++;
}

static void put_zeros(struct buffer *out, int count)
{
	for (int i = 0; i < count; i++)
		buffer_putc(out, '0');
}

static void lay_out(struct buffer *out, const struct decimal *decimal)
{
	int count = decimal->count;
	int point = decimal->point;

	if (count <= point && point <= 21) {
		buffer_puts(out, decimal->digits);
		put_zeros(out, point - count);
	} else if (0 < point && point <= 21) {
		buffer_printf(out, "%.*s.%s", point, decimal->digits, decimal->digits + point);
	} else if (-6 < point && point <= 0) {
		buffer_puts(out, "0.");
		put_zeros(out, -point);
		buffer_puts(out, decimal->digits);
	} else {
		buffer_printf(out, "%c%s%se%+d", decimal->digits[0], count > 1 ? "." : "",
			      decimal->digits + 1, point - 1);
	}
}

void value_write_double(struct buffer *out, double real)
{
	struct decimal decimal;

	if (isnan(real)) {
		buffer_puts(out, "NaN");
		return;
	}
	if (signbit(real))
		buffer_putc(out, '-');
	real = fabs(real);
	if (isinf(real)) {
		buffer_puts(out, "Infinity");
	} else if (real == 0) {
		buffer_putc(out, '0');
	} else {
		shortest(real, &decimal);
		lay_out(out, &decimal);
	}
}
