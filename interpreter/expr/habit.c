/* What people write who come from other languages, and how CEL spells it. */
#include "expr/internal.h"

/* One habit: what is written, and the token before it; NULL: any. */
struct habit {
	const char *before;
	const char *text; /* a word, or what the rest of the expression begins with */
	const char *hint;
	bool adjacent; /* only without a blank between the two, which are one operator then */
};

#define CONDITION "Write condition ? value : other."
#define LAMBDA "Write list.map(item, item.name)."
#define FOR_ALL "Write x.map(item, item.name) for 'x.*.name'."
#define NO_CHANGE "An expression cannot change anything; write x + 1."

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
	{ NULL, "xor", "Write a != b for 'a xor b'.", false },
	{ "==", "=", "Write '==': it never converts, so there is no '==='.", true },
	{ "!=", "=", "Write '!=': it never converts, so there is no '!=='.", true },
	{ "<", ">", "Write '!=' for '<>'.", true },
	{ "+", "=", NO_CHANGE, true },
	{ "-", "=", NO_CHANGE, true },
	{ NULL, "=~", "Write x.matches('pattern').", false },
	{ NULL, "=>", LAMBDA, false },
	{ NULL, "=", "Write '==' to compare; an expression cannot assign.", false },
	{ NULL, "~", "Write x.matches('pattern') to match.", false },
	{ "?", "?", "Write x.?y.orValue(other) for 'x.y ?? other'.", true },
	{ NULL, "is", "Write '==' for 'is', and has(x.y) to ask whether x.y is there.", false },
	{ NULL, "if", CONDITION, false },
	{ "if", NULL, CONDITION, false },
	{ NULL, "then", CONDITION, false },
	{ NULL, "else", CONDITION, false },
	{ NULL, "contains", "Write x.contains(y).", false },
	{ NULL, "matches", "Write x.matches('pattern').", false },
	{ NULL, "startsWith", "Write x.startsWith(y).", false },
	{ NULL, "endsWith", "Write x.endsWith(y).", false },
	{ NULL, "like", "Write x.matches('pattern'), or x.startsWith(y).", false },
	{ NULL, "between", "Write low <= x && x <= high.", false },
	{ ".", "*", FOR_ALL, false },
	{ "[", "*", FOR_ALL, false },
	{ "*", "*", "There is no power operator; write x * x.", true },
	{ NULL, "^", "There is no '^'; for numbers see the math functions.", false },
	{ NULL, ";", "An expression is one value; it has no ';'.", false },
	{ ".", "$", "Write json.a.b[0] for the path $.a.b[0].", false },
	{ NULL, "$.", "Write json.a.b[0] for the path $.a.b[0].", false },
	{ NULL, "$", "Inside an expression names stand bare: inputs.name, not ${{ inputs.name }}.",
	  false },
	{ NULL, "#", "A comment in an expression begins with //.", false },
	{ "-", ">", LAMBDA, true },
	{ "+", "+", NO_CHANGE, true },
};

/* What other languages call functions, and the names of the macros, which are no functions. */
static const struct {
	const char *name;
	const char *hint;
} functions[] = {
	{ "has", "Write has(x.y)." },
	{ "all", "Write list.all(item, condition)." },
	{ "exists", "Write list.exists(item, condition); has(x.y) asks whether a field is there." },
	{ "exists_one", "Write list.exists_one(item, condition)." },
	{ "map", "Write list.map(item, value), or list.map(item, condition, value)." },
	{ "filter", "Write list.filter(item, condition)." },
	{ "sortBy", "Write list.sortBy(item, key)." },
	{ "orValue", "Write x.?y.orValue(other)." },
	{ "optMap", "Write optional.optMap(value, result)." },
	{ "cel.bind", "Write cel.bind(name, value, result)." },
	{ "not", "Write !(x)." },
	{ "len", "Write size(x)." },
	{ "length", "Write x.size()." },
	{ "count", "Write x.size()." },
	{ "empty", "Write size(x) == 0." },
	{ "isEmpty", "Write size(x) == 0." },
	{ "includes", "Write item in list, or text.contains(part)." },
	{ "toUpperCase", "Write x.upperAscii()." },
	{ "toLowerCase", "Write x.lowerAscii()." },
	{ "upper", "Write x.upperAscii()." },
	{ "lower", "Write x.lowerAscii()." },
	{ "strip", "Write x.trim()." },
	{ "toString", "Write string(x)." },
	{ "str", "Write string(x)." },
	{ "parseInt", "Write int(x)." },
	{ "float", "Write double(x)." },
	{ "defined", "Write has(x.y)." },
	{ "get", "Write x.?key.orValue(other), or x[?key].orValue(other)." },
	{ "default", "Write x.?y.orValue(other)." },
	{ "any", "Write list.exists(item, condition)." },
	{ "some", "Write list.exists(item, condition)." },
	{ "every", "Write list.all(item, condition)." },
	{ "test", "Write x.matches('pattern')." },
	{ "match", "Write x.matches('pattern')." },
	{ "toJSON", "Write json.marshal(x)." },
	{ "fromJSON", "Write json.unmarshal(x)." },
	{ "fromJson", "Write json.unmarshal(x)." },
	{ "success", "Write steps.id.status == 'succeeded'." },
	{ "failure", "Write steps.id.status == 'failed'." },
	{ "always", "Put the step under 'finally'." },
};

#define FUNCTION_COUNT (sizeof(functions) / sizeof(*functions))

