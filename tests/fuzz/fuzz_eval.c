/* Every expression ends within its limits, twice with the same value, and the value can be used. */
#include "fuzz.h"

/* What people see of it; of an error its message. */
static struct text shown(struct fuzz *fuzz, struct value value)
{
	struct buffer out;
	buffer_init(&out, &fuzz->arena);
	if (value.kind == VALUE_ERROR)
		buffer_puts(&out, value.error->message);
	else
		value_show(&out, value, 4096);
	return buffer_text(&out);
}

static void look_at(struct fuzz *fuzz, struct value value, size_t len)
{
	const char *why;
	struct text text;
	struct buffer json;

	if (value.kind == VALUE_ERROR) {
		REQUIRE(value.error->from <= value.error->to && value.error->to <= len);
		REQUIRE(text_is_utf8(text_of(value.error->message), NULL));
		return;
	}
	REQUIRE(text_equal(shown(fuzz, value), shown(fuzz, value_copy(value, &fuzz->arena))));
	if (value_to_text(value, &fuzz->arena, &text, &why))
		REQUIRE(text_is_utf8(text, NULL));
	buffer_init(&json, &fuzz->arena);
	if (!value_has_unknown(value)) {
		json_write(&json, value);
		REQUIRE(text_is_utf8(buffer_text(&json), NULL));
	}
}

/* Its parts stand in it, one behind the other. */
static void look_at_operand(struct fuzz *fuzz, const struct expr_operand *operand, size_t len)
{
	uint32_t at = operand->from;

	REQUIRE(operand->to <= len && operand->count > 0);
	for (size_t i = 0; i < operand->count; i++) {
		REQUIRE(operand->parts[i].from >= at &&
			operand->parts[i].from <= operand->parts[i].to);
		at = operand->parts[i].to;
		look_at(fuzz, operand->parts[i].value, len);
	}
	REQUIRE(at <= operand->to);
	if (operand->wanted)
		look_at(fuzz, operand->expected, len);
}

static void evaluate(struct fuzz *fuzz, struct text text, bool unchecked)
{
	const struct expr_operand *operands;

	fuzz->options.unchecked = unchecked;
	diags_init(&fuzz->diags, &fuzz->arena);
	const struct expr *expr = expr_compile(&fuzz->node, 0, text.len, &fuzz->options,
					       &fuzz->arena, &fuzz->diags);
	if (!expr)
		return;
	struct value first = expr_eval(expr, &fuzz->scope, &fuzz->arena);
	struct value second = expr_eval(expr, &fuzz->scope, &fuzz->arena);
	look_at(fuzz, first, text.len);
	REQUIRE(first.kind == second.kind &&
		(first.flags & VALUE_TAINT) == (second.flags & VALUE_TAINT));
	REQUIRE(text_equal(shown(fuzz, first), shown(fuzz, second)));
	size_t count = expr_explain(expr, &fuzz->scope, &fuzz->arena, &operands);
	REQUIRE(count > 0);
	for (size_t i = 0; i < count; i++)
		look_at_operand(fuzz, &operands[i], text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz;
	struct text text = fuzz_text(data, size);

	/* Documents are UTF-8 before an expression is read from them. */
	if (!text_is_utf8(text, NULL))
		return 0;
	fuzz_init(&fuzz, text);
	evaluate(&fuzz, text, false);
	evaluate(&fuzz, text, true);
	fuzz_done(&fuzz);
	return 0;
}
