/*
 * A lexer of the shell's language: far enough to say, for each hole, whether it stands in a bare
 * word, in double quotes or in a here-document; everywhere else a value has no safe reference.
 * Where shells disagree, or the text cannot be followed, it gives up: the holes that are left
 * stay unplaced, which is an error of the author's script, never a guess.
 */

#include <string.h>

#include "place/internal.h"

static void lex_dollar(struct shell_lexer *lexer, bool quoted);

char shell_byte(const struct shell_lexer *lexer, size_t at)
{
	return at < lexer->end ? lexer->text.ptr[at] : '\n';
}

bool shell_at_end(const struct shell_lexer *lexer)
{
	return lexer->lost || lexer->at >= lexer->end;
}

void shell_lose(struct shell_lexer *lexer)
{
	lexer->lost = true;
	lexer->at = lexer->end;
}

bool shell_looking_at(const struct shell_lexer *lexer, const char *string)
{
	return text_starts(text_slice(lexer->text, lexer->at, lexer->end), string);
}

size_t shell_hole(const struct shell_lexer *lexer, size_t at)
{
	size_t low = 0, high = lexer->hole_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (lexer->holes[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void shell_skip_blanks(struct shell_lexer *lexer, const char *blanks)
{
	while (!shell_at_end(lexer) && lexer->text.ptr[lexer->at] &&
	       strchr(blanks, lexer->text.ptr[lexer->at]))
		lexer->at++;
}

/* The hole at this place stands where the rule says; why overrides. */
static void place_hole_here(struct shell_lexer *lexer, enum rule rule, const char *why)
{
	struct shell_place *place = &lexer->places[shell_hole(lexer, lexer->at++)];
	place->rule = rule;
	place->why = lexer->forbidden ? lexer->forbidden : why;
}

void shell_skip_to(struct shell_lexer *lexer, size_t to, const char *why)
{
	while (lexer->at < to)
		if (lexer->text.ptr[lexer->at] == '\0')
			place_hole_here(lexer, RULE_BARE, why);
		else
			lexer->at++;
}

/* A backslash and what it hides; before a hole it would hide the reference. */
static void lex_backslash(struct shell_lexer *lexer)
{
	lexer->at++;
	if (lexer->at < lexer->end)
		shell_skip_to(lexer, lexer->at + 1, "behind a backslash");
}

/* Goes behind the next byte that ends a part, forbidding holes before it. */
static void skip_behind(struct shell_lexer *lexer, char end, bool escapes, const char *why)
{
	while (!shell_at_end(lexer) && lexer->text.ptr[lexer->at] != end)
		if (escapes && lexer->text.ptr[lexer->at] == '\\')
			lex_backslash(lexer);
		else
			shell_skip_to(lexer, lexer->at + 1, why);
	if (shell_at_end(lexer))
		shell_lose(lexer);
	else
		lexer->at++;
}

static void lex_single(struct shell_lexer *lexer)
{
	lexer->at++;
	skip_behind(lexer, '\'', false, "in single quotes");
}

static void lex_backquotes(struct shell_lexer *lexer)
{
	lexer->at++;
	skip_behind(lexer, '`', true, "in backquotes (write $( ) instead)");
}

void shell_lex_expanded(struct shell_lexer *lexer, char end, enum rule rule)
{
	while (!shell_at_end(lexer)) {
		char byte = lexer->text.ptr[lexer->at];
		if (byte == '\0')
			place_hole_here(lexer, rule, NULL);
		else if (byte == end)
			return;
		else if (byte == '\\')
			lex_backslash(lexer);
		else if (byte == '`')
			lex_backquotes(lexer);
		else if (byte == '$')
			lex_dollar(lexer, true);
		else
			lexer->at++;
	}
}

static void lex_double(struct shell_lexer *lexer)
{
	lexer->at++;
	shell_lex_expanded(lexer, '"', RULE_QUOTED);
	if (shell_at_end(lexer))
		shell_lose(lexer);
	else
		lexer->at++;
}

/* ---- behind a dollar ----------------------------------------------------------------------- */

/* A single quote in ${ } in double quotes is a quote to some shells and not to others: only what
 * both read alike is followed. */
static void lex_doubtful_single(struct shell_lexer *lexer)
{
	struct text rest = text_slice(lexer->text, lexer->at + 1, lexer->end);
	size_t len = 0;
	while (len < rest.len && rest.ptr[len] != '\'') {
		if (strchr("}\"$`\\", rest.ptr[len])) {
			shell_lose(lexer);
			return;
		}
		len++;
	}
	if (len == rest.len)
		shell_lose(lexer);
	else
		lexer->at += len + 2;
}

/* The same for double quotes that hold the end of the ${ }. */
static void lex_inner_double(struct shell_lexer *lexer, bool quoted)
{
	size_t from = lexer->at;
	lex_double(lexer);
	if (quoted && text_find(text_slice(lexer->text, from, lexer->at), TEXT("}"), 0) != SIZE_MAX)
		shell_lose(lexer);
}

static void lex_parameter(struct shell_lexer *lexer, bool quoted)
{
	const char *outer = lexer->forbidden;
	if (!outer)
		lexer->forbidden = "in ${ }";
	while (!shell_at_end(lexer) && shell_byte(lexer, lexer->at) != '}') {
		char byte = lexer->text.ptr[lexer->at];
		if (byte == '\0')
			place_hole_here(lexer, RULE_BARE, NULL);
		else if (byte == '\\')
			lex_backslash(lexer);
		else if (byte == '\'')
			quoted ? lex_doubtful_single(lexer) : lex_single(lexer);
		else if (byte == '"')
			lex_inner_double(lexer, quoted);
		else if (byte == '`')
			lex_backquotes(lexer);
		else if (byte == '$')
			lex_dollar(lexer, quoted);
		else
			lexer->at++;
	}
	if (shell_at_end(lexer))
		shell_lose(lexer);
	else
		lexer->at++;
	lexer->forbidden = outer;
}

void shell_lex_arithmetic(struct shell_lexer *lexer)
{
	const char *outer = lexer->forbidden;
	unsigned open = 2;
	if (!outer)
		lexer->forbidden = "in arithmetic";
	while (!shell_at_end(lexer) && open) {
		char byte = lexer->text.ptr[lexer->at];
		if (byte == ')' && open == 2 && shell_byte(lexer, lexer->at + 1) != ')')
			shell_lose(lexer);
		else if (byte == '\0')
			place_hole_here(lexer, RULE_BARE, NULL);
		else if (byte == '$')
			lex_dollar(lexer, true);
		else if (strchr("'`\n\\", byte))
			shell_lose(lexer);
		else if (byte == '"')
			lex_double(lexer);
		else {
			open += byte == '(';
			open -= byte == ')';
			lexer->at++;
		}
	}
	if (open)
		shell_lose(lexer);
	lexer->forbidden = outer;
}

/* $'...': in bash a backslash may hide a quote, in dash it does not. */
static void lex_ansi(struct shell_lexer *lexer)
{
	size_t end = text_find(lexer->text, TEXT("'"), lexer->at + 2);
	bool doubtful = end != SIZE_MAX && lexer->text.ptr[end - 1] == '\\';
	if (doubtful && (lexer->dialect == DIALECT_SH || lexer->dialect == DIALECT_DASH)) {
		shell_lose(lexer);
		return;
	}
	lexer->at += 2;
	skip_behind(lexer, '\'', lexer->dialect >= DIALECT_BASH, "in single quotes");
}

static void lex_translated(struct shell_lexer *lexer)
{
	const char *outer = lexer->forbidden;
	if (!outer)
		lexer->forbidden = "in a translated text ($\"...\")";
	lexer->at++;
	lex_double(lexer);
	lexer->forbidden = outer;
}

static void lex_dollar(struct shell_lexer *lexer, bool quoted)
{
	if (++lexer->depth > SHELL_MAX_DEPTH) {
		shell_lose(lexer);
	} else if (shell_looking_at(lexer, "$((")) {
		lexer->at += 3;
		shell_lex_arithmetic(lexer);
	} else if (shell_looking_at(lexer, "$(")) {
		lexer->at += 2;
		shell_lex_substitution(lexer);
	} else if (shell_looking_at(lexer, "${")) {
		lexer->at += 2;
		lex_parameter(lexer, quoted);
	} else if (shell_looking_at(lexer, "$[") && lexer->dialect != DIALECT_DASH) {
		skip_behind(lexer, ']', true, "in arithmetic");
		if (lexer->dialect == DIALECT_SH)
			shell_lose(lexer);
	} else if (shell_looking_at(lexer, "$'") && !quoted) {
		lex_ansi(lexer);
	} else if (shell_looking_at(lexer, "$\"") && !quoted) {
		lex_translated(lexer);
	} else {
		lexer->at++;
		if (!shell_at_end(lexer) && lexer->text.ptr[lexer->at] == '\0')
			place_hole_here(lexer, RULE_BARE, "behind a dollar sign");
	}
	lexer->depth--;
}

/* ---- words --------------------------------------------------------------------------------- */

bool shell_is_meta(char byte)
{
	return byte && strchr(" \t\n;&|<>()", byte);
}

struct shell_word shell_lex_word(struct shell_lexer *lexer)
{
	struct shell_word word = { .from = lexer->at };
	while (!shell_at_end(lexer) && !shell_is_meta(lexer->text.ptr[lexer->at])) {
		char byte = lexer->text.ptr[lexer->at];
		if (byte == '\0')
			place_hole_here(lexer, RULE_BARE, NULL);
		else if (byte == '\\')
			lex_backslash(lexer);
		else if (byte == '\'')
			lex_single(lexer);
		else if (byte == '"')
			lex_double(lexer);
		else if (byte == '`')
			lex_backquotes(lexer);
		else if (byte == '$')
			lex_dollar(lexer, false);
		else
			lexer->at++;
	}
	word.to = lexer->at;
	return word;
}

struct text shell_word_text(const struct shell_lexer *lexer, struct shell_word word)
{
	return text_slice(lexer->text, word.from, word.to);
}
