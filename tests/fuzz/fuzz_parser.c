/* Any bytes are an expression or a complaint within them; the same in both modes each time. */
#include "fuzz.h"

static const struct expr *compile(struct fuzz *fuzz, struct text text, bool unchecked)
{
	fuzz->options.unchecked = unchecked;
	diags_init(&fuzz->diags, &fuzz->arena);
	const struct expr *expr = expr_compile(&fuzz->node, 0, text.len, &fuzz->options,
					       &fuzz->arena, &fuzz->diags);
	REQUIRE(expr ? fuzz->diags.errors == 0 : fuzz->diags.errors > 0);
	for (const struct diag *diag = fuzz->diags.first; diag; diag = diag->next) {
		REQUIRE(diag->span.from <= diag->span.to);
		REQUIRE(diag->span.to <= text.len);
	}
	return expr;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz;
	struct text text = fuzz_text(data, size);
	size_t count;

	fuzz_init(&fuzz, text);
	const struct expr *checked = compile(&fuzz, text, false);
	const struct expr *unchecked = compile(&fuzz, text, true);
	/* The checker refuses some of what could run; it never takes more. */
	REQUIRE(!checked || unchecked);
	if (checked) {
		const struct expr_reference *all = expr_references(checked, &count);
		for (size_t i = 0; i < count; i++) {
			REQUIRE(all[i].count > 0);
			REQUIRE(all[i].from < all[i].to && all[i].to <= text.len);
		}
		REQUIRE(expr_type(checked) != NULL);
	}
	fuzz_done(&fuzz);
	return 0;
}
