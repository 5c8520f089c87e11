/* The digest of a plan changes when and only when a document changes. */
#include "support.h"

struct digest {
	char hex[SHA256_HEX];
};

static struct digest digest(struct desk *desk, const char *name)
{
	struct digest digest;
	assert_non_null(desk_make(desk, name));
	memcpy(digest.hex, plan_digest(desk->plan, &desk->arena).plan, sizeof(digest.hex));
	assert_int_equal(strlen(digest.hex), 64);
	return digest;
}

static void lay(struct desk *desk)
{
	desk_put(desk, "main.yaml",
		 "runbook: 1\nname: Test\ninclude: [./part.yaml]\nimport: [std/compose]\n"
		 "steps: [{call: a/x.yaml}, {call: b/x.yaml}]\n");
	desk_put(desk, "part.yaml", "fragment: 1\nvars: {a: 1}\n");
	desk_put(desk, "a/x.yaml", "runbook: 1\nname: A\nsteps: [{say: a}]\n");
	desk_put(desk, "b/x.yaml", "runbook: 1\nname: B\nsteps: [{say: b}]\n");
}

static void the_same_documents_have_the_same_digest(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	struct digest first = digest(desk, "main.yaml");
	assert_string_equal(digest(desk, "main.yaml").hex, first.hex);
	assert_string_equal(digest(desk, "./main.yaml").hex, first.hex);
	/* What no document reads does not count. */
	desk_put(desk, "other.yaml", "runbook: 1\n");
	assert_string_equal(digest(desk, "main.yaml").hex, first.hex);
	/* Nor does the name of the document itself. */
	for (size_t i = 0; i < desk->files.count; i++)
		if (strcmp(desk->files.at[i].path, "/desk/main.yaml") == 0)
			desk_put(desk, "renamed.yaml", desk->files.at[i].text);
	assert_string_equal(digest(desk, "renamed.yaml").hex, first.hex);
}

static void a_change_of_any_document_changes_it(void **state)
{
	struct desk *desk = *state;
	static const char *const changes[][2] = {
		{ "main.yaml", "runbook: 1\nname: Test\ninclude: [./part.yaml]\n"
			       "import: [std/compose]\n"
			       "steps: [{call: a/x.yaml}, {call: b/x.yaml}] # changed\n" },
		{ "part.yaml", "fragment: 1\nvars: {a: 2}\n" },
		{ "a/x.yaml", "runbook: 1\nname: A\nsteps: [{say: A}]\n" },
		{ "b/x.yaml", "runbook: 1\nname: B\nsteps: [{say: b}]\n\n" },
	};
	lay(desk);
	struct digest first = digest(desk, "main.yaml");
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		lay(desk);
		desk_put(desk, changes[i][0], changes[i][1]);
		assert_string_not_equal(digest(desk, "main.yaml").hex, first.hex);
	}
}

static void documents_that_change_places_change_it(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	struct digest first = digest(desk, "main.yaml");
	desk_put(desk, "a/x.yaml", "runbook: 1\nname: B\nsteps: [{say: b}]\n");
	desk_put(desk, "b/x.yaml", "runbook: 1\nname: A\nsteps: [{say: a}]\n");
	assert_string_not_equal(digest(desk, "main.yaml").hex, first.hex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(the_same_documents_have_the_same_digest),
		DESK(a_change_of_any_document_changes_it),
		DESK(documents_that_change_places_change_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
