/* Statements of SQL: each hole becomes a parameter. */

#include "place/internal.h"

/* The pieces of one statement. */
static bool read_statement(struct reader *reader, const struct flat *flat, struct sql_range range)
{
	size_t from = range.from;
	size_t first = flat_hole(flat, range.from), last = flat_hole(flat, range.to);
	for (size_t hole = first; hole < last; hole++) {
		size_t at = flat->holes[hole - flat->first_hole];
		reader_literal(reader, text_slice(flat->text, from, at));
		if (!reader_hole(reader, hole, RULE_PARAMETER))
			return false;
		from = at + 1;
	}
	reader_literal(reader, text_slice(flat->text, from, range.to));
	reader_end_unit(reader, flat_span(flat, range.from, range.to));
	return true;
}

static bool report(struct reader *reader, const struct flat *flat,
		   const struct sql_problem *problem)
{
	diag_at(reader->diags, flat_span(flat, problem->from, problem->to), problem->code, "%s",
		problem->message);
	if (problem->hint)
		diag_hint(reader->diags, "%s", problem->hint);
	return false;
}

bool sql_read(struct reader *reader, const struct node *node)
{
	struct flat flat;
	struct sql_problem problem;
	struct sql_ranges ranges;
	if (!flat_read(reader, node, &flat))
		return false;
	if (!sql_split(flat.text, reader->arena, &ranges, &problem))
		return report(reader, &flat, &problem);
	if (ranges.count == 0) {
		diag_at(reader->diags, node->span, RB0608, "there is no statement here");
		diag_hint(reader->diags, "Write one, as in: query: select 1");
		return false;
	}
	for (size_t i = 0; i < ranges.count; i++)
		if (!read_statement(reader, &flat, ranges.at[i]))
			return false;
	return true;
}

bool place_split(const struct source *source, struct arena *arena, struct statements *statements,
		 struct failure *failure)
{
	struct sql_problem problem;
	struct sql_ranges ranges;
	size_t nul = text_find(source->text, (struct text){ "", 1 }, 0);
	if (nul != SIZE_MAX) {
		*failure = (struct failure){ .class = "sql",
					     .message = "a NUL byte cannot stand in SQL",
					     .span = { source, (uint32_t)nul, (uint32_t)nul + 1 } };
		return false;
	}
	if (!sql_split(source->text, arena, &ranges, &problem)) {
		*failure = (struct failure){ .class = "sql",
					     .message = problem.message,
					     .hint = problem.hint,
					     .span = { source, (uint32_t)problem.from,
						       (uint32_t)problem.to } };
		return false;
	}
	struct statement *at = arena_array(arena, struct statement, ranges.count + 1);
	for (size_t i = 0; i < ranges.count; i++) {
		struct text text = text_slice(source->text, ranges.at[i].from, ranges.at[i].to);
		at[i].text = arena_copy(arena, text.ptr, text.len);
		at[i].span = (struct span){ source, (uint32_t)ranges.at[i].from,
					    (uint32_t)ranges.at[i].to };
	}
	*statements = (struct statements){ ranges.count, at };
	return true;
}
