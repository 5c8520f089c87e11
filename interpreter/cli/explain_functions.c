/* explain FUNCTION, explain functions: the tables of the expression language. */

#include <string.h>
#include <unistd.h>

#include "cli/explain.h"
#include "expr/expr.h"
#include "report/report.h"

static bool told_together(const struct function *row, const struct function *next)
{
	return next->name && strcmp(row->name, next->name) == 0 && strcmp(row->doc, next->doc) == 0;
}

/* Rows of one name and one sentence, from row on; gives the one behind them. */
static const struct function *put_rows(struct buffer *out, const struct function *row)
{
	const struct function *end = row + 1;
	while (told_together(row, end))
		end++;
	for (const struct function *at = row; at < end; at++)
		buffer_printf(out, "%s\n", function_form(at, out->arena));
	struct buffer doc;
	buffer_init(&doc, out->arena);
	report_text(&doc, row->doc, report_width(STDOUT_FILENO) - 2);
	struct text rest = buffer_text(&doc);
	while (rest.len) {
		size_t line_end = text_find(rest, TEXT("\n"), 0);
		buffer_printf(out, "  %.*s\n", TEXT_ARG(text_slice(rest, 0, line_end)));
		rest = text_slice(rest, line_end + 1, rest.len);
	}
	for (const struct function *at = row; at < end; at++)
		buffer_printf(out, "    %s\n", at->example);
	return end;
}

static void put_library(struct buffer *out, const struct function_library *library)
{
	explain_gap(out);
	buffer_printf(out, "%s: %s\n", library->name, library->title);
	for (const struct function *row = library->rows; row->name;) {
		buffer_putc(out, '\n');
		row = put_rows(out, row);
	}
}

static void put_limits(struct buffer *out)
{
	const char *text = arena_format(
		out->arena,
		"%u steps and %u MiB. A step is a part of the expression, an item, or 16 bytes of "
		"text that "
		"is looked at. sort() of 100000 texts takes 1000000 steps and 8 MiB: several such "
		"go into "
		"one expression. More is an error, which || and && do not absorb.",
		(unsigned)EXPR_FUEL, (unsigned)(EXPR_MEMORY >> 20));
	buffer_puts(out, "limits: What one evaluation may use\n\n");
	report_text(out, text, report_width(STDOUT_FILENO));
}

void explain_functions(struct explaining *explaining)
{
	const struct function_library *library;
	if (!explain_is(explaining, "functions"))
		return;
	put_limits(&explaining->out);
	for (size_t i = 0; (library = function_library(i)); i++)
		put_library(&explaining->out, library);
}

/* "string.trim": a function behind the type that it is called on. */
static const char *dotted_name(const struct function *row, struct arena *arena)
{
	const char *form = function_form(row, arena);
	struct buffer out;
	int depth = 0;
	buffer_init(&out, arena);
	for (; *form && !(*form == '(' && text_ends(buffer_text(&out), row->name)); form++) {
		depth -= *form == ')';
		if (depth == 0 && *form != '(' && *form != ')')
			buffer_putc(&out, *form);
		depth += *form == '(';
	}
	return buffer_string(&out);
}

/* By its name, behind its type, and by what stands behind the dot of its name. */
static bool is_named(struct explaining *explaining, const struct function *row)
{
	const char *dot = strrchr(row->name, '.');
	bool named = explain_is(explaining, row->name);
	named = explain_is(explaining, dotted_name(row, explaining->cli->arena)) || named;
	return (dot && explain_is(explaining, dot + 1)) || named;
}

void explain_function(struct explaining *explaining)
{
	const struct function_library *library;
	for (size_t i = 0; (library = function_library(i)); i++)
		for (const struct function *row = library->rows; row->name;) {
			if (!is_named(explaining, row)) {
				row++;
				continue;
			}
			explain_gap(&explaining->out);
			row = put_rows(&explaining->out, row);
		}
}
