/* The signatures of functions, "(list(A), int) -> A", read against the types of arguments. They
 * are read where they stand, so that a table of functions needs nothing made at start-up. */
#include "base/list.h"
#include "expr/internal.h"

/* A word of a signature: its type, or for what has arguments its kind; and the values it takes. */
static const struct term {
	const char *name;
	const struct type *type; /* NULL: kind says which */
	enum type_kind kind;
	uint32_t values; /* bits of enum value_kind */
} terms[] = {
	{ "string", &type_string, TYPE_STRING, 1u << VALUE_STRING },
	{ "int", &type_int, TYPE_INT, 1u << VALUE_INT },
	{ "dyn", &type_dyn, TYPE_DYN, UINT32_MAX },
	{ "bool", &type_bool, TYPE_BOOL, 1u << VALUE_BOOL },
	{ "uint", &type_uint, TYPE_UINT, 1u << VALUE_UINT },
	{ "double", &type_double, TYPE_DOUBLE, 1u << VALUE_DOUBLE },
	{ "bytes", &type_bytes, TYPE_BYTES, 1u << VALUE_BYTES },
	{ "null", &type_null, TYPE_NULL, 1u << VALUE_NULL },
	{ "null_type", &type_null, TYPE_NULL, 1u << VALUE_NULL },
	{ "type", &type_type, TYPE_TYPE, 1u << VALUE_TYPE },
	{ "duration", &type_duration, TYPE_DURATION, 1u << VALUE_DURATION },
	{ "timestamp", &type_timestamp, TYPE_TIMESTAMP, 1u << VALUE_TIMESTAMP },
	{ "list", NULL, TYPE_LIST, 1u << VALUE_LIST },
	{ "map", NULL, TYPE_MAP, 1u << VALUE_MAP | 1u << VALUE_OBJECT },
	{ "optional", NULL, TYPE_OPTIONAL, 1u << VALUE_OPTIONAL },
	{ "optional_type", NULL, TYPE_OPTIONAL, 1u << VALUE_OPTIONAL },
};

/* ---- reading ------------------------------------------------------------------------------- */

static void skip(struct signature *signature)
{
	while (*signature->at == ' ' || *signature->at == ',')
		signature->at++;
}

static bool take(struct signature *signature, char byte)
{
	if (*signature->at != byte)
		return false;
	signature->at++;
	return true;
}

static struct text read_word(struct signature *signature)
{
	const char *from = signature->at;
	while ((*signature->at >= 'a' && *signature->at <= 'z') || *signature->at == '_' ||
	       (*signature->at >= 'A' && *signature->at <= 'Z') ||
	       (*signature->at == '.' && signature->at[1] != '.'))
		signature->at++;
	return (struct text){ from, (size_t)(signature->at - from) };
}

static bool is_parameter(struct text word)
{
	return word.len == 1 && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z';
}

/* NULL: the word names an opaque class. */
static const struct term *find_term(struct text word)
{
	for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++)
		if (text_is(word, terms[i].name))
			return &terms[i];
	return NULL;
}

/* ---- against types ------------------------------------------------------------------------- */

static bool accept_type(struct signature *signature, const struct type *arg);

static bool bind(struct signature *signature, struct text word, const struct type *arg)
{
	const struct type **bound = &signature->bound[word.ptr[0] - 'A'];
	if (!*bound || (*bound)->kind == TYPE_PARAM)
		*bound = arg;
	else if (!type_assignable(*bound, arg))
		return false;
	else if (arg->kind == TYPE_DYN)
		*bound = arg;
	return true;
}

/* The arguments of a generic type, "(string, A)", or none at all. */
static bool accept_items(struct signature *signature, enum type_kind kind, const struct type *arg)
{
	bool open = type_is_open(arg);
	bool same = open || arg->kind == kind || (kind == TYPE_MAP && arg->kind == TYPE_OBJECT);
	const struct type *item = same && !open             ? arg->item
				  : arg->kind == TYPE_PARAM ? arg
							    : &type_dyn;
	const struct type *key = same && !open && kind == TYPE_MAP ? arg->key : &type_dyn;

	if (!take(signature, '('))
		return same;
	if (kind == TYPE_MAP) {
		same = accept_type(signature, key) && same;
		skip(signature);
	}
	same = accept_type(signature, item) && same;
	take(signature, ')');
	return same;
}

