/* Regular expressions: cel-go's library, and find as Kubernetes has it. */
#include "base/list.h"
#include "expr/functions.h"

const struct regex *function_pattern(struct function_call *call, struct value pattern,
				     struct value *error)
{
	const char *reason;
	size_t offset;

	if (call->regex)
		return call->regex;
	if (call->latest && text_equal(call->pattern, value_text(pattern)))
		return call->latest;
	call->latest = regex_compile(value_text(pattern), call->arena, &reason, &offset);
	call->pattern = value_text(pattern);
	if (!call->latest) {
		*error = function_fail(call, "the pattern cannot be used: %s, at its character %zu",
				       reason, offset + 1);
		return NULL;
	}
	if (function_burn(call, regex_size(call->latest) / 16))
		return call->latest;
	*error = function_limit(call, "the expression takes too many regular expressions");
	return NULL;
}

int function_match(struct function_call *call, const struct regex *regex, struct text subject,
		   size_t from, const struct match_groups *groups, struct value *error)
{
	const char *reason;
	int found;

	if (!function_burn(call, 1)) {
		*error = function_limit(call, "the expression takes too many steps");
		return -1;
	}
	found = regex_match(regex, subject, from, groups, &call->fuel, &reason);
	if (found < 0)
		*error = function_limit(call, reason);
	return found;
}

#define GROUPS 10 /* that a replacement can name: \0 to \9 */

/* Searches a text from the left, match by match. As in RE2, an empty match right behind the one
 * before is none. */
struct search {
	struct function_call *call;
	const struct regex *regex;
	struct text subject;
	size_t from; /* where to search on; behind the end: nowhere */
	size_t last; /* where the match before ended, or SIZE_MAX */
	struct text groups[GROUPS];
};

static bool search_start(struct search *search, struct function_call *call,
			 const struct value *args, struct value *error)
{
	*search = (struct search){ .call = call, .subject = value_text(args[0]), .last = SIZE_MAX };
	search->regex = function_pattern(call, args[1], error);
	return search->regex;
}

static size_t group_start(const struct search *search)
{
	return (size_t)(search->groups[0].ptr - (search->subject.ptr ? search->subject.ptr : ""));
}

/* 1: the next match is in groups; 0: there is none; -1: *error. */
static int search_next(struct search *search, struct value *error)
{
	const struct match_groups groups = { search->groups, GROUPS };

	while (search->from <= search->subject.len) {
		int found = function_match(search->call, search->regex, search->subject,
					   search->from, &groups, error);
		size_t start;

		if (found <= 0)
			return found;
		start = group_start(search);
		search->from = start + search->groups[0].len;
		if (search->groups[0].len > 0) {
			search->last = search->from;
			return 1;
		}
		if (search->from < search->subject.len)
			text_next(search->subject, &search->from);
		else
			search->from++;
		if (start == search->last)
			continue;
		search->last = start;
		return 1;
	}
	return 0;
}

/* ---- replacing ----------------------------------------------------------------------------- */

/* Whether a backslash stands only before a digit, of a group that is there, or a backslash. */
static bool check_replacement(struct function_call *call, struct text replacement, size_t groups,
			      struct value *error)
{
	for (size_t i = 0; i < replacement.len; i++) {
		char next;

		if (replacement.ptr[i] != '\\')
			continue;
		next = ++i < replacement.len ? replacement.ptr[i] : '\0';
		if (next >= '0' && next <= '9' && (size_t)(next - '0') > groups) {
			*error = function_fail(call,
					       "the replacement names group %c, but there are %zu",
					       next, groups);
			return false;
		}
		if (next != '\\' && (next < '0' || next > '9')) {
			*error = function_fail(call,
					       "in a replacement a digit or another backslash "
					       "stands behind a backslash");
			return false;
		}
	}
	return true;
}

static void write_replacement(struct buffer *out, struct text replacement,
			      const struct text *groups)
{
	for (size_t i = 0; i < replacement.len; i++) {
		if (replacement.ptr[i] != '\\')
			buffer_putc(out, replacement.ptr[i]);
		else if (replacement.ptr[++i] == '\\')
			buffer_putc(out, '\\');
		else
			buffer_add(out, groups[replacement.ptr[i] - '0']);
	}
}

FUNCTION(replace)
{
	int64_t left = count > 3 ? args[3].integer : -1;
	size_t copied = 0;
	struct search search;
	struct value error;
	struct buffer out;
	int found = 0;

	if (!search_start(&search, call, args, &error) ||
	    !check_replacement(call, value_text(args[2]), regex_groups(search.regex), &error))
		return error;
	buffer_init(&out, call->arena);
	for (; left != 0 && (found = search_next(&search, &error)) > 0; left--) {
		size_t before = out.len;

		buffer_add(&out, text_slice(search.subject, copied, group_start(&search)));
		write_replacement(&out, value_text(args[2]), search.groups);
		copied = group_start(&search) + search.groups[0].len;
		if (!function_afford(call, (out.len - before) / 16, &error))
			return error;
	}
	if (found < 0)
		return error;
	buffer_add(&out, text_slice(search.subject, copied, search.subject.len));
	return value_string(buffer_text(&out));
}

