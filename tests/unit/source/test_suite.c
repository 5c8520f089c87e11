/*
 * The public YAML test suite: a document of the profile is read as its JSON says or refused for a
 * reason that is named here; an invalid one is refused; nothing is read as something else.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "unit/source/support.h"

#include "base/file.h"
#include "base/list.h"
#include "value/value.h"

#define SUITE "../shared/yaml-test-suite"
#define FILE_MAX (1u << 20)

/* Valid documents of the profile that are refused, each with its code and the reason. */
static const struct refusal {
	const char *id;
	const char *code;
	const char *reason;
} refusals[] = {
	{ "3MYT", "RB0031", "k:#foo at the root looks like a key without a blank" },
	{ "4ABK", "RB0031", "libyaml refuses ':,'" },
	{ "4MUZ-00", "RB0061", "libyaml refuses a colon on another line than its key" },
	{ "4MUZ-01", "RB0061", "libyaml refuses a colon on another line than its key" },
	{ "4MUZ-02", "RB0061", "libyaml refuses a colon on another line than its key" },
	{ "58MP", "RB0047", "libyaml refuses a text in brackets that begins with ':'" },
	{ "5MUD", "RB0061", "as 4MUZ" },
	{ "5T43", "RB0047", "as 58MP" },
	{ "5WE3", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "652Z", "RB0047", "libyaml drops the '?'" },
	{ "6BCT", "RB0020", "libyaml refuses a tab behind '-'" },
	{ "7W2P", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "9SA2", "RB0061", "libyaml refuses a key over several lines" },
	{ "A2M4", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "CT4Q", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "DBG4", "RB0047", "as 58MP" },
	{ "DK3J", "RB0059", "libyaml refuses a block text at the root without indentation" },
	{ "FP8R", "RB0059", "as DK3J" },
	{ "GH63", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "HM87-00", "RB0047", "as 58MP" },
	{ "HM87-01", "RB0047", "as 652Z" },
	{ "JEF9-02", "RB0048", "libyaml reads another text" },
	{ "JTV5", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "K3WX", "RB0061", "as 4MUZ" },
	{ "L24T-01", "RB0048", "libyaml reads another text" },
	{ "NJ66", "RB0061", "as 9SA2" },
	{ "RR7F", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "S9E8", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "VJP3-01", "RB0061", "as 4MUZ" },
	{ "X8DW", "RB0038", "keys that begin with '?' are out of the profile" },
	{ "Y79Y-010", "RB0020", "as 6BCT" },
};

static struct text read_file(const char *id, const char *kind, struct arena *arena)
{
	struct text text = { NULL, 0 };

	file_read(AT_FDCWD, arena_format(arena, SUITE "/%s.%s", id, kind), FILE_MAX, arena, &text);
	return text;
}

/* ---- is a node what the JSON says? --------------------------------------------------------- */
/* Typing is left to the tables, so a plain text may be anything. */

static bool is_one_of(struct text text, const char *const *words)
{
	for (; *words; words++) {
		if (text_is(text, *words))
			return true;
	}
	return false;
}

static bool same_number(const struct node *node, double number)
{
	char *end;
	double read = strtod(node->text.ptr, &end);

	if (text_starts(node->text, "0o")) /* strtod knows 0x, but not 0o */
		read = (double)strtoll(node->text.ptr + 2, &end, 8);
	return node->text.len > 0 && !*end && read == number;
}

static bool same_scalar(const struct node *node, struct value value)
{
	static const char *const nulls[] = { "", "~", "null", NULL };
	static const char *const truths[2][3] = { { "false", "False" }, { "true", "True" } };

	if (value.kind == VALUE_STRING)
		return text_equal(node->text, (struct text){ value.bytes, value.len });
	if (node->style != STYLE_PLAIN)
		return false;
	if (value.kind == VALUE_NULL)
		return is_one_of(node->text, nulls);
	if (value.kind == VALUE_BOOL)
		return is_one_of(node->text, truths[value.boolean]);
	return same_number(node, value.kind == VALUE_INT ? (double)value.integer : value.real);
}

