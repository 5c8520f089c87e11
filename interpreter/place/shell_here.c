/* Redirections and here-documents. */

#include <string.h>

#include "place/internal.h"

/* The word behind << names the line that ends the text; quotes in it keep the text as it is. */
static void lex_delimiter(struct shell_lexer *lexer, struct shell_here *here)
{
	struct buffer end;
	char quote = 0;
	buffer_init(&end, lexer->arena);
	shell_skip_blanks(lexer, " \t");
	for (; !shell_at_end(lexer) && (quote || !shell_is_meta(lexer->text.ptr[lexer->at]));
	     lexer->at++) {
		char byte = lexer->text.ptr[lexer->at];
		if (byte == '\0' || byte == '\n' || byte == '$' || byte == '`') {
			shell_lose(lexer);
			return;
		}
		if (quote ? byte == quote : byte == '\'' || byte == '"') {
			quote = quote ? 0 : byte;
			here->quoted = true;
		} else if (byte == '\\') {
			here->quoted = true;
		} else {
			buffer_putc(&end, byte);
		}
	}
	here->end = buffer_text(&end);
	if (quote || end.len == 0)
		shell_lose(lexer);
}

static void lex_mark(struct shell_lexer *lexer)
{
	struct shell_here here = { .reaches = shell_reads_stdin(lexer) };
	lexer->at += 2;
	if (shell_byte(lexer, lexer->at) == '-') {
		here.tabs = true;
		lexer->at++;
	}
	lex_delimiter(lexer, &here);
	*list_add(&lexer->here.list, lexer->arena) = here;
}

/* ">", "2>", "&>" and ">&": which outputs go elsewhere. "2>&1" stays where standard output is. */
static void note_moved(struct shell_lexer *lexer)
{
	bool *moved = lexer->command.moved;
	bool second = lexer->at > 0 && lexer->text.ptr[lexer->at - 1] == '2';
	if (shell_looking_at(lexer, "<"))
		return;
	if (shell_looking_at(lexer, ">&1"))
		moved[1] = moved[1] || (second && moved[0]);
	else if (shell_looking_at(lexer, ">&2"))
		moved[0] = moved[0] || moved[1];
	else if (shell_looking_at(lexer, "&>") || shell_looking_at(lexer, ">&"))
		moved[0] = moved[1] = true;
	else
		moved[second] = true;
}

void shell_lex_redirection(struct shell_lexer *lexer)
{
	note_moved(lexer);
	if (shell_looking_at(lexer, "<<") && !shell_looking_at(lexer, "<<<")) {
		lex_mark(lexer);
		return;
	}
	while (!shell_at_end(lexer) && lexer->text.ptr[lexer->at] &&
	       strchr("<>&|", lexer->text.ptr[lexer->at]))
		lexer->at++;
	shell_skip_blanks(lexer, " \t");
	if (!shell_at_end(lexer) && !shell_is_meta(lexer->text.ptr[lexer->at]))
		shell_lex_word(lexer);
}

/* Where the text of a here-document ends (the start of its last line), or SIZE_MAX. *next is behind
 * that line. */
static size_t here_end(const struct shell_lexer *lexer, const struct shell_here *here, size_t *next)
{
	size_t at = lexer->at;
	bool continued = false;
	while (at <= lexer->end) {
		size_t newline = text_find(lexer->text, TEXT("\n"), at);
		size_t end = newline < lexer->end ? newline : lexer->end;
		struct text line = text_slice(lexer->text, at, end);
		while (here->tabs && text_starts(line, "\t"))
			line = text_slice(line, 1, line.len);
		*next = end < lexer->end ? end + 1 : end;
		if (text_equal(line, here->end))
			return continued ? SIZE_MAX : at;
		if (end == lexer->end)
			return SIZE_MAX;
		size_t slashes = 0;
		while (slashes < line.len && line.ptr[line.len - 1 - slashes] == '\\')
			slashes++;
		continued = !here->quoted && slashes % 2;
		at = end + 1;
	}
	return SIZE_MAX;
}

static void lex_here_text(struct shell_lexer *lexer, const struct shell_here *here)
{
	size_t next, outer = lexer->end;
	size_t end = here_end(lexer, here, &next);
	if (end == SIZE_MAX) {
		shell_lose(lexer);
		return;
	}
	size_t first = shell_hole(lexer, lexer->at), last = shell_hole(lexer, end);
	for (size_t i = first; i < last; i++)
		lexer->places[i].reaches = here->reaches;
	if (here->quoted) {
		shell_skip_to(lexer, end, "in a here-document whose end is quoted");
	} else {
		lexer->end = end;
		shell_lex_expanded(lexer, '\0', RULE_HERE);
		lexer->end = outer;
	}
	if (!lexer->lost)
		lexer->at = next;
}

void shell_lex_here(struct shell_lexer *lexer)
{
	struct shell_heres here = lexer->here;
	memset(&lexer->here, 0, sizeof(lexer->here));
	for (size_t i = 0; i < here.list.count && !lexer->lost; i++)
		lex_here_text(lexer, &here.list.at[i]);
}
