/* Bytes to tokens, one at a time. */
#include "expr/internal.h"

/* Operators; of two with the same start the longer one stands first. */
static const struct {
	const char *text;
	enum token_kind kind;
} operators[] = {
	{ "<=", TOKEN_LESS_EQUAL }, { ">=", TOKEN_GREATER_EQUAL }, { "==", TOKEN_EQUAL },
	{ "!=", TOKEN_NOT_EQUAL },  { "&&", TOKEN_AND },           { "||", TOKEN_OR },
	{ "(", TOKEN_LPAREN },      { ")", TOKEN_RPAREN },         { "[", TOKEN_LBRACKET },
	{ "]", TOKEN_RBRACKET },    { "{", TOKEN_LBRACE },         { "}", TOKEN_RBRACE },
	{ ".", TOKEN_DOT },         { ",", TOKEN_COMMA },          { ":", TOKEN_COLON },
	{ "?", TOKEN_QUESTION },    { "+", TOKEN_PLUS },           { "-", TOKEN_MINUS },
	{ "*", TOKEN_STAR },        { "/", TOKEN_SLASH },          { "%", TOKEN_PERCENT },
	{ "!", TOKEN_NOT },         { "<", TOKEN_LESS },           { ">", TOKEN_GREATER },
};

static const struct {
	const char *text;
	enum token_kind kind;
} words[] = {
	{ "true", TOKEN_TRUE },          { "false", TOKEN_FALSE },
	{ "null", TOKEN_NULL },          { "in", TOKEN_IN },
	{ "as", TOKEN_RESERVED },        { "break", TOKEN_RESERVED },
	{ "const", TOKEN_RESERVED },     { "continue", TOKEN_RESERVED },
	{ "else", TOKEN_RESERVED },      { "for", TOKEN_RESERVED },
	{ "function", TOKEN_RESERVED },  { "if", TOKEN_RESERVED },
	{ "import", TOKEN_RESERVED },    { "let", TOKEN_RESERVED },
	{ "loop", TOKEN_RESERVED },      { "package", TOKEN_RESERVED },
	{ "namespace", TOKEN_RESERVED }, { "return", TOKEN_RESERVED },
	{ "var", TOKEN_RESERVED },       { "void", TOKEN_RESERVED },
	{ "while", TOKEN_RESERVED },
};

