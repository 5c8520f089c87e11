/* Programs that read some of their arguments as source text of their own: quotes of ours do not
 * count there. */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

enum source_words {
	BEHIND_FLAG, /* the word behind a flag; those behind it are plain arguments */
	FIRST_WORD,  /* the first that is no option */
	LATER_WORDS, /* all but the first that is no option (a host, a file) */
};

static const struct interpreter {
	const char *name;
	enum source_words words;
	const char *flag;    /* BEHIND_FLAG: "-c", also the end of "-ec"; or "--command" */
	const char *options; /* those that take a word more, each between blanks */
	bool stdin_too;      /* what it reads from standard input is source as well */
	const char *shown;
} interpreters[] = {
	{ "sh", BEHIND_FLAG, "-c", "", true, "sh -c" },
	{ "dash", BEHIND_FLAG, "-c", "", true, "dash -c" },
	{ "bash", BEHIND_FLAG, "-c", "", true, "bash -c" },
	{ "ksh", BEHIND_FLAG, "-c", "", true, "ksh -c" },
	{ "zsh", BEHIND_FLAG, "-c", "", true, "zsh -c" },
	{ "su", BEHIND_FLAG, "-c", "", true, "su -c" },
	{ "psql", BEHIND_FLAG, "-c", "", true, "psql -c" },
	{ "psql", BEHIND_FLAG, "--command", "", true, "psql --command" },
	{ "mysql", BEHIND_FLAG, "-e", "", true, "mysql -e" },
	{ "mysql", BEHIND_FLAG, "--execute", "", true, "mysql --execute" },
	{ "perl", BEHIND_FLAG, "-e", "", true, "perl -e" },
	{ "python", BEHIND_FLAG, "-c", "", true, "python -c" },
	{ "python3", BEHIND_FLAG, "-c", "", true, "python3 -c" },
	{ "ruby", BEHIND_FLAG, "-e", "", true, "ruby -e" },
	{ "node", BEHIND_FLAG, "-e", "", true, "node -e" },
	{ "php", BEHIND_FLAG, "-r", "", true, "php -r" },
	{ "ssh", LATER_WORDS, NULL,
	  " -B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w ", true, "ssh" },
	{ "sqlite3", LATER_WORDS, NULL, " -separator -nullvalue -newline -init -cmd ", true,
	  "sqlite3" },
	{ "awk", FIRST_WORD, NULL, " -F -v -f ", false, "awk" },
	{ "gawk", FIRST_WORD, NULL, " -F -v -f ", false, "awk" },
	{ "mawk", FIRST_WORD, NULL, " -F -v -f ", false, "awk" },
	{ "sed", FIRST_WORD, NULL, " -f ", false, "sed" },
	{ "sed", BEHIND_FLAG, "-e", "", false, "sed" },
	{ "jq", FIRST_WORD, NULL, " -f -L --indent ", false, "jq" },
};

#define INTERPRETER_COUNT (sizeof(interpreters) / sizeof(*interpreters))

/* Commands before a command. */
static const char *const prefixes[] = { "command", "builtin", "exec", "sudo", "env",
					"nohup",   "xargs",   "nice", NULL };

struct text command_base_name(struct text word)
{
	size_t from = word.len;
	while (from > 0 && word.ptr[from - 1] != '/')
		from--;
	return text_slice(word, from, word.len);
}

static bool is_assignment(struct text word)
{
	size_t len = 0;
	while (len < word.len && (isalnum((unsigned char)word.ptr[len]) || word.ptr[len] == '_'))
		len++;
	return len && len < word.len && (word.ptr[len] == '=' || word.ptr[len] == '[');
}

static bool is_prefix(struct text word)
{
	word = command_base_name(word);
	for (const char *const *prefix = prefixes; *prefix; prefix++)
		if (text_is(word, *prefix))
			return true;
	return false;
}

size_t command_name(const struct text *words, size_t count)
{
	size_t i = 0;
	while (i + 1 < count && (is_assignment(words[i]) || is_prefix(words[i]) ||
				 (i && text_starts(words[i], "-"))))
		i++;
	return i;
}

