/* A text with interpolations falls into pieces that cover it in order, and becomes a string. */
#include "fuzz.h"

static void look_at(struct fuzz *fuzz, const struct template *template, struct text text)
{
	const struct expr *at = NULL;
	struct text constant;
	size_t end = 0;

	for (size_t i = 0; i < template->count; i++) {
		const struct template_piece *piece = &template->pieces[i];
		REQUIRE(piece->from == end && piece->to > piece->from && piece->to <= text.len);
		end = piece->to;
	}
	REQUIRE(end == text.len);
	REQUIRE(!template->sole || template->count == 1);
	struct value value = template_eval(template, &fuzz->scope, &fuzz->arena, &at);
	if (value.kind == VALUE_ERROR)
		REQUIRE(value.error->message);
	else if (!template->sole && value.kind != VALUE_UNKNOWN)
		REQUIRE(value.kind == VALUE_STRING);
	if (template_constant(template, &constant))
		REQUIRE(value.kind == VALUE_STRING && text_equal(value_text(value), constant));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz;
	struct text text = fuzz_text(data, size);

	/* A scalar of a document is UTF-8. */
	if (!text_is_utf8(text, NULL))
		return 0;
	fuzz_init(&fuzz, text);
	const struct template *template = template_read(&fuzz.node, &fuzz.options, &fuzz.arena,
							&fuzz.diags);
	REQUIRE(template ? fuzz.diags.errors == 0 : fuzz.diags.errors > 0);
	if (template)
		look_at(&fuzz, template, text);
	fuzz_done(&fuzz);
	return 0;
}