const char *habit_function(struct text name)
{
	for (size_t i = 0; i < FUNCTION_COUNT; i++)
		if (text_is(name, functions[i].name))
			return functions[i].hint;
	return NULL;
}

const char *habit_function_near(struct text name)
{
	const char *names[FUNCTION_COUNT];
	for (size_t i = 0; i < FUNCTION_COUNT; i++)
		names[i] = functions[i].name;
	const char *near = text_nearest(name, names, FUNCTION_COUNT);
	return near ? habit_function(text_of(near)) : NULL;
}

/* ---- tokens -------------------------------------------------------------------------------- */

/* What is in the way: the token that is not expected, the one before it, or both. */
struct obstacle {
	struct compiler *compiler;
	struct token before, token;
	uint32_t from, to; /* what to point at */
	const char *hint;  /* NULL: it is nobody's habit */
};

static bool is_before(const struct obstacle *obstacle, const char *wanted)
{
	const struct token *before = &obstacle->before;
	return !wanted ||
	       text_is(text_slice(obstacle->compiler->text, before->from, before->to), wanted);
}

static bool is_text(const struct obstacle *obstacle, const char *wanted)
{
	struct text all = obstacle->compiler->text;
	const struct token *token = &obstacle->token;
	if (!wanted || text_is(text_slice(all, token->from, token->to), wanted))
		return true;
	return token->kind == TOKEN_BAD &&
	       text_starts(text_slice(all, token->from, all.len), wanted);
}

/* Finds the habit, and points at all of it. */
static void find_habit(struct obstacle *obstacle)
{
	bool adjacent = obstacle->before.to == obstacle->token.from;
	for (size_t i = 0; i < sizeof(habits) / sizeof(*habits) && !obstacle->hint; i++) {
		const struct habit *habit = &habits[i];
		if (!is_before(obstacle, habit->before) || !is_text(obstacle, habit->text) ||
		    (habit->adjacent && !adjacent))
			continue;
		obstacle->hint = habit->hint;
		if (habit->adjacent || !habit->text)
			obstacle->from = obstacle->before.from;
		if (!habit->text)
			obstacle->to = obstacle->before.to;
		else if (habit->text[0] == '=' && habit->text[1])
			obstacle->to = obstacle->from + 2;
	}
}

/* `a?.b` reads as the start of a condition with the rooted name `.b`, whose ':' is missing. */
static void find_question_dot(struct obstacle *obstacle, const char *wanted)
{
	struct text read = text_slice(obstacle->compiler->text, 0, obstacle->token.from);
	size_t at = text_find(read, TEXT("?."), 0);
	if (obstacle->hint || !text_is(text_of(wanted), "':'") || at == SIZE_MAX)
		return;
	obstacle->hint = "Write x.?y for 'x?.y': it gives an optional, see orValue.";
	obstacle->from = (uint32_t)at;
	obstacle->to = obstacle->from + 2;
}

/* A text right behind another token. */
static void find_quotes(struct obstacle *obstacle)
{
	const struct token *before = &obstacle->before;
	if (obstacle->hint || obstacle->token.kind != TOKEN_STRING ||
	    before->to != obstacle->token.from)
		return;
	if (before->kind == TOKEN_STRING)
		obstacle->hint =
			"Write a quote inside a text as \\', or put the text in double quotes.";
	else if (before->kind == TOKEN_NAME && before->to - before->from == 1)
		obstacle->hint =
			"Only r'...' and b'...' have a letter before them; values go into a "
			"text by 'a %s'.format([x]), or 'a ' + string(x).";
}

static void hint_token(const struct obstacle *obstacle, const char *wanted)
{
	struct diags *diags = obstacle->compiler->diags;
	struct text text = text_slice(obstacle->compiler->text, obstacle->token.from,
				      obstacle->token.to);
	if (obstacle->hint)
		diag_hint(diags, "%s", obstacle->hint);
	else if (obstacle->token.kind == TOKEN_RESERVED)
		diag_hint(diags, "A field of this name is read as x.%.*s or x['%.*s'].",
			  TEXT_ARG(text), TEXT_ARG(text));
	else if (obstacle->token.kind == TOKEN_END)
		diag_hint(diags, "Write %s, or remove what asks for it.", wanted);
	else
		diag_hint(diags, "Remove it, write %s before it, or quote what is a text: 'a b'.",
			  wanted);
}

void habit_report(struct compiler *compiler, struct token before, struct token token,
		  const char *wanted)
{
	struct obstacle obstacle = { compiler, before, token, token.from, token.to, NULL };
	find_habit(&obstacle);
	find_question_dot(&obstacle, wanted);
	find_quotes(&obstacle);
	uint32_t from = obstacle.from, to = obstacle.to;
	enum diag_code code = obstacle.hint ? RB0305 : RB0301;
	struct text text = text_slice(compiler->text, from, to);

	if (from == to)
		complain(compiler, from, to, code, "expression ends where %s is missing", wanted);
	else if (token.kind == TOKEN_RESERVED && wanted[0] == 'a' && !obstacle.hint)
		complain(compiler, from, to, RB0306, "'%.*s' is a reserved word", TEXT_ARG(text));
	else if (to <= token.from)
		complain(compiler, from, to, code, "unexpected '%.*s'", TEXT_ARG(text));
	else
		complain(compiler, from, to, code, "unexpected '%.*s', expected %s", TEXT_ARG(text),
			 wanted);
	hint_token(&obstacle, wanted);
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
