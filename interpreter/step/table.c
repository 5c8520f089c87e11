/* The verbs, in the order of the reference. */

#include "step/internal.h"

extern const struct step_type step_run, step_shell, step_sql, step_http, step_git, step_file,
	step_write, step_download, step_wait, step_say, step_group, step_parallel, step_approve,
	step_manual, step_call;

const struct step_type *const step_types[] = {
	&step_run,     &step_shell,    &step_sql,  &step_http, &step_git,   &step_file,
	&step_write,   &step_download, &step_wait, &step_say,  &step_group, &step_parallel,
	&step_approve, &step_manual,   &step_call, NULL,
};

void step_show(struct buffer *out, const struct step_type *type, const struct bound *bound,
	       const struct expr_scope *scope, struct arena *arena)
{
	if (type->show)
		type->show(out, bound, scope, arena);
	else
		field_show(out, bound, scope, arena);
}

const struct step_type *step_type_find(struct text name)
{
	for (const struct step_type *const *type = step_types; *type; type++)
		if (text_is(name, (*type)->name))
			return *type;
	return NULL;
}

const char *const effect_names[] = {
	[EFFECT_NONE] = "none",
	[EFFECT_READ] = "read",
	[EFFECT_WRITE] = "write",
	[EFFECT_DESTRUCTIVE] = "destructive",
	NULL,
};

const char *effect_name(enum effect effect)
{
	return effect_names[effect];
}

bool effect_read(struct text text, enum effect *effect)
{
	for (int i = EFFECT_NONE; i <= EFFECT_DESTRUCTIVE; i++)
		if (text_is(text, effect_names[i])) {
			*effect = (enum effect)i;
			return true;
		}
	return false;
}
