/* Keys of a map that look like others, and those that stand twice. */
#include "base/map.h"
#include "source/internal.h"

#define SOFT_HYPHEN 0xad

/* ---- characters that nobody sees ---- */

static bool is_visible(int32_t code_point)
{
	return code_point < 0x80 || (char_is_safe(code_point) && !char_is_odd_blank(code_point) &&
				     code_point != SOFT_HYPHEN);
}

static const char *invisible_name(int32_t code_point)
{
	if (code_point == 0x200b)
		return "a zero-width space";
	if (code_point == 0xa0)
		return "a no-break space";
	return char_is_odd_blank(code_point) ? "an odd blank" : "an invisible character";
}

static const char *visible_part(struct text key, struct arena *arena)
{
	struct buffer out;

	buffer_init(&out, arena);
	for (size_t offset = 0; offset < key.len;) {
		size_t start = offset;

		if (is_visible(text_next(key, &offset)))
			buffer_add(&out, text_slice(key, start, offset));
	}
	return buffer_string(&out);
}

void key_check_characters(struct text key, struct span span, struct diags *diags)
{
	for (size_t offset = 0; offset < key.len;) {
		int32_t code_point = text_next(key, &offset);

		if (is_visible(code_point))
			continue;
		diag_at(diags, span, RB0013, "key '%.*s' contains U+%04X, %s", TEXT_ARG(key),
			(unsigned)code_point, invisible_name(code_point));
		diag_hint(diags, "Write the key again by hand: %s",
			  visible_part(key, diags->arena));
		return;
	}
}

/* ---- the same key twice ---- */

#define FEW_KEYS 12 /* up to here comparing each with each is faster than a table */

void diag_duplicate(struct diags *diags, struct text key, struct span first, struct span second)
{
	diag_at(diags, second, RB0049, "duplicate key '%s'", text_shown(key, diags->arena));
	diag_note(diags, first, "the first stands here");
	diag_hint(diags, "Remove one of them, or give it the name that was meant.");
}

static void check_few(const struct entry *entries, uint32_t count, struct diags *diags)
{
	for (uint32_t i = 1; i < count; i++) {
		uint32_t j = 0;

		while (j < i && !text_equal(entries[j].key.text, entries[i].key.text))
			j++;
		if (j < i)
			diag_duplicate(diags, entries[i].key.text, entries[j].key.span,
				       entries[i].key.span);
	}
}

static void check_many(struct entry *entries, uint32_t count, struct arena *scratch,
		       struct diags *diags)
{
	struct map map;

	map_init(&map, scratch);
	for (uint32_t i = 0; i < count; i++) {
		const struct node *first = map_get(&map, entries[i].key.text);

		if (first)
			diag_duplicate(diags, first->text, first->span, entries[i].key.span);
		else
			map_set(&map, entries[i].key.text, &entries[i].key);
	}
}

void keys_check_unique(struct entry *entries, uint32_t count, struct arena *scratch,
		       struct diags *diags)
{
	if (count <= FEW_KEYS)
		check_few(entries, count, diags);
	else
		check_many(entries, count, scratch, diags);
}
