/* explain: libraries and their steps, from what their documents declare. */

#include <string.h>
#include <unistd.h>

#include "cli/explain.h"
#include "report/report.h"

#define STANDARD "std/"
#define LIBRARY_COLUMN 18

/* ---- inputs and outputs as rows of a table ------------------------------------------------- */

/* "int 1..65535", "string, secret". */
static const char *input_form(const struct input *input, struct arena *arena)
{
	struct buffer form;
	buffer_init(&form, arena);
	for (size_t i = 0; i < input->choices.count; i++)
		buffer_printf(&form, "%s%s", i ? "|" : "", input->choices.at[i]);
	if (!input->choices.count)
		buffer_puts(&form, input_type_names[input->type]);
	if (input->min || input->max)
		buffer_printf(&form, " %s..%s", input->min ? input->min : "",
			      input->max ? input->max : "");
	if (input->secret)
		buffer_puts(&form, ", secret");
	return buffer_string(&form);
}

static const char *input_default(const struct input *input, struct arena *arena)
{
	const struct node *node = input->dflt;
	if (!node)
		return NULL;
	return arena_text(arena, node->kind == NODE_SCALAR ? node->text : span_text(node->span))
		.ptr;
}

static void put_inputs(struct explaining *explaining, const char *title, const struct input *inputs,
		       size_t count)
{
	struct arena *arena = explaining->cli->arena;
	struct field *rows = arena_array(arena, struct field, count + 1);
	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct field){
			.name = inputs[i].name,
			.kind = FIELD_NODE,
			.form = input_form(&inputs[i], arena),
			.flags = inputs[i].dflt ? 0 : FIELD_REQUIRED,
			.dflt = input_default(&inputs[i], arena),
			.doc = inputs[i].description ? inputs[i].description : "",
		};
	buffer_printf(&explaining->out, "\n%s\n", title);
	field_describe(&explaining->out, rows);
}

static void put_outputs(struct explaining *explaining, const struct output *outputs)
{
	struct arena *arena = explaining->cli->arena;
	size_t count = 0;
	while (outputs && outputs[count].name)
		count++;
	struct field *rows = arena_array(arena, struct field, count + 1);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct field){ .name = outputs[i].name,
					  .kind = FIELD_NODE,
					  .form = type_name(outputs[i].type, arena),
					  .doc = outputs[i].doc ? outputs[i].doc : "" };
	if (count)
		buffer_puts(&explaining->out, "\noutputs\n");
	field_describe(&explaining->out, rows);
}

/* ---- one step ------------------------------------------------------------------------------ */

static void put_text(struct explaining *explaining, const char *text)
{
	report_text(&explaining->out, text, report_width(STDOUT_FILENO));
}

/* "text: " and what is wrapped behind it. */
static void put_line(struct explaining *explaining, const char *label, const char *text)
{
	put_text(explaining, arena_format(explaining->cli->arena, "%s: %s", label, text));
}

/* An effect that is computed is told as it is written, without its braces. */
static void put_effect(struct explaining *explaining, const struct plan_node *node,
		       const struct node *effect)
{
	struct arena *arena = explaining->cli->arena;
	struct text text = effect ? text_trim(effect->text) : (struct text){ 0 };
	if (effect && text_starts(text, "${{"))
		put_line(explaining, "effect",
			 arena_text(arena, text_trim(text_slice(text, strlen("${{"),
								text.len - strlen("}}"))))
				 .ptr);
	else
		put_line(explaining, "effect",
			 effect ? arena_text(arena, text).ptr
				: effect_name((enum effect)node->effect));
}

static bool stands_in(const struct plan *plan, const struct plan_node *node, int32_t slot)
{
	int32_t at = node->slot;
	while (at != PLAN_NONE && at != slot)
		at = plan->nodes[at]->parent;
	return at == slot;
}

/* What a rollback does about it: the steps of the undos in it. */
static void put_undo(struct explaining *explaining, const struct plan *plan, int32_t slot)
{
	struct buffer steps;
	buffer_init(&steps, explaining->cli->arena);
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = plan->nodes[i];
		if (node->undo == PLAN_NONE || !stands_in(plan, node, slot))
			continue;
		for (int32_t at = plan->nodes[node->undo]->child; at != PLAN_NONE;
		     at = plan->nodes[at]->next)
			buffer_printf(&steps, "%s%s", steps.len ? "; " : "",
				      plan->nodes[at]->title);
	}
	if (steps.len)
		put_line(explaining, "undo", buffer_string(&steps));
	else if (plan->nodes[slot]->effect >= EFFECT_WRITE)
		buffer_puts(&explaining->out, "undo: none of its own\n");
}

