/* approve and manual: steps that wait for a person. */

#include <string.h>

#include "step/internal.h"

struct gate_args {
	const char *question;
	const char *instructions;
	struct strings by;
	const char *must_type;
	const char *show;
	const char *evidence;
};

static const struct field approve_fields[] = {
	STRING(struct gate_args, question, .flags = FIELD_REQUIRED | FIELD_NO_SECRET,
	       .doc = "What is to be decided."),
	STRINGS(struct gate_args, by, .flags = FIELD_NO_SECRET | FIELD_DETAIL,
		.doc = "Users and @groups of this machine who may decide; default: anybody."),
	STRING(struct gate_args, must_type, .flags = FIELD_NO_SECRET | FIELD_DETAIL,
	       .doc = "What has to be typed instead of yes; by flag: --approve ID=TEXT."),
	STRING(struct gate_args, show, .flags = FIELD_NO_SECRET | FIELD_DETAIL,
	       .doc = "Text shown with the question, and by plan."),
	{ 0 },
};

static const struct field manual_fields[] = {
	STRING(struct gate_args, instructions, .flags = FIELD_REQUIRED | FIELD_NO_SECRET,
	       .doc = "What a person is to do."),
	STRING(struct gate_args, evidence, .flags = FIELD_NO_SECRET | FIELD_DETAIL,
	       .doc = "What the person has to note: a ticket, a checksum; by flag: --evidence "
		      "ID=TEXT beside --approve ID. It is recorded."),
	STRINGS(struct gate_args, by, .flags = FIELD_NO_SECRET | FIELD_DETAIL,
		.doc = "Users and @groups of this machine who may do it; default: anybody."),
	{ 0 },
};

static const struct output gate_outputs[] = {
	{ "by", &type_string, "Who answered." },
	{ "at", &type_timestamp, "When." },
	{ "note", &type_string, "What was noted, or ''." },
	{ 0 },
};

static void answered(struct task *task, const struct answer *answer)
{
	struct value_map_builder map;
	if (strcmp(answer->how, "nobody") == 0) {
		task_fail(task, "rejected", RB0405, value_null(), "%s", answer->note);
		return;
	}
	if (strcmp(answer->answer, "yes") != 0) {
		/* What was to be done by hand may have been begun. */
		const struct outcome outcome = {
			.status = OUTCOME_FAILED,
			.class = "rejected",
			.code = RB0405,
			.message = arena_format(task->arena, "refused by %s%s%s", answer->by,
						answer->note ? ": " : "",
						answer->note ? answer->note : ""),
		};
		task_finish(task, &outcome, value_null());
		return;
	}
	value_map_init(&map, task->arena);
	value_map_set(&map, "by", value_cstring(arena_string(task->arena, answer->by)));
	value_map_set(
		&map, "at",
		value_timestamp(answer->wall / NS_PER_S, (uint32_t)(answer->wall % NS_PER_S)));
	value_map_set(&map, "note",
		      value_cstring(answer->note ? arena_string(task->arena, answer->note) : ""));
	task_succeed(task, value_map_end(&map));
}

static struct question question_of(const struct gate_args *args)
{
	return (struct question){
		.kind = args->instructions ? "manual" : "approve",
		.text = args->instructions ? args->instructions : args->question,
		.show = args->show,
		.by = args->by,
		.must_type = args->must_type,
		.evidence = args->evidence,
	};
}

static void gate_start(struct task *task, const void *data)
{
	const struct question question = question_of(data);
	task_ask(task, &question, answered);
}

/* The run will tell it, or plan has. */
static void leave(void *data, const struct failure *failure)
{
	(void)data;
	(void)failure;
}

struct question gate_question(const struct bound *args, const struct expr_scope *scope,
			      struct arena *arena)
{
	struct gate_args known = { 0 };
	field_rehearse(args, scope, arena, &known, leave, NULL);
	return question_of(&known);
}

extern const struct step_type step_approve, step_manual;

const struct step_type step_approve = {
	.name = "approve",
	.main = "question",
	.summary = "Wait until a person agrees.",
	.kind = STEP_KIND_GATE,
	.effect = EFFECT_NONE,
	.fields = approve_fields,
	.size = sizeof(struct gate_args),
	.outputs = gate_outputs,
	.start = gate_start,
	.example = "- approve: Deploy to production?\n  id: go",
};

const struct step_type step_manual = {
	.name = "manual",
	.main = "instructions",
	.summary = "Wait until a person has done something.",
	.kind = STEP_KIND_GATE,
	.effect = EFFECT_WRITE,
	.fields = manual_fields,
	.size = sizeof(struct gate_args),
	.outputs = gate_outputs,
	.start = gate_start,
	.example = "- manual: Switch the load balancer to the new pool.\n  id: switch",
};

struct gate_wants gate_wants(const struct step_type *type, const struct bound *args)
{
	bool manual = type == &step_manual;
	if (!type || type->kind != STEP_KIND_GATE)
		return (struct gate_wants){ 0 };
	return (struct gate_wants){
		.text = !manual && field_node(args, "must_type"),
		.evidence = manual && field_node(args, "evidence"),
		.note = manual,
	};
}
