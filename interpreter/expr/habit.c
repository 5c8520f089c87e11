/* What people write who come from other languages, and how CEL spells it. */
#include "expr/internal.h"

/* One habit: the token that is in the way and the one before it; NULL: any. */
struct habit {
	const char *before;
	const char *token;
	const char *hint;
	bool adjacent; /* only without a blank between the two */
};

static const struct habit habits[] = {
	{ NULL, "and", "Write '&&' for 'and'.", false },
	{ NULL, "AND", "Write '&&' for 'and'.", false },
	{ NULL, "&", "Write '&&' for 'and'.", false },
	{ NULL, "or", "Write '||' for 'or'.", false },
	{ NULL, "OR", "Write '||' for 'or'.", false },
	{ NULL, "|", "Write '||' for 'or'; for a filter call a function: x.trim().", false },
	{ "not", NULL, "Write '!' for 'not', as in !(x in list).", false },
	{ "NOT", NULL, "Write '!' for 'not', as in !(x in list).", false },
	{ NULL, "not", "Write !(x in list) for 'x not in list'.", false },
	{ "==", "=", "Write '==': it never converts, so there is no '==='.", true },
	{ "!=", "=", "Write '!=': it never converts, so there is no '!=='.", true },
	{ "<", ">", "Write '!=' for '<>'.", true },
	{ "=", "~", "Write x.matches('pattern').", true },
	{ NULL, "=", "Write '==' to compare; an expression cannot assign.", false },
	{ NULL, "~", "Write x.matches('pattern') to match.", false },
	{ "?", "?", "Write x.?y.orValue(other) for 'x.y ?? other'.", true },
	{ NULL, "is", "Write '==' for 'is', and has(x.y) to ask whether x.y is there.", false },
	{ NULL, "if", "Write condition ? value : other.", false },
	{ "if", NULL, "Write condition ? value : other.", false },
	{ NULL, "then", "Write condition ? value : other.", false },
	{ NULL, "else", "Write condition ? value : other.", false },
	{ NULL, "contains", "Write x.contains(y).", false },
	{ NULL, "matches", "Write x.matches('pattern').", false },
	{ NULL, "startsWith", "Write x.startsWith(y).", false },
	{ ".", "*", "Write x.map(item, item.name) for 'x.*.name'.", false },
	{ "*", "*", "There is no power operator; write x * x.", true },
	{ NULL, "^", "There is no '^'; for numbers see the math functions.", false },
	{ NULL, ";", "An expression is one value; it has no ';'.", false },
	{ NULL, "$", "Inside an expression names stand bare: inputs.name, not ${{ inputs.name }}.",
	  false },
	{ NULL, "#", "A comment in an expression begins with //.", false },
	{ NULL, "->", "Write list.map(item, item.name).", false },
	{ "=", ">", "Write list.map(item, item.name).", true },
	{ "-", ">", "Write list.map(item, item.name).", true },
	{ "+", "+", "An expression cannot change anything; write x + 1.", true },
};

static bool is(const char *wanted, struct text text)
{
	return !wanted || text_is(text, wanted);
}

static const char *hint_of(struct text before, struct text token, bool adjacent)
{
	for (size_t i = 0; i < sizeof(habits) / sizeof(*habits); i++)
		if (is(habits[i].before, before) && is(habits[i].token, token) &&
		    (adjacent || !habits[i].adjacent))
			return habits[i].hint;
	return NULL;
}

/* `a?.b` reads as the start of a condition with the rooted name `.b`. */
static bool is_question_dot(const struct compiler *compiler, struct token token, const char *wanted)
{
	return text_is(text_of(wanted), "':'") &&
	       text_find(text_slice(compiler->text, 0, token.from), TEXT("?."), 0) != SIZE_MAX;
}

static const char *spelling(const struct compiler *compiler, struct token before,
			    struct token token, const char *wanted)
{
	bool adjacent = before.to == token.from;
	struct text text = text_slice(compiler->text, token.from, token.to);
	const char *hint = hint_of(text_slice(compiler->text, before.from, before.to), text,
				   adjacent);
	if (hint)
		return hint;
	if (is_question_dot(compiler, token, wanted))
		return "Write x.?y for 'x?.y': it gives an optional, see orValue.";
	if (before.kind == TOKEN_STRING && token.kind == TOKEN_STRING && adjacent)
		return "Write a quote inside a text as \\', or put the text in double quotes.";
	return NULL;
}

void habit_report(struct compiler *compiler, struct token before, struct token token,
		  const char *wanted)
{
	struct text text = text_slice(compiler->text, token.from, token.to);
	const char *hint = spelling(compiler, before, token, wanted);
	enum diag_code code = hint ? RB0305 : RB0301;

	if (token.kind == TOKEN_END)
		complain(compiler, token.from, token.to, code,
			 "expression ends where %s is missing", wanted);
	else if (token.kind == TOKEN_RESERVED && wanted[0] == 'a' && !hint)
		complain(compiler, token.from, token.to, RB0306, "'%.*s' is a reserved word",
			 TEXT_ARG(text));
	else
		complain(compiler, token.from, token.to, code, "unexpected '%.*s', expected %s",
			 TEXT_ARG(text), wanted);
	if (hint)
		diag_hint(compiler->diags, "%s", hint);
	else if (token.kind == TOKEN_RESERVED)
		diag_hint(compiler->diags, "A field of this name is read as x.%.*s or x['%.*s'].",
			  TEXT_ARG(text), TEXT_ARG(text));
	else if (token.kind == TOKEN_END)
		diag_hint(compiler->diags, "Write %s, or remove what asks for it.", wanted);
	else
		diag_hint(compiler->diags,
			  "Remove it, write %s before it, or quote what is a text: 'a b'.", wanted);
}

void habit_report_literal(struct compiler *compiler, const struct lexer *lexer, struct token token)
{
	complain(compiler, token.from, token.to, lexer->code, "'%.*s' %s",
		 TEXT_ARG(text_slice(compiler->text, token.from, token.to)), lexer->complaint);
	if (lexer->code == RB0303)
		diag_hint(compiler->diags,
			  "Write decimal digits, as 1000 or 0.5, or 0x and hexadecimal ones.");
	else
		diag_hint(compiler->diags,
			  "Close it with the same quote; one inside is written \\' or \\\".");
}

void habit_report_depth(struct compiler *compiler, struct token token)
{
	complain(compiler, token.from, token.to, RB0304, "expression is nested more than %d deep",
		 EXPR_MAX_DEPTH);
	diag_hint(compiler->diags, "Take parts of it out into 'vars'.");
}
