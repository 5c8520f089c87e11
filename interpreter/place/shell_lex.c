/* Commands: what separates them, what they nest in, what ends them. */

#include <string.h>

#include "place/internal.h"

enum closer { CLOSE_END, CLOSE_PAREN, CLOSE_CASE };

void shell_end_command(struct shell_lexer *lexer)
{
	if (!lexer->lost && lexer->command.words.count)
		shell_judge(lexer);
	memset(&lexer->command, 0, sizeof(lexer->command));
}

static void lex_comment(struct shell_lexer *lexer)
{
	size_t newline = text_find(lexer->text, TEXT("\n"), lexer->at);
	shell_skip_to(lexer, newline < lexer->end ? newline : lexer->end, "in a comment");
}

static void lex_commands(struct shell_lexer *lexer, enum closer closer);

static bool is_keyword(struct text word)
{
	static const char *const keywords[] = { "if", "then", "else",  "elif",   "fi",
						"do", "done", "while", "until",  "{",
						"}",  "!",    "time",  "coproc", NULL };
	for (const char *const *keyword = keywords; *keyword; keyword++)
		if (text_is(word, *keyword))
			return true;
	return false;
}

/* PATTERN | PATTERN ) */
static void lex_pattern(struct shell_lexer *lexer)
{
	while (!shell_at_end(lexer) && lexer->text.ptr[lexer->at] != ')') {
		if (!shell_is_meta(lexer->text.ptr[lexer->at]))
			shell_lex_word(lexer);
		else if (strchr(" \t|(\n", lexer->text.ptr[lexer->at]))
			lexer->at++;
		else
			shell_lose(lexer);
	}
	if (shell_at_end(lexer))
		shell_lose(lexer);
	else
		lexer->at++;
}

static bool at_esac(const struct shell_lexer *lexer)
{
	return shell_looking_at(lexer, "esac") && shell_is_meta(shell_byte(lexer, lexer->at + 4));
}

static void lex_case(struct shell_lexer *lexer)
{
	shell_skip_blanks(lexer, " \t");
	shell_lex_word(lexer);
	shell_skip_blanks(lexer, " \t\n");
	if (!text_is(shell_word_text(lexer, shell_lex_word(lexer)), "in"))
		shell_lose(lexer);
	while (!lexer->lost) {
		shell_skip_blanks(lexer, " \t\n");
		if (shell_byte(lexer, lexer->at) == '#') {
			lex_comment(lexer);
			continue;
		}
		if (shell_at_end(lexer))
			shell_lose(lexer);
		if (shell_at_end(lexer) || at_esac(lexer))
			break;
		lex_pattern(lexer);
		lex_commands(lexer, CLOSE_CASE);
	}
	if (!lexer->lost)
		lexer->at += strlen("esac");
}

/* [[ ... ]]: operators that look like those of commands. */
static void lex_test(struct shell_lexer *lexer)
{
	lexer->command.test = true;
	while (!shell_at_end(lexer)) {
		if (shell_is_meta(lexer->text.ptr[lexer->at])) {
			lexer->at++;
			continue;
		}
		struct shell_word word = shell_lex_word(lexer);
		if (text_is(shell_word_text(lexer, word), "]]"))
			return;
		*list_add(&lexer->command.words, lexer->arena) = word;
	}
	shell_lose(lexer);
}

/* function NAME {: what follows is its body. */
static bool is_function(const struct shell_lexer *lexer)
{
	return lexer->command.words.count > 0 &&
	       text_is(shell_word_text(lexer, lexer->command.words.at[0]), "function");
}

static void lex_command_word(struct shell_lexer *lexer)
{
	struct shell_word word = shell_lex_word(lexer);
	struct text text = shell_word_text(lexer, word);
	if (lexer->command.words.count == 0) {
		if (is_keyword(text))
			return;
		if (text_is(text, "case")) {
			lex_case(lexer);
			return;
		}
		if (text_is(text, "[[")) {
			lex_test(lexer);
			return;
		}
	}
	if (text_is(text, "{") && is_function(lexer))
		lexer->command.words.count = 0;
	else
		*list_add(&lexer->command.words, lexer->arena) = word;
}

/* Commands of their own: ( ), $( ), <( ); behind the parenthesis. */
static void lex_nested(struct shell_lexer *lexer)
{
	struct shell_command outer = lexer->command;
	memset(&lexer->command, 0, sizeof(lexer->command));
	lex_commands(lexer, CLOSE_PAREN);
	lexer->command = outer;
}