/* "-c" also as the end of "-ec". */
static bool is_flag(struct text word, const char *flag)
{
	if (text_is(word, flag))
		return true;
	return strlen(flag) == 2 && word.len > 2 && word.ptr[0] == '-' && word.ptr[1] != '-' &&
	       word.ptr[word.len - 1] == flag[1];
}

/* --command=SOURCE, -cSOURCE. */
static bool holds_source(struct text word, const char *flag)
{
	return text_starts(word, flag) && word.len > strlen(flag) &&
	       (strlen(flag) == 2 || word.ptr[strlen(flag)] == '=');
}

static bool takes_word(const struct interpreter *interpreter, struct text option)
{
	const char *found = interpreter->options;
	while ((found = memmem(found, strlen(found), option.ptr, option.len))) {
		if (found[-1] == ' ' && found[option.len] == ' ')
			return true;
		found++;
	}
	return false;
}

static void behind_flag(const struct interpreter *interpreter, const struct text *words,
			size_t count, const char **reads)
{
	for (size_t i = 1; i < count; i++)
		if (is_flag(words[i], interpreter->flag) && i + 1 < count)
			reads[++i] = interpreter->shown;
		else if (holds_source(words[i], interpreter->flag))
			reads[i] = interpreter->shown;
}

static void among_operands(const struct interpreter *interpreter, const struct text *words,
			   size_t count, const char **reads)
{
	size_t operands = 0;
	for (size_t i = 1; i < count; i++) {
		bool option = operands == 0 && text_starts(words[i], "-");
		if (option && takes_word(interpreter, words[i]))
			i++;
		if (option)
			continue;
		bool first = operands++ == 0;
		if (first == (interpreter->words == FIRST_WORD))
			reads[i] = interpreter->shown;
	}
}

bool interpreter_is(struct text word)
{
	struct text name = command_base_name(word);
	for (size_t k = 0; k < INTERPRETER_COUNT; k++)
		if (text_is(name, interpreters[k].name))
			return true;
	return false;
}

void interpreters_find(const struct text *words, size_t count, const char **reads)
{
	size_t named = command_name(words, count);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < INTERPRETER_COUNT; k++) {
			const struct interpreter *interpreter = &interpreters[k];
			if (!text_is(command_base_name(words[i]), interpreter->name))
				continue;
			if (interpreter->words == BEHIND_FLAG)
				behind_flag(interpreter, words + i, count - i, reads + i);
			else if (i == named)
				among_operands(interpreter, words + i, count - i, reads + i);
		}
}

const char *interpreter_of_stdin(const struct text *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < INTERPRETER_COUNT; k++)
			if (interpreters[k].stdin_too &&
			    text_is(command_base_name(words[i]), interpreters[k].name))
				return interpreters[k].name;
	return NULL;
}

/* Numbers and truths are the same in every language. */
static bool is_harmless(const struct type *type)
{
	return type->kind == TYPE_BOOL || type->kind == TYPE_INT || type->kind == TYPE_UINT ||
	       type->kind == TYPE_DOUBLE;
}

/* How a value comes into its text as a value; the others have arguments or variables. */
static const struct {
	const char *begins, *way;
} ways[] = {
	{ "psql", "the verb 'sql' binds values." },
	{ "sqlite3", "the verb 'sql' binds values (connection: sqlite:FILE)." },
	{ "awk", "give the value by 'env' and read ENVIRON[\"NAME\"] there." },
	{ "jq", "jq takes it with --arg NAME VALUE, and reads it as $NAME." },
	{ "",
	  "hand the value on as an argument (sh -c '... \"$1\"' sh VALUE) or as a variable of that "
	  "program." },
};

void reader_warn_second(struct reader *reader, size_t hole, const char *interpreter)
{
	size_t i = 0;
	if (is_harmless(expr_type(reader->holes.at[hole].expr)))
		return;
	diag_at(reader->diags, reader->holes.at[hole].span, RB0611,
		"this value reaches a second interpreter, '%s'", interpreter);
	while (!text_starts(text_of(interpreter), ways[i].begins))
		i++;
	diag_hint(reader->diags, "Quotes that stand here do not count there: %s", ways[i].way);
}