/* The byte at offset ahead of the lexer; -1 behind the end. */
static int peek(const struct lexer *lexer, uint32_t ahead)
{
	if (ahead >= lexer->text.len - lexer->at)
		return -1;
	return (unsigned char)lexer->text.ptr[lexer->at + ahead];
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_hex(int byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool is_name_start(int byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool is_name(int byte)
{
	return is_name_start(byte) || is_digit(byte);
}

static bool is_blank(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static void skip_blanks(struct lexer *lexer)
{
	for (;;) {
		while (is_blank(peek(lexer, 0)))
			lexer->at++;
		if (peek(lexer, 0) != '/' || peek(lexer, 1) != '/')
			return;
		while (peek(lexer, 0) != -1 && peek(lexer, 0) != '\n')
			lexer->at++;
	}
}

static struct token token_to(const struct lexer *lexer, enum token_kind kind, uint32_t from)
{
	return (struct token){ .kind = kind, .from = from, .to = lexer->at };
}

static struct token bad(struct lexer *lexer, uint32_t from, enum diag_code code,
			const char *complaint)
{
	lexer->code = code;
	lexer->complaint = complaint;
	return token_to(lexer, TOKEN_BAD, from);
}

static uint32_t skip_digits(struct lexer *lexer, bool (*is)(int byte))
{
	uint32_t from = lexer->at;
	while (is(peek(lexer, 0)))
		lexer->at++;
	return lexer->at - from;
}

/* Passes over the fraction and the exponent, as far as they are there. */
static bool skip_fraction(struct lexer *lexer)
{
	uint32_t from = lexer->at;
	if (peek(lexer, 0) == '.' && is_digit(peek(lexer, 1))) {
		lexer->at++;
		skip_digits(lexer, is_digit);
	}
	if (peek(lexer, 0) != 'e' && peek(lexer, 0) != 'E')
		return lexer->at > from;
	uint32_t sign = peek(lexer, 1) == '+' || peek(lexer, 1) == '-';
	if (is_digit(peek(lexer, 1 + sign))) {
		lexer->at += 1 + sign;
		skip_digits(lexer, is_digit);
	}
	return lexer->at > from;
}

static struct token lex_number(struct lexer *lexer)
{
	uint32_t from = lexer->at;
	enum token_kind kind = TOKEN_INT;

	if (peek(lexer, 0) == '0' && peek(lexer, 1) == 'x' && is_hex(peek(lexer, 2))) {
		lexer->at += 2;
		skip_digits(lexer, is_hex);
	} else {
		skip_digits(lexer, is_digit);
		if (skip_fraction(lexer))
			kind = TOKEN_DOUBLE;
	}
	if (kind == TOKEN_INT && (peek(lexer, 0) == 'u' || peek(lexer, 0) == 'U')) {
		lexer->at++;
		kind = TOKEN_UINT;
	}
	if (!is_name(peek(lexer, 0)))
		return token_to(lexer, kind, from);
	skip_digits(lexer, is_name);
	return bad(lexer, from, RB0303, "is not a number");
}

static struct token lex_name(struct lexer *lexer)
{
	uint32_t from = lexer->at;
	skip_digits(lexer, is_name);
	struct text name = text_slice(lexer->text, from, lexer->at);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_is(name, words[i].text))
			return token_to(lexer, words[i].kind, from);
	return token_to(lexer, TOKEN_NAME, from);
}

static bool is_quoted(int byte)
{
	return is_name(byte) || byte == '.' || byte == '/' || byte == ' ' || byte == '-';
}

static struct token lex_quoted(struct lexer *lexer)
{
	uint32_t from = lexer->at++;
	uint32_t count = skip_digits(lexer, is_quoted);
	if (peek(lexer, 0) != '`')
		return bad(lexer, from, RB0302, "has no closing backquote");
	lexer->at++;
	if (count == 0)
		return bad(lexer, from, RB0302, "has no name between its backquotes");
	return token_to(lexer, TOKEN_QUOTED, from);
}

/* How many letters before a quote make a prefix of a literal; *raw, *bytes say which. */
static uint32_t text_prefix(const struct lexer *lexer, bool *raw, bool *bytes)
{
	uint32_t len = 0;
	*bytes = peek(lexer, 0) == 'b' || peek(lexer, 0) == 'B';
	len += *bytes;
	*raw = peek(lexer, len) == 'r' || peek(lexer, len) == 'R';
	return len + *raw;
}

static bool at_quotes(const struct lexer *lexer, int quote, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (peek(lexer, i) != quote)
			return false;
	return true;
}

static struct token lex_text(struct lexer *lexer)
{
	uint32_t from = lexer->at;
	bool raw, bytes;
	lexer->at += text_prefix(lexer, &raw, &bytes);
	int quote = peek(lexer, 0);
	uint32_t width = at_quotes(lexer, quote, 3) ? 3 : 1;

	for (lexer->at += width; !at_quotes(lexer, quote, width); lexer->at++) {
		int byte = peek(lexer, 0);
		if (byte == -1 || (width == 1 && (byte == '\n' || byte == '\r')))
			return bad(lexer, from, RB0302, "has no closing quote");
		if (byte == '\\' && !raw && peek(lexer, 1) != -1)
			lexer->at++;
	}
	lexer->at += width;
	return token_to(lexer, bytes ? TOKEN_BYTES : TOKEN_STRING, from);
}

static struct token lex_operator(struct lexer *lexer)
{
	uint32_t from = lexer->at;
	int first = peek(lexer, 0);
	int second = peek(lexer, 1);

	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		const char *text = operators[i].text;

		if (first != text[0] || (text[1] && second != text[1]))
			continue;
		lexer->at += text[1] ? 2 : 1;
		return token_to(lexer, operators[i].kind, from);
	}
	size_t end = from;
	text_next(lexer->text, &end);
	lexer->at = (uint32_t)end;
	return bad(lexer, from, RB0301, NULL);
}

struct token lexer_next(struct lexer *lexer)
{
	bool raw, bytes;

	skip_blanks(lexer);
	int byte = peek(lexer, 0);
	if (byte == -1)
		return token_to(lexer, TOKEN_END, lexer->at);
	if (is_digit(byte) || (byte == '.' && is_digit(peek(lexer, 1))))
		return lex_number(lexer);
	int quote = peek(lexer, text_prefix(lexer, &raw, &bytes));
	if (quote == '\'' || quote == '"')
		return lex_text(lexer);
	if (is_name_start(byte))
		return lex_name(lexer);
	if (byte == '`')
		return lex_quoted(lexer);
	return lex_operator(lexer);
}
