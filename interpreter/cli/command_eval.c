/* eval: one expression over values that are given, for trying things. */

#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "expr/expr.h"

#define DOCUMENT_MAX (16u << 20) /* bytes of --json */

/* The names that the expression may use, and their values in the same order. */
struct names {
	struct type *type;
	LIST(struct value) values;
	struct arena *arena;
};

static void name_add(struct names *names, struct text name, struct value value)
{
	if (type_object_add(names->type, name, &type_dyn, (struct span){ 0 }, names->arena))
		*list_add(&names->values, names->arena) = value_mark(value, VALUE_OUTSIDE);
}

/* JSON, or else the text itself: 3 is an int, '"3"' and abc are strings. */
static struct value value_given(struct text text, struct arena *arena)
{
	struct json_error error;
	struct value value;
	return json_read(text, arena, &value, &error) ? value : value_string(text);
}

static bool add_set(struct cli *cli, struct names *names)
{
	for (size_t i = 0; i < cli->set.count; i++) {
		const char *word = cli->set.at[i];
		const char *equals = strchr(word, '=');
		if (!equals || equals == word) {
			cli_complain(cli, "Write NAME=VALUE, the value as JSON or as text.",
				     "'--set %s' is not NAME=VALUE", word);
			return false;
		}
		name_add(names, (struct text){ word, (size_t)(equals - word) },
			 value_given(text_of(equals + 1), cli->arena));
	}
	return true;
}

/* The fields of the map that a file holds. A name that --set gave stays. */
static bool add_json(struct cli *cli, struct names *names)
{
	struct text text;
	struct json_error error;
	struct value map, key, value;
	if (!cli->json)
		return true;
	int failed = file_read(AT_FDCWD, cli->json, DOCUMENT_MAX, cli->arena, &text);
	if (failed) {
		cli_complain(cli, NULL, "cannot read '%s': %s", cli->json, strerror(failed));
		return false;
	}
	if (!json_read(text, cli->arena, &map, &error)) {
		cli_complain(cli, NULL, "'%s' is not JSON at byte %zu: %s", cli->json,
			     error.offset + 1, error.message);
		return false;
	}
	if (!value_is(map, VALUE_MAP)) {
		cli_complain(cli, "Its fields become the names: {\"name\": value}.",
			     "'%s' does not hold a map", cli->json);
		return false;
	}
	for (size_t i = 0; value_entry_at(map, i, cli->arena, &key, &value); i++)
		name_add(names, value_text(key), value);
	return true;
}

static int fail(struct cli *cli, const struct expr *expr, struct value error, struct diags *diags)
{
	diags_init(diags, cli->arena);
	diag_at(diags, expr_span(expr, error.error->from, error.error->to), RB0502, "%s",
		error.error->message);
	if (error.error->hint)
		diag_hint(diags, "%s", error.error->hint);
	cli_print_diags(cli, diags);
	return EXIT_USAGE;
}

int command_eval(struct cli *cli)
{
	struct text text = text_of(cli->operands.at[0]);
	struct names names = { .type = type_object("name", true, cli->arena), .arena = cli->arena };
	struct expr_options options = { .names = names.type };
	struct diags diags;
	struct buffer out;

	diags_init(&diags, cli->arena);
	buffer_init(&out, cli->arena);
	if (!add_set(cli, &names) || !add_json(cli, &names))
		return EXIT_USAGE;
	int64_t now = clock_wall(&clock_system);
	name_add(&names, TEXT("now"), value_timestamp(now / NS_PER_S, (uint32_t)(now % NS_PER_S)));

	const struct source *source = source_wrap("expression", text, cli->arena);
	struct node node = node_scalar(source->text,
				       (struct span){ source, 0, (uint32_t)text.len });
	const struct expr *expr = expr_compile(&node, 0, text.len, &options, cli->arena, &diags);
	cli_print_diags(cli, &diags);
	if (!expr)
		return EXIT_USAGE;
	struct expr_scope scope = { .values = names.values.at,
				    .count = names.values.count,
				    .now = now };
	struct value value = expr_eval(expr, &scope, cli->arena);
	if (value_is(value, VALUE_ERROR))
		return fail(cli, expr, value, &diags);
	json_write(&out, value);
	buffer_putc(&out, '\n');
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}
