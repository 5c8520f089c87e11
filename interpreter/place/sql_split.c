/*
 * A lexer of SQL, for PostgreSQL and SQLite: where statements end, and where a value may stand.
 * A value is an expression of its own; only what stands between tokens can be one.
 */

#include <ctype.h>
#include <string.h>

#include "base/list.h"
#include "place/internal.h"

#define WORD_MAX 16 /* longer words are none of ours */

struct splitter {
	struct text text;
	size_t at;
	struct sql_problem *problem;
	LIST(struct sql_range) ranges;
	struct arena *arena;
	/* Of the statement being read: */
	size_t from, to; /* its first token; behind its last */
	unsigned words;  /* read so far */
	unsigned parens;
	unsigned blocks; /* BEGIN and CASE without their END, in a body */
	bool creates; /* CREATE TRIGGER, FUNCTION or PROCEDURE: it may have a body of statements */
	bool create;
	char control[WORD_MAX]; /* its first word, if that is one of transaction control */
	size_t control_len;
	char last[WORD_MAX]; /* the latest word, in capitals; "" behind anything else */
	char before[WORD_MAX];
};

static bool problem(struct splitter *splitter, enum diag_code code, size_t from, size_t to,
		    const char *message, const char *hint)
{
	*splitter->problem = (struct sql_problem){ code, from, to, message, hint };
	return false;
}

static char byte_at(const struct splitter *splitter, size_t at)
{
	return at < splitter->text.len ? splitter->text.ptr[at] : ' ';
}

static bool looking_at(const struct splitter *splitter, const char *string)
{
	return text_starts(text_slice(splitter->text, splitter->at, SIZE_MAX), string);
}

static bool is_word_byte(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_' || byte == '$' || (byte & 0x80);
}

static void token(struct splitter *splitter, size_t from)
{
	if (splitter->from == SIZE_MAX)
		splitter->from = from;
	splitter->to = splitter->at;
}

/* ---- what a value may not stand in --------------------------------------------------------- */

#define HINT_LITERAL \
	"Let the value stand for the whole literal, without quotes: where name = ${{ x }}; join " \
	"text with ||."
#define HINT_NAME \
	"Names of tables and columns are written; a query per name, chosen by when:, keeps them " \
	"checked."

/* Looks for a hole in [from, to), which is where no value may stand. */
static bool no_hole(struct splitter *splitter, size_t from, const char *message, const char *hint)
{
	const char *hole = splitter->at > from
				   ? memchr(splitter->text.ptr + from, '\0', splitter->at - from)
				   : NULL;
	if (!hole)
		return true;
	size_t at = (size_t)(hole - splitter->text.ptr);
	return problem(splitter, RB0620, at, at + 1, message, hint);
}

static bool unclosed(struct splitter *splitter, size_t from, size_t len, const char *message)
{
	return problem(splitter, RB0622, from, from + len, message,
		       "Close it; a quote within a literal is written twice: 'it''s'.");
}

/* '...' with '' for a quote; \' too where escapes holds. */
static bool lex_quoted(struct splitter *splitter, char quote, bool escapes)
{
	size_t from = splitter->at++;
	while (splitter->at < splitter->text.len) {
		char byte = splitter->text.ptr[splitter->at++];
		if (escapes && byte == '\\')
			splitter->at += splitter->at < splitter->text.len;
		else if (byte == quote && byte_at(splitter, splitter->at) == quote)
			splitter->at++;
		else if (byte == quote)
			return quote == '"' ? no_hole(splitter, from,
						      "a value cannot stand in a quoted identifier",
						      HINT_NAME)
					    : no_hole(splitter, from,
						      "a value cannot stand in a quoted literal",
						      HINT_LITERAL);
	}
	return unclosed(splitter, from, 1, "this quote is never closed");
}

static bool lex_line_comment(struct splitter *splitter)
{
	size_t from = splitter->at;
	size_t end = text_find(splitter->text, TEXT("\n"), from);
	splitter->at = end == SIZE_MAX ? splitter->text.len : end;
	return no_hole(splitter, from, "a value cannot stand in a comment",
		       "Take the comment or the value away.");
}

