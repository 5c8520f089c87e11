/*
 * What a finished command does with its arguments: some evaluate them again, which makes a value
 * source text whatever its quotes; some hand them to an interpreter of their own.
 */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

/* Builtins that evaluate what they are given, or names in it. */
static const char *const evaluators[] = { "eval", "trap",    "alias",     "let",     "unset",
					  "read", "mapfile", "readarray", "getopts", NULL };
/* Who says what becomes of the commands that a script has left in the background. */
static const char *const minders[] = { "wait", "kill", "pkill", "trap", NULL };
/* Builtins whose arguments are assignments: a value may only stand behind the '='. */
static const char *const declarers[] = {
	"declare", "typeset", "local", "export", "readonly", NULL
};
static struct text word_at(const struct shell_lexer *lexer, size_t index)
{
	return shell_word_text(lexer, lexer->command.words.at[index]);
}

static bool is_one_of(struct text word, const char *const *names)
{
	for (; *names; names++)
		if (text_is(word, *names))
			return true;
	return false;
}

static void refuse_holes(struct shell_lexer *lexer, size_t from, size_t to, const char *why)
{
	for (size_t i = shell_hole(lexer, from); i < lexer->hole_count && lexer->holes[i] < to; i++)
		if (!lexer->places[i].why)
			lexer->places[i].why = why;
}

/* Refuses the holes of all words from the index-th on. */
static void refuse_words(struct shell_lexer *lexer, size_t index, const char *why)
{
	for (size_t i = index; i < lexer->command.words.count; i++)
		refuse_holes(lexer, lexer->command.words.at[i].from, lexer->command.words.at[i].to,
			     why);
}

static bool is_name_byte(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_';
}

/* NAME[...]=: the shell computes what stands in the brackets. */
static void judge_index(struct shell_lexer *lexer, struct shell_word word)
{
	struct text text = shell_word_text(lexer, word);
	size_t open = 0, close = text.len;
	while (open < text.len && is_name_byte(text.ptr[open]))
		open++;
	if (open == text.len || text.ptr[open] != '[' ||
	    (open == 0 && (lexer->dialect == DIALECT_SH || lexer->dialect == DIALECT_DASH)))
		return;
	while (close > open && text.ptr[close - 1] != ']')
		close--;
	refuse_holes(lexer, word.from + open, word.from + close, "in the index of an array");
}

static bool has_flag(const struct shell_lexer *lexer, size_t from, char flag)
{
	for (size_t i = from; i < lexer->command.words.count; i++) {
		struct text word = word_at(lexer, i);
		if (text_starts(word, "-") && memchr(word.ptr, flag, word.len))
			return true;
	}
	return false;
}

static void judge_declaration(struct shell_lexer *lexer, size_t first)
{
	bool integer = has_flag(lexer, first + 1, 'i');
	for (size_t i = first + 1; i < lexer->command.words.count; i++) {
		struct shell_word word = lexer->command.words.at[i];
		size_t equals = text_find(shell_word_text(lexer, word), TEXT("="), 0);
		size_t to = integer || equals == SIZE_MAX ? word.to : word.from + equals;
		refuse_holes(lexer, word.from, to,
			     "where the shell evaluates it as a name or a number");
	}
}

/* Tests that compute their operands: in [[ ]], and in every test of ksh. */
static void judge_test(struct shell_lexer *lexer, size_t first)
{
	static const char *const computing[] = { "-eq", "-ne", "-lt", "-le", "-gt",
						 "-ge", "-v",  "-R",  NULL };
	bool computes = lexer->command.test || lexer->dialect == DIALECT_KSH;
	for (size_t i = first; i < lexer->command.words.count; i++) {
		struct text word = word_at(lexer, i);
		if (is_one_of(word, computing) && (computes || text_is(word, "-v")))
			refuse_words(lexer, first, "where the shell computes it");
	}
}

static const struct text *all_words(const struct shell_lexer *lexer)
{
	struct text *words = arena_array(lexer->arena, struct text, lexer->command.words.count + 1);
	for (size_t i = 0; i < lexer->command.words.count; i++)
		words[i] = word_at(lexer, i);
	return words;
}

static void judge_interpreters(struct shell_lexer *lexer, const struct text *words)
{
	size_t count = lexer->command.words.count, first = 0;
	while (first < count && !interpreter_is(words[first]))
		first++;
	if (first == count)
		return;
	const char **reads = arena_array(lexer->arena, const char *, count + 1);
	interpreters_find(words, count, reads);
	for (size_t i = 0; i < count; i++) {
		size_t last = shell_hole(lexer, lexer->command.words.at[i].to);
		for (size_t hole = shell_hole(lexer, lexer->command.words.at[i].from);
		     reads[i] && hole < last; hole++)
			lexer->places[hole].reaches = reads[i];
	}
}

void shell_judge(struct shell_lexer *lexer)
{
	const struct text *words = all_words(lexer);
	size_t first = command_name(words, lexer->command.words.count);
	struct text name = words[first];
	for (size_t i = 0; i < lexer->command.words.count; i++)
		judge_index(lexer, lexer->command.words.at[i]);
	judge_interpreters(lexer, words);
	lexer->minds = lexer->minds || is_one_of(name, minders);
	if (is_one_of(name, evaluators))
		refuse_words(lexer, first + 1, "where the shell evaluates it again");
	if (is_one_of(name, declarers))
		judge_declaration(lexer, first);
	if (text_is(name, "printf") && first + 1 < lexer->command.words.count &&
	    text_is(word_at(lexer, first + 1), "-v"))
		refuse_words(lexer, first + 2, "where the shell evaluates it as a name");
	if (lexer->command.test || text_is(name, "[") || text_is(name, "test"))
		judge_test(lexer, first);
	if ((text_is(name, "for") || text_is(name, "select")) &&
	    first + 1 < lexer->command.words.count)
		refuse_holes(lexer, lexer->command.words.at[first + 1].from,
			     lexer->command.words.at[first + 1].to,
			     "as the name of a loop's variable");
}

const char *shell_reads_stdin(const struct shell_lexer *lexer)
{
	return interpreter_of_stdin(all_words(lexer), lexer->command.words.count);
}