/* "tuple(A, B)", behind its name. */
static bool accept_opaque(struct signature *signature, struct text name, const struct type *arg)
{
	bool known = arg->kind == TYPE_OPAQUE && text_is(name, arg->name);
	bool accepts = known || type_is_open(arg);

	if (!take(signature, '('))
		return accepts;
	for (size_t i = 0; *signature->at && !take(signature, ')'); i++) {
		bool given = known && i < arg->argument_count;
		accepts = accept_type(signature, given ? arg->arguments[i] : &type_dyn) && accepts;
		skip(signature);
	}
	return accepts;
}

static bool accept_type(struct signature *signature, const struct type *arg)
{
	struct text word = read_word(signature);

	if (is_parameter(word))
		return bind(signature, word, arg);
	const struct term *term = find_term(word);
	if (!term)
		return accept_opaque(signature, word, arg);
	if (!term->type)
		return accept_items(signature, term->kind, arg);
	return term->kind == TYPE_DYN || type_is_open(arg) || term->kind == arg->kind;
}

/* Leaves the signature at the first type. */
static void open_signature(struct signature *signature, const char *text)
{
	*signature = (struct signature){ .at = text };
	take(signature, '(');
}

bool signature_accepts(struct signature *signature, const char *text,
		       const struct type *const *args, size_t count)
{
	bool accepts = true;

	open_signature(signature, text);
	for (size_t i = 0; i < count; i++) {
		const char *from = signature->at;
		accepts = accept_type(signature, args[i]) && accepts;
		if (signature->at[0] == '.' && i + 1 < count)
			signature->at = from;
		skip(signature);
	}
	return accepts;
}

bool signature_counts(const char *text, size_t count)
{
	size_t wanted = text[1] != ')';
	int depth = 0;
	for (const char *at = text + 1; depth >= 0; at++) {
		wanted += depth == 0 && *at == ',';
		depth += (*at == '(') - (*at == ')');
		if (at[0] == '.' && at[1] == '.')
			return count + 1 > wanted;
	}
	return count == wanted;
}

static const struct type *build(struct signature *signature, struct arena *arena);

static const struct type *build_generic(struct signature *signature, enum type_kind kind,
					struct arena *arena)
{
	const struct type *key = &type_dyn;
	const struct type *item = &type_dyn;
	if (take(signature, '(')) {
		item = build(signature, arena);
		skip(signature);
		if (kind == TYPE_MAP) {
			key = item;
			item = build(signature, arena);
		}
		take(signature, ')');
	}
	if (kind == TYPE_MAP)
		return type_map(key, item, arena);
	return kind == TYPE_LIST ? type_list(item, arena) : type_optional(item, arena);
}

static const struct type *build_opaque(struct signature *signature, struct text name,
				       struct arena *arena)
{
	LIST(const struct type *) arguments = { 0 };

	if (take(signature, '('))
		while (*signature->at && !take(signature, ')')) {
			*list_add(&arguments, arena) = build(signature, arena);
			skip(signature);
		}
	return type_opaque(arena_text(arena, name).ptr, arguments.at, arguments.count, arena);
}

static const struct type *build(struct signature *signature, struct arena *arena)
{
	struct text word = read_word(signature);

	if (is_parameter(word)) {
		const struct type *bound = signature->bound[word.ptr[0] - 'A'];
		return bound ? bound : &type_free;
	}
	const struct term *term = find_term(word);
	if (term && term->type)
		return term->type;
	if (term)
		return build_generic(signature, term->kind, arena);
	return build_opaque(signature, word, arena);
}

const struct type *signature_result(struct signature *signature, const char *text,
				    struct arena *arena)
{
	const char *arrow = strstr(text, "->");
	if (!arrow)
		return &type_dyn;
	signature->at = arrow + 2;
	skip(signature);
	return build(signature, arena);
}

/* ---- against kinds of values --------------------------------------------------------------- */

static uint32_t values_of(struct text word, const char **opaque, struct arena *arena)
{
	const struct term *term = find_term(word);
	if (is_parameter(word) || term)
		return term ? term->values : UINT32_MAX;
	*opaque = arena_text(arena, word).ptr;
	return 1u << VALUE_OPAQUE;
}

void signature_kinds(const char *text, size_t count, uint32_t *takes, const char **opaque,
		     struct arena *arena)
{
	struct signature signature;

	open_signature(&signature, text);
	for (size_t i = 0; i < count; i++) {
		const char *from = signature.at;
		struct text word = read_word(&signature);
		takes[i] = values_of(word, &opaque[i], arena);
		signature.at = from;
		accept_type(&signature, &type_dyn);
		if (signature.at[0] == '.' && i + 1 < count)
			signature.at = from;
		else
			skip(&signature);
	}
}