static bool lex_comment(struct splitter *splitter)
{
	size_t from = splitter->at, depth = 0;
	do {
		if (looking_at(splitter, "/*")) {
			depth++;
			splitter->at += 2;
		} else if (looking_at(splitter, "*/")) {
			depth--;
			splitter->at += 2;
		} else {
			splitter->at++;
		}
	} while (depth && splitter->at < splitter->text.len);
	if (depth)
		return unclosed(splitter, from, 2, "this comment is never closed");
	return no_hole(splitter, from, "a value cannot stand in a comment",
		       "Take the comment or the value away.");
}

/* $tag$ ... $tag$ */
static bool lex_dollar(struct splitter *splitter)
{
	size_t from = splitter->at, end = from + 1;
	if (isdigit((unsigned char)byte_at(splitter, end)))
		return problem(
			splitter, RB0623, from, end + 1, "a written parameter has no value here",
			"Write ${{ ... }} in its place: it becomes a parameter that is bound.");
	while (is_word_byte(byte_at(splitter, end)) && byte_at(splitter, end) != '$')
		end++;
	if (byte_at(splitter, end) != '$') {
		splitter->at++;
		return true;
	}
	struct text tag = text_slice(splitter->text, from, end + 1);
	size_t close = text_find(splitter->text, tag, end + 1);
	if (close == SIZE_MAX)
		return unclosed(splitter, from, tag.len, "this dollar quote is never closed");
	splitter->at = close + tag.len;
	return no_hole(splitter, from, "a value cannot stand in a dollar-quoted text",
		       HINT_LITERAL);
}

/* ---- words --------------------------------------------------------------------------------- */

static bool is(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return true;
	return false;
}

/* Bodies of statements: a ';' in them ends no statement of ours. */
static void count_blocks(struct splitter *splitter)
{
	static const char *const bodies[] = { "TRIGGER", "FUNCTION", "PROCEDURE", NULL };
	const char *word = splitter->last;
	if (splitter->words == 1)
		splitter->create = !strcmp(word, "CREATE");
	else if (splitter->create && splitter->words < 6 && is(word, bodies))
		splitter->creates = true;
	else if (splitter->creates && !strcmp(word, "BEGIN"))
		splitter->blocks++;
	else if (splitter->blocks && !strcmp(word, "CASE"))
		splitter->blocks++;
	else if (splitter->blocks && !strcmp(word, "END"))
		splitter->blocks--;
}

/* BEGIN, COMMIT and their kin; ROLLBACK TO and what has to do with savepoints stay inside. */
static void note_control(struct splitter *splitter, size_t len)
{
	static const char *const controls[] = { "BEGIN", "START",    "COMMIT", "END",
						"ABORT", "ROLLBACK", NULL };
	if (splitter->words == 1 && is(splitter->last, controls)) {
		memcpy(splitter->control, splitter->last, WORD_MAX);
		splitter->control_len = len;
	}
	if (!strcmp(splitter->control, "ROLLBACK") && !strcmp(splitter->last, "TO"))
		splitter->control[0] = '\0';
}

static void set_last(struct splitter *splitter, struct text word)
{
	memcpy(splitter->before, splitter->last, WORD_MAX);
	memset(splitter->last, 0, WORD_MAX);
	for (size_t i = 0; i < word.len && word.len < WORD_MAX; i++)
		splitter->last[i] = (char)toupper((unsigned char)word.ptr[i]);
}

static bool lex_word(struct splitter *splitter)
{
	size_t from = splitter->at;
	while (splitter->at < splitter->text.len && is_word_byte(splitter->text.ptr[splitter->at]))
		splitter->at++;
	struct text word = text_slice(splitter->text, from, splitter->at);
	if (byte_at(splitter, splitter->at) == '\'' && (text_is(word, "E") || text_is(word, "e")))
		return lex_quoted(splitter, '\'', true);
	if (byte_at(splitter, splitter->at) == '\0')
		return problem(splitter, RB0620, splitter->at, splitter->at + 1,
			       "a value cannot be a part of a word", HINT_NAME);
	set_last(splitter, word);
	splitter->words++;
	count_blocks(splitter);
	note_control(splitter, word.len);
	return true;
}

