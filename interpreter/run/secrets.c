/* Secrets of a run: what is computed from one is masked wherever it would be shown, and a trace of
 * each tells a rollback whether it is still the same. */

#include "base/sha256.h"
#include "run/internal.h"

#define MARK_DIGITS 4 /* hex: enough to see a change, too few to find the secret by guessing */

/* ---- masking ------------------------------------------------------------------------------- */

bool secrets_mask(struct engine *engine, struct value value, struct failure *failure)
{
	if (mask_add_value(engine->setup.mask, value))
		return true;
	*failure = (struct failure){
		.class = "resource",
		.message = arena_format(&engine->tick,
					"there are more than %u KiB of secrets: they cannot be "
					"masked in what is shown",
					MASK_MAX >> 10),
	};
	return false;
}

bool secrets_mask_names(struct engine *engine, const struct instance *instance,
			struct failure *failure)
{
	return secrets_mask(engine, instance->names[NAME_INPUTS], failure) &&
	       secrets_mask(engine, instance->names[NAME_VARS], failure) &&
	       secrets_mask(engine, instance->names[NAME_ENV], failure);
}

/* Expressions that stand in arguments make secrets that have no name. */
bool secrets_mask_bound(struct engine *engine, const struct bound *bound,
			const struct expr_scope *scope, struct failure *failure)
{
	const struct expr *expr;
	for (size_t i = 0; bound && (expr = field_expr(bound, i)); i++)
		if (expr_secret(expr, &engine->tick) &&
		    !secrets_mask(engine, expr_eval(expr, scope, &engine->tick), failure))
			return false;
	return true;
}

/* ---- traces -------------------------------------------------------------------------------- */

/* Salted with the run and the name: equal secrets of two runs do not look alike. */
const char *secret_trace(const struct engine *engine, const char *name, struct value secret,
			 struct arena *arena)
{
	struct sha256 sha256;
	uint8_t digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	struct text text;
	const char *why;
	if (!value_to_text(secret, arena, &text, &why))
		return NULL;
	sha256_init(&sha256);
	sha256_add(&sha256, engine->folder.id, strlen(engine->folder.id) + 1);
	sha256_add(&sha256, name, strlen(name) + 1);
	sha256_add(&sha256, text.ptr, text.len);
	sha256_end(&sha256, digest);
	sha256_hex(digest, hex);
	return arena_copy(arena, hex, MARK_DIGITS);
}

/* Names of the secrets that are other ones than those of the run that state tells of. */
struct value secrets_changed(const struct engine *engine, struct arena *arena)
{
	const struct plan_scope *scope = engine->setup.plan->scopes[0];
	struct value rows;
	struct lines names = { 0 };
	if (!value_field(engine->state.opened, "inputs", arena, &rows) ||
	    !value_is(rows, VALUE_LIST))
		return value_null();
	for (size_t i = 0; i < value_count(rows); i++) {
		const char *name = value_field_text(value_item(rows, i), "name", arena);
		const char *trace = value_field_text(value_item(rows, i), "trace", arena);
		for (size_t k = 0; *trace && k < scope->input_count; k++) {
			if (strcmp(scope->inputs[k].name, name) != 0)
				continue;
			const char *now = secret_trace(engine, name, engine->setup.inputs[k],
						       arena);
			if (now && strcmp(now, trace) != 0)
				*list_add(&names, arena) = value_cstring(name);
		}
	}
	return names.count ? value_list(names.at, names.count, arena) : value_null();
}