/* ---- finding ------------------------------------------------------------------------------- */

static bool extract_start(struct search *search, struct function_call *call,
			  const struct value *args, struct value *error)
{
	if (!search_start(search, call, args, error))
		return false;
	if (regex_groups(search->regex) <= 1)
		return true;
	*error = function_fail(call, "the regular expression has more than one group; "
				     "write (?:...) for those that are not wanted");
	return false;
}

/* What of a match is wanted: its group, if the expression has one. False: that is empty. */
static bool wanted(const struct search *search, struct text *text)
{
	bool group = regex_groups(search->regex) > 0;

	*text = search->groups[group];
	return !group || text->len > 0;
}

FUNCTION(extract)
{
	struct search search;
	struct value error;
	struct value item;
	struct text text;
	int found;

	if (!extract_start(&search, call, args, &error))
		return error;
	found = search_next(&search, &error);
	if (found < 0)
		return error;
	if (found == 0 || !wanted(&search, &text))
		return value_optional(NULL, call->arena);
	item = value_string(text);
	return value_optional(&item, call->arena);
}

/* A list of what take gives of up to limit matches. */
static struct value collect(struct search *search, int64_t limit,
			    bool (*take)(const struct search *search, struct text *text))
{
	LIST(struct value) items = { 0 };
	struct value error;
	struct text text;
	int found = 0;

	for (; limit != 0 && (found = search_next(search, &error)) > 0; limit--)
		if (take(search, &text))
			*list_add(&items, search->call->arena) = value_string(text);
	return found < 0 ? error : value_list(items.at, items.count, search->call->arena);
}

FUNCTION(extract_all)
{
	struct search search;
	struct value error;

	return extract_start(&search, call, args, &error) ? collect(&search, -1, wanted) : error;
}

static bool whole(const struct search *search, struct text *text)
{
	*text = search->groups[0];
	return true;
}

FUNCTION(find)
{
	struct search search;
	struct value error;
	int found;

	if (!search_start(&search, call, args, &error))
		return error;
	found = search_next(&search, &error);
	if (found < 0)
		return error;
	return value_string(found ? search.groups[0] : TEXT(""));
}

FUNCTION(find_all)
{
	int64_t limit = count > 2 ? args[2].integer : -1;
	struct search search;
	struct value error;

	return search_start(&search, call, args, &error) ? collect(&search, limit, whole) : error;
}

#define SEARCH(row_name, row_signature, row_call, row_doc, row_example) \
	{ \
		.name = row_name, .signature = row_signature, .call = row_call, .doc = row_doc, \
		.example = row_example, .pattern = 2 \
	}
#define SEARCH_METHOD(row_name, row_signature, row_call, row_doc, row_example) \
	{ \
		.name = row_name, .receiver = true, .signature = row_signature, .call = row_call, \
		.doc = row_doc, .example = row_example, .pattern = 2 \
	}

#define REPLACE_DOC \
	"With what matches replaced, at most so many times; \\\\1 stands for the first group."
#define ALL_DOC "All texts that match, at most so many."

const struct function functions_regex[] = {
	SEARCH("regex.replace", "(string, string, string) -> string", replace, REPLACE_DOC,
	       "regex.replace('foo bar', '(fo)o (ba)r', r'\\2 \\1') == 'ba fo'"),
	SEARCH("regex.replace", "(string, string, string, int) -> string", replace, REPLACE_DOC,
	       "regex.replace('banana', 'a', 'x', 1) == 'bxnana'"),
	SEARCH("regex.extract", "(string, string) -> optional(string)", extract,
	       "What the group matches first, or all of the expression if it has no group.",
	       "regex.extract('item-A', r'item-(\\w+)').value() == 'A'"),
	SEARCH("regex.extractAll", "(string, string) -> list(string)", extract_all,
	       "What the group matches, each time, or all of the expression if it has no group.",
	       "regex.extractAll('id:1, id:2', r'id:(\\d)') == ['1', '2']"),
	SEARCH_METHOD("find", "(string, string) -> string", find,
		      "The first text that matches, or ''.", "'abc 123'.find('[0-9]+') == '123'"),
	SEARCH_METHOD("findAll", "(string, string) -> list(string)", find_all, ALL_DOC,
		      "'1 2 3'.findAll('[0-9]') == ['1', '2', '3']"),
	SEARCH_METHOD("findAll", "(string, string, int) -> list(string)", find_all, ALL_DOC,
		      "'1 2 3'.findAll('[0-9]', 2) == ['1', '2']"),
	{ 0 },
};