/* A hole stands for a whole expression. */
static bool lex_hole(struct splitter *splitter)
{
	static const char *const named[] = { "INTO",     "UPDATE", "TABLE", "JOIN", "SCHEMA",
					     "DATABASE", "INDEX",  "ROLE",  NULL };
	size_t at = splitter->at++;
	char next = byte_at(splitter, splitter->at);
	char behind = at ? splitter->text.ptr[at - 1] : ' ';
	if (is_word_byte(next) || next == '\0' || strchr("'\"", next) || strchr("'\"", behind))
		return problem(splitter, RB0620, at, at + 1, "a value cannot be a part of a word",
			       HINT_LITERAL);
	bool file = !strcmp(splitter->last, "INTO") && !strcmp(splitter->before, "VACUUM");
	if ((is(splitter->last, named) && !file) ||
	    (!strcmp(splitter->last, "FROM") && splitter->parens == 0 &&
	     strcmp(splitter->before, "DISTINCT") != 0))
		return problem(splitter, RB0620, at, at + 1,
			       "a value cannot be the name of a table", HINT_NAME);
	set_last(splitter, TEXT(""));
	return true;
}

/* ---- statements ---------------------------------------------------------------------------- */

static bool end_statement(struct splitter *splitter)
{
	if (splitter->control[0])
		return problem(splitter, RB0621, splitter->from,
			       splitter->from + splitter->control_len,
			       "transaction control is done by runbook",
			       "Leave it out: all statements of a step are one transaction "
			       "(transaction: false makes each its own).");
	if (splitter->from != SIZE_MAX)
		*list_add(&splitter->ranges, splitter->arena) = (struct sql_range){ splitter->from,
										    splitter->to };
	splitter->from = SIZE_MAX;
	splitter->words = splitter->parens = splitter->blocks = 0;
	splitter->create = splitter->creates = false;
	memset(splitter->last, 0, WORD_MAX);
	memset(splitter->before, 0, WORD_MAX);
	return true;
}

static bool lex_other(struct splitter *splitter)
{
	char byte = splitter->text.ptr[splitter->at++];
	splitter->parens += byte == '(';
	splitter->parens -= byte == ')' && splitter->parens;
	set_last(splitter, TEXT(""));
	return true;
}

static bool lex_token(struct splitter *splitter)
{
	size_t from = splitter->at;
	char byte = splitter->text.ptr[from];
	bool good;
	if (byte == '\0')
		good = lex_hole(splitter);
	else if (byte == '\'' || byte == '"')
		good = lex_quoted(splitter, byte, false);
	else if (byte == '$')
		good = lex_dollar(splitter);
	else if (is_word_byte(byte))
		good = lex_word(splitter);
	else
		good = lex_other(splitter);
	token(splitter, from);
	return good;
}

static bool lex_part(struct splitter *splitter)
{
	char byte = splitter->text.ptr[splitter->at];
	if (byte && strchr(" \t\n\r\f\v", byte)) {
		splitter->at++;
		return true;
	}
	if (looking_at(splitter, "--"))
		return lex_line_comment(splitter);
	if (looking_at(splitter, "/*"))
		return lex_comment(splitter);
	if (byte == ';' && splitter->parens == 0 && splitter->blocks == 0) {
		splitter->at++;
		return end_statement(splitter);
	}
	return lex_token(splitter);
}

bool sql_split(struct text text, struct arena *arena, struct sql_ranges *ranges,
	       struct sql_problem *out)
{
	struct splitter splitter = {
		.text = text, .problem = out, .arena = arena, .from = SIZE_MAX
	};
	while (splitter.at < text.len)
		if (!lex_part(&splitter))
			return false;
	if (!end_statement(&splitter))
		return false;
	*ranges = (struct sql_ranges){ splitter.ranges.count, splitter.ranges.at };
	return true;
}
