/* Every table of the format: its invariants, its examples, and that each row is used by a test. */
#include <dirent.h>
#include <fcntl.h>

#include "plan/internal.h"
#include "support.h"

static void every_table_keeps_its_invariants(void **state)
{
	struct desk *desk = *state;
	for (const struct plan_table *table = plan_tables; table->name; table++) {
		const char *breach = field_check_table(table->rows, &desk->arena);
		if (breach)
			fail_msg("%s: %s", table->name, breach);
		assert_int_equal(table->summary[strlen(table->summary) - 1], '.');
	}
}

static void no_field_is_named_like_a_verb_or_a_key_of_all_steps(void **state)
{
	(void)state;
	for (const struct step_type *const *type = step_types; *type; type++) {
		assert_false(step_is_key(text_of((*type)->name)));
		for (const struct field *row = (*type)->fields; row->name; row++)
			if (step_type_find(text_of(row->name)) || step_is_key(text_of(row->name)))
				fail_msg("field '%s' of %s", row->name, (*type)->name);
	}
}

static void keys_are_known_by_their_names(void **state)
{
	const char *names[64];
	(void)state;
	size_t all = step_key_names(names, false);
	for (size_t i = 0; i < all; i++)
		assert_true(step_is_key(text_of(names[i])));
	size_t some = step_key_names(names, true);
	assert_true(some < all);
	for (size_t i = 0; i < some; i++) {
		assert_true(structure_is_key(text_of(names[i])));
		assert_true(step_is_key(text_of(names[i])));
	}
	assert_false(step_is_key(TEXT("nam")));
	assert_false(structure_is_key(TEXT("retry")));
}

static void every_example_is_a_step(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "called.yaml", "runbook: 1\nname: Called\nsteps: [{say: a}]\n");
	for (const struct step_type *const *type = step_types; *type; type++) {
		assert_non_null((*type)->example);
		desk_plan(desk, arena_format(&desk->arena, "steps:\n%s\n", (*type)->example));
		if (*desk_told(desk))
			fail_msg("%s: %s", (*type)->name, desk_told(desk));
		const struct plan_node *node = desk_node(desk, "1");
		assert_ptr_equal(node->type, *type);
	}
}

/* ---- rows and tests ------------------------------------------------------------------------ */

/* All documents of the tests and of the runbooks, one behind the other. */
static void gather(struct buffer *out, const char *folder)
{
	DIR *all = opendir(folder);
	assert_non_null(all);
	for (struct dirent *entry; (entry = readdir(all));) {
		const char *path = file_join(folder, entry->d_name, out->arena);
		struct text text;
		if (entry->d_name[0] == '.')
			continue;
		if (entry->d_type == DT_DIR)
			gather(out, path);
		else if ((text_ends(text_of(path), ".yaml") || text_ends(text_of(path), ".c")) &&
			 file_read(AT_FDCWD, path, 4u << 20, out->arena, &text) == 0)
			buffer_add(out, text);
	}
	closedir(all);
}

static bool is_name(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* Whether a key may begin here; "\\n" of a text in C is a line end. */
static bool begins(struct text documents, size_t at)
{
	return at > 0 &&
	       (!is_name(documents.ptr[at - 1]) ||
		(at > 1 && documents.ptr[at - 1] == 'n' && documents.ptr[at - 2] == '\\'));
}

static bool occurs(struct text documents, const char *key)
{
	size_t len = strlen(key);
	for (size_t at = 0; (at = text_find(documents, text_of(key), at)) != SIZE_MAX; at += len)
		if (begins(documents, at) && at + len < documents.len &&
		    documents.ptr[at + len] == ':')
			return true;
	return false;
}

static void assert_occur(struct text documents, const char *table, const struct field *rows)
{
	for (const struct field *row = rows; row->name; row++) {
		if (!occurs(documents, row->name))
			fail_msg("no document of a test has '%s' of %s", row->name, table);
		if (row->rows)
			assert_occur(documents, row->name, row->rows);
	}
}

static void every_row_occurs_in_a_document_of_a_test(void **state)
{
	struct desk *desk = *state;
	struct buffer documents;
	buffer_init(&documents, &desk->arena);
	gather(&documents, "tests");
	gather(&documents, "runbooks");
	assert_false(occurs(buffer_text(&documents), "no_such_"
						     "key"));
	for (const struct plan_table *table = plan_tables; table->name; table++)
		assert_occur(buffer_text(&documents), table->name, table->rows);
	for (const struct step_type *const *type = step_types; *type; type++) {
		bool main_only = (*type)->fields[1].name == NULL;
		if (!main_only)
			assert_occur(buffer_text(&documents), (*type)->name,
				     (*type)->fields + 1); /* the first is the verb's text */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(every_table_keeps_its_invariants),
		DESK(no_field_is_named_like_a_verb_or_a_key_of_all_steps),
		DESK(keys_are_known_by_their_names),
		DESK(every_example_is_a_step),
		DESK(every_row_occurs_in_a_document_of_a_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
