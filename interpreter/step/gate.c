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
	STRINGS(struct gate_args, by, .flags = FIELD_NO_SECRET,
		.doc = "Users and @groups of this machine who may decide; default: anybody."),
	STRING(struct gate_args, must_type, .flags = FIELD_NO_SECRET,
	       .doc = "What has to be typed instead of yes."),
	STRING(struct gate_args, show, .flags = FIELD_NO_SECRET,
	       .doc = "Text shown with the question."),
	{ 0 },
};

static const struct field manual_fields[] = {
	STRING(struct gate_args, instructions, .flags = FIELD_REQUIRED | FIELD_NO_SECRET,
	       .doc = "What a person is to do."),
	STRING(struct gate_args, evidence, .flags = FIELD_NO_SECRET,
	       .doc = "What the person is asked to note: a ticket, a checksum."),
	STRINGS(struct gate_args, by, .flags = FIELD_NO_SECRET,
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

static void gate_start(struct task *task, const void *data)
{
	const struct gate_args *args = data;
	const struct question question = {
		.kind = args->instructions ? "manual" : "approve",
		.text = args->instructions ? args->instructions : args->question,
		.show = args->show,
		.by = args->by,
		.must_type = args->must_type,
		.evidence = args->evidence,
	};
	task_ask(task, &question, answered);
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