void shell_lex_substitution(struct shell_lexer *lexer)
{
	if (lexer->here.list.count)
		shell_lose(lexer);
	else
		lex_nested(lexer);
}

static void lex_open(struct shell_lexer *lexer)
{
	if (shell_looking_at(lexer, "((")) {
		lexer->at += 2;
		shell_lex_arithmetic(lexer);
		return;
	}
	lexer->at++;
	size_t from = lexer->at;
	lex_nested(lexer);
	/* NAME ( ): what follows is the body of a function, not its arguments. */
	if (text_trim(text_slice(lexer->text, from, lexer->at)).len == 1)
		lexer->command.words.count = 0;
}

static void note_habit(size_t *habit, size_t at)
{
	if (*habit == SIZE_MAX)
		*habit = at;
}

static void lex_operator(struct shell_lexer *lexer)
{
	static const char *const doubles[] = { "&&", "||", "|&" };
	char byte = lexer->text.ptr[lexer->at];
	bool joins = false;
	for (size_t i = 0; i < sizeof(doubles) / sizeof(*doubles); i++)
		joins |= shell_looking_at(lexer, doubles[i]);
	if (byte == '|' && !shell_looking_at(lexer, "||"))
		note_habit(&lexer->habits.pipe, lexer->at);
	if (byte == '&' && !joins && !(lexer->command.moved[0] && lexer->command.moved[1]))
		note_habit(&lexer->habits.left, lexer->at);
	lexer->at += joins ? 2 : 1;
	shell_end_command(lexer);
}

/* Whether the list of commands ends here; then its end is passed (but for esac, which ends the case
 * too). */
static bool pass_closer(struct shell_lexer *lexer, enum closer closer)
{
	static const char *const ends[] = { ";;&", ";;", ";&" };
	if (closer == CLOSE_PAREN && shell_byte(lexer, lexer->at) == ')') {
		lexer->at++;
		return true;
	}
	if (closer != CLOSE_CASE)
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (shell_looking_at(lexer, ends[i])) {
			lexer->at += strlen(ends[i]);
			return true;
		}
	return lexer->command.words.count == 0 && at_esac(lexer);
}

static void lex_newline(struct shell_lexer *lexer)
{
	shell_end_command(lexer);
	lexer->at++;
	shell_lex_here(lexer);
}

static void lex_part(struct shell_lexer *lexer)
{
	char byte = lexer->text.ptr[lexer->at];
	if (byte == ' ' || byte == '\t')
		lexer->at++;
	else if (shell_looking_at(lexer, "\\\n"))
		lexer->at += 2;
	else if (byte == '\n')
		lex_newline(lexer);
	else if (byte == '#')
		lex_comment(lexer);
	else if (byte == '<' || byte == '>' || shell_looking_at(lexer, "&>"))
		shell_lex_redirection(lexer);
	else if (byte == ';' || byte == '&' || byte == '|')
		lex_operator(lexer);
	else if (byte == '(')
		lex_open(lexer);
	else if (byte == ')')
		shell_lose(lexer);
	else
		lex_command_word(lexer);
}

static void lex_commands(struct shell_lexer *lexer, enum closer closer)
{
	bool closed = false;
	if (++lexer->depth > SHELL_MAX_DEPTH)
		shell_lose(lexer);
	while (!closed && !shell_at_end(lexer)) {
		closed = pass_closer(lexer, closer);
		if (!closed)
			lex_part(lexer);
	}
	shell_end_command(lexer);
	if (closer != CLOSE_END && (!closed || (closer == CLOSE_PAREN && lexer->here.list.count)))
		shell_lose(lexer);
	lexer->depth--;
}

struct shell_habits shell_lex(struct text text, const size_t *holes, size_t count,
			      enum dialect dialect, struct arena *arena, struct shell_place *places)
{
	struct shell_lexer lexer = {
		.text = text,
		.end = text.len,
		.dialect = dialect,
		.holes = holes,
		.hole_count = count,
		.places = places,
		.arena = arena,
		.habits = { .pipe = SIZE_MAX, .left = SIZE_MAX },
	};
	for (size_t i = 0; i < count; i++)
		places[i] = (struct shell_place){ RULE_BARE, "where the script cannot be followed",
						  NULL };
	lex_commands(&lexer, CLOSE_END);
	if (lexer.minds)
		lexer.habits.left = SIZE_MAX;
	return lexer.habits;
}