static bool same(const struct node *node, struct value value);

static bool same_list(const struct node *node, const struct value_list *list)
{
	if (node->count != list->count)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!same(&node->items[i], list->items[i]))
			return false;
	}
	return true;
}

static bool same_map(const struct node *node, const struct value_map *map)
{
	if (node->count != map->count)
		return false;
	for (size_t i = 0; i < map->count; i++) {
		const struct node *found = node_get(
			node, strndupa(map->entries[i].key.bytes, map->entries[i].key.len));

		if (!found || !same(found, map->entries[i].value))
			return false;
	}
	return true;
}

static bool same(const struct node *node, struct value value)
{
	if (node->kind == NODE_LIST)
		return value.kind == VALUE_LIST && same_list(node, value.list);
	if (node->kind == NODE_MAP)
		return value.kind == VALUE_MAP && same_map(node, value.map);
	return value.kind != VALUE_LIST && value.kind != VALUE_MAP && same_scalar(node, value);
}

/* ---- one document ---- */

static const struct refusal *find_refusal(const char *id)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (strcmp(refusals[i].id, id) == 0)
			return &refusals[i];
	}
	return NULL;
}

/* One row of INDEX.tsv. */
struct row {
	const char *id;
	bool is_valid;
	bool has_json;
	bool in_profile;
};

/* What is wrong with how a document was read, or NULL. */
static const char *judge_good(const struct row *row, struct reading *reading)
{
	struct text json = read_file(row->id, "json", &reading->arena);
	struct json_error error;
	struct value value;

	if (!row->is_valid)
		return "an invalid document is accepted";
	if (find_refusal(row->id))
		return "is read, though this test names it as refused";
	if (!row->has_json)
		return NULL;
	if (!json_read(text_trim(json), &reading->arena, &value, &error))
		return error.message;
	return same(&reading->root, value) ? NULL : "is read as something else";
}

static const char *judge_refused(const struct row *row, struct reading *reading)
{
	const struct refusal *refusal = find_refusal(row->id);

	if (!row->is_valid || !row->in_profile)
		return NULL;
	if (!refusal)
		return "a document of the profile is refused";
	if (strcmp(diag_info(reading->diags.first->code)->name, refusal->code) != 0)
		return "is refused with another code than this test names";
	return NULL;
}

static bool check_row(const struct row *row)
{
	struct reading reading;
	struct arena arena;
	const char *wrong;

	arena_init(&arena);
	reading_init(&reading, read_file(row->id, "yaml", &arena));
	wrong = reading.is_good ? judge_good(row, &reading) : judge_refused(row, &reading);
	if (wrong)
		print_error("%s %s\n%s\n", row->id, wrong, reading_shown(&reading));
	reading_done(&reading);
	arena_done(&arena);
	return wrong == NULL;
}

/* ---- all of them ---- */

static bool read_row(char *line, struct row *row)
{
	char *columns[8];

	for (size_t i = 0; i < 8; i++)
		columns[i] = strsep(&line, "\t");
	if (!columns[4] || columns[0][0] == '#')
		return false;
	row->id = columns[0];
	row->is_valid = strcmp(columns[1], "valid") == 0;
	row->has_json = strcmp(columns[2], "json") == 0;
	row->in_profile = strcmp(columns[4], "in-profile") == 0;
	return true;
}

static void test_suite(void **state)
{
	struct arena arena;
	struct text index;
	unsigned wrong = 0, seen = 0;
	struct row row;

	(void)state;
	arena_init(&arena);
	if (file_read(AT_FDCWD, SUITE "/INDEX.tsv", FILE_MAX, &arena, &index)) {
		print_message("the YAML test suite is not at " SUITE "\n");
		arena_done(&arena);
		skip();
	}
	for (char *rest = arena_string(&arena, index.ptr), *line; (line = strsep(&rest, "\n"));) {
		if (!read_row(line, &row))
			continue;
		wrong += !check_row(&row);
		seen++;
	}
	arena_done(&arena);
	assert_true(seen > 300);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suite),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
