/*
 * What a finished command does with its arguments: some evaluate them again, which makes a value
 * source text whatever its quotes; some are an interpreter of their own.
 */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

/* Which arguments of which command: those behind a flag, or all when it has none. */
static const struct command_rule {
	const char *name;
	const char *flag; /* "-c"; NULL: all arguments */
	bool stdin_too;   /* what it reads from standard input is a program as well */
	const char *shown;
} interpreters[] = {
	{ "sh", "-c", true, "sh -c" },         { "dash", "-c", true, "dash -c" },
	{ "bash", "-c", true, "bash -c" },     { "ksh", "-c", true, "ksh -c" },
	{ "zsh", "-c", true, "zsh -c" },       { "su", "-c", true, "su -c" },
	{ "psql", "-c", true, "psql -c" },     { "psql", "--command", true, "psql --command" },
	{ "mysql", "-e", true, "mysql -e" },   { "perl", "-e", true, "perl -e" },
	{ "python", "-c", true, "python -c" }, { "python3", "-c", true, "python3 -c" },
	{ "ruby", "-e", true, "ruby -e" },     { "node", "-e", true, "node -e" },
	{ "php", "-r", true, "php -r" },       { "ssh", NULL, true, "ssh" },
	{ "sqlite3", NULL, true, "sqlite3" },  { "awk", NULL, false, "awk" },
	{ "gawk", NULL, false, "awk" },        { "mawk", NULL, false, "awk" },
	{ "sed", NULL, false, "sed" },         { "jq", NULL, false, "jq" },
};

/* Builtins that evaluate what they are given, or names in it. */
static const char *const evaluators[] = { "eval", "trap",    "alias",     "let",     "unset",
					  "read", "mapfile", "readarray", "getopts", NULL };
/* Builtins whose arguments are assignments: a value may only stand behind the '='. */
static const char *const declarers[] = {
	"declare", "typeset", "local", "export", "readonly", NULL
};
/* Commands before a command. */
static const char *const prefixes[] = { "command", "builtin", "exec", "sudo", "env",
					"nohup",   "xargs",   "nice", NULL };

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

/* The part of a command's name behind the last '/'. */
static struct text base_name(struct text word)
{
	size_t from = word.len;
	while (from > 0 && word.ptr[from - 1] != '/')
		from--;
	return text_slice(word, from, word.len);
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

/* "-c" also as the end of "-ec". */
static bool is_flag(struct text word, const char *flag)
{
	if (text_is(word, flag))
		return true;
	return strlen(flag) == 2 && word.len > 2 && word.ptr[0] == '-' && word.ptr[1] != '-' &&
	       word.ptr[word.len - 1] == flag[1];
}

static void warn_words(struct shell_lexer *lexer, size_t index, const char *reaches)
{
	for (size_t i = index; i < lexer->command.words.count; i++) {
		struct shell_word word = lexer->command.words.at[i];
		size_t last = shell_hole(lexer, word.to);
		for (size_t hole = shell_hole(lexer, word.from); hole < last; hole++)
			lexer->places[hole].reaches = reaches;
	}
}

static void judge_interpreter(struct shell_lexer *lexer, size_t index, bool command)
{
	struct text name = base_name(word_at(lexer, index));
	for (size_t i = 0; i < sizeof(interpreters) / sizeof(*interpreters); i++) {
		const struct command_rule *rule = &interpreters[i];
		if (!text_is(name, rule->name))
			continue;
		if (!rule->flag && command)
			warn_words(lexer, index + 1, rule->shown);
		for (size_t j = index + 1; rule->flag && j < lexer->command.words.count; j++)
			if (is_flag(word_at(lexer, j), rule->flag) ||
			    (strlen(rule->flag) > 2 && text_starts(word_at(lexer, j), rule->flag)))
				warn_words(lexer, j, rule->shown);
	}
}

static bool is_assignment(struct text word)
{
	size_t len = 0;
	while (len < word.len && is_name_byte(word.ptr[len]))
		len++;
	return len && len < word.len && (word.ptr[len] == '=' || word.ptr[len] == '[');
}

/* Index of the word that names the command. */
static size_t command_name(const struct shell_lexer *lexer)
{
	size_t i = 0;
	while (i + 1 < lexer->command.words.count &&
	       (is_assignment(word_at(lexer, i)) || is_one_of(word_at(lexer, i), prefixes) ||
		(i && text_starts(word_at(lexer, i), "-"))))
		i++;
	return i;
}

void shell_judge(struct shell_lexer *lexer)
{
	size_t first = command_name(lexer);
	struct text name = word_at(lexer, first);
	for (size_t i = 0; i < lexer->command.words.count; i++) {
		judge_index(lexer, lexer->command.words.at[i]);
		judge_interpreter(lexer, i, i == first);
	}
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
	for (size_t i = 0; i < lexer->command.words.count; i++)
		for (size_t j = 0; j < sizeof(interpreters) / sizeof(*interpreters); j++)
			if (interpreters[j].stdin_too &&
			    text_is(base_name(word_at(lexer, i)), interpreters[j].name))
				return interpreters[j].name;
	return NULL;
}