static void put_step(struct explaining *explaining, const struct plan *plan,
		     const struct plan_library_step *step, const char *use)
{
	const struct plan_node *node = plan->nodes[step->slot];
	explain_gap(&explaining->out);
	buffer_printf(&explaining->out, "%s\n\n", use);
	put_text(explaining, step->description ? step->description : "");
	if (step->example)
		buffer_printf(
			&explaining->out, "\n%s\n",
			arena_text(explaining->cli->arena, text_trim(text_of(step->example))).ptr);
	put_inputs(explaining, "fields", step->inputs, step->input_count);
	put_outputs(explaining, node->outputs);
	buffer_putc(&explaining->out, '\n');
	if (step->main)
		put_line(explaining, "main", step->main);
	put_effect(explaining, node, step->effect);
	put_undo(explaining, plan, step->slot);
}

/* ---- a library ----------------------------------------------------------------------------- */

/* The import as it must be written at least. */
static void put_import(struct explaining *explaining, const struct plan_library *library,
		       const char *import)
{
	struct buffer with;
	buffer_init(&with, explaining->cli->arena);
	for (size_t i = 0; i < library->input_count; i++)
		if (!library->inputs[i].dflt)
			buffer_printf(&with, "%s%s: VALUE", with.len ? ", " : "",
				      library->inputs[i].name);
	if (with.len)
		buffer_printf(&explaining->out, "\nimport: [{library: %s, with: {%s}}]\n", import,
			      buffer_string(&with));
	else
		buffer_printf(&explaining->out, "\nimport: [%s]\n", import);
}

/* import is how a document names it. */
static void put_library(struct explaining *explaining, const struct plan *plan, const char *import)
{
	const struct plan_library *library = plan->library;
	buffer_printf(&explaining->out, "%s\n\n", import);
	put_text(explaining, library->description ? library->description : "");
	put_import(explaining, library, import);
	for (size_t i = 0; i < plan->programs.count; i++)
		buffer_printf(&explaining->out, "%s%s%s",
			      i ? ", " : "programs: ", plan->programs.at[i],
			      i + 1 < plan->programs.count ? "" : "\n");
	put_inputs(explaining, "inputs of all its steps; given with import: {library, with}",
		   library->inputs, library->input_count);
}

/* Its name as a verb: the step that is named as the library has no other name. */
static const char *step_use(struct explaining *explaining, const struct plan_library *library,
			    const struct plan_library_step *step)
{
	return strcmp(step->name, library->name) == 0
		       ? library->name
		       : arena_format(explaining->cli->arena, "%s.%s", library->name, step->name);
}

static const struct plan *standard_plan(struct explaining *explaining, const char *name)
{
	struct diags diags;
	return cli_plan(explaining->cli, arena_format(explaining->cli->arena, STANDARD "%s", name),
			&plan_reader_standard, &diags);
}

/* "compose", "std/compose": all of it. "compose.logs": one of its steps. "std/compose.yaml": its
 * text. */
static void explain_one(struct explaining *explaining, const char *name)
{
	const char *full = arena_format(explaining->cli->arena, STANDARD "%s", name);
	bool all = explain_is(explaining, name) || explain_is(explaining, full);
	if (explain_is(explaining, arena_format(explaining->cli->arena, "%s.yaml", full))) {
		buffer_add(&explaining->out, library_embedded(text_of(name)));
		return;
	}
	if (!all && !text_starts(text_of(explaining->word),
				 arena_format(explaining->cli->arena, "%s.", name)))
		return;
	const struct plan *plan = standard_plan(explaining, name);
	if (!plan)
		return;
	if (all)
		put_library(explaining, plan, full);
	for (size_t i = 0; i < plan->library->step_count; i++) {
		const struct plan_library_step *step = &plan->library->steps[i];
		const char *use = step_use(explaining, plan->library, step);
		if (explain_is(explaining, use) || all)
			put_step(explaining, plan, step, use);
	}
}

/* The first line of a description. */
static void put_summary(struct explaining *explaining, const char *name)
{
	const struct plan *plan = standard_plan(explaining, name);
	const char *text = plan && plan->library->description ? plan->library->description : "";
	buffer_printf(&explaining->out, "%-*s %.*s\n", LIBRARY_COLUMN,
		      arena_format(explaining->cli->arena, STANDARD "%s", name),
		      (int)strcspn(text, "\n"), text);
}

void explain_library(struct explaining *explaining)
{
	bool index = explain_is(explaining, "std");
	for (const char *const *name = library_names(explaining->cli->arena); *name; name++)
		if (index)
			put_summary(explaining, *name);
		else
			explain_one(explaining, *name);
}

/* A document of that name: a library of one's own. */
void explain_document(struct explaining *explaining)
{
	struct diags diags;
	const char *word = explaining->word;
	const char *kind = explaining->out.len ? NULL : document_kind(word, explaining->cli->arena);
	if (!kind || strcmp(kind, "library") != 0)
		return;
	const struct plan *plan = cli_plan(explaining->cli, word, &plan_reader_disk, &diags);
	explaining->flawed = !plan;
	if (!plan)
		return;
	put_library(explaining, plan, word);
	for (size_t i = 0; i < plan->library->step_count; i++)
		put_step(explaining, plan, &plan->library->steps[i],
			 step_use(explaining, plan->library, &plan->library->steps[i]));
}
