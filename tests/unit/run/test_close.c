/* What the end of a run says: what is still in effect, what is to be done by hand, what to type. */
#include "trial.h"

/* The paths of the steps that are still in effect, each with "?" where it may be half done. */
static const char *in_effect(struct trial *trial)
{
	const struct event *event = trial_find(trial, EVENT_RUN_CLOSED, NULL);
	struct arena *arena = &trial->desk.arena;
	struct value list, half;
	struct buffer out;
	buffer_init(&out, arena);
	if (!event || !value_field(event->data, "in_effect", arena, &list))
		return "none";
	for (size_t i = 0; i < value_count(list); i++) {
		struct value row = value_item(list, i);
		buffer_printf(&out, "%s%s", i ? " " : "", value_field_text(row, "path", arena));
		if (value_field(row, "half", arena, &half) && half.boolean)
			buffer_putc(&out, '?');
	}
	return buffer_string(&out);
}

/* The commands, one behind the other, RUN for the run's id. */
static const char *next(struct trial *trial)
{
	const struct event *event = trial_find(trial, EVENT_RUN_CLOSED, NULL);
	const char *id = run_folder_of(trial->engine)->short_id;
	struct arena *arena = &trial->desk.arena;
	struct value list;
	struct buffer out;
	buffer_init(&out, arena);
	if (!event || !value_field(event->data, "next", arena, &list))
		return "none";
	for (size_t i = 0; i < value_count(list); i++) {
		struct text text = value_text(value_item(list, i));
		size_t at = text_find(text, text_of(id), 0);
		buffer_puts(&out, i ? "; " : "");
		buffer_add(&out, text_slice(text, strlen("runbook "), at));
		buffer_puts(&out, "RUN");
		buffer_add(&out, text_slice(text, at + strlen(id), text.len));
	}
	return buffer_string(&out);
}

static void a_good_run_says_what_it_did(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - {id: one, run: echo 7, capture: {n: text}, "
					  "assert: [text == '7', 'true']}\n"
					  "  - {run: 'false', on_failure: continue}\n"
					  "outputs: {n: steps.one.n}\n"),
			 0);
	assert_string_equal(closed(trial, "counts"),
			    "{\"steps\":2,\"assertions\":2,\"warnings\":1}");
	assert_string_equal(closed(trial, "outputs"), "{\"n\":\"7\"}");
	assert_string_equal(in_effect(trial), "none");
	assert_string_equal(next(trial), "none");
}

/* What looks, goes back or tidies up is meant to stay; what failed may be half done. */
static void what_is_still_in_effect(void **state)
{
	struct trial *trial = *state;
	desk_put(&trial->desk, "/desk/lib.yaml",
		 "library: 1\nname: lib\nsteps:\n  both:\n    steps:\n"
		 "      - shell: exit 0\n      - shell: exit 0\n");
	assert_int_equal(trial_run(trial, "import: [./lib.yaml]\n"
					  "steps:\n"
					  "  - shell: exit 0\n"
					  "  - {run: 'true', effect: read}\n"
					  "  - group: G\n"
					  "    steps: [{shell: exit 0}, {lib.both: {}}]\n"
					  "  - {when: 'false', shell: exit 0}\n"
					  "verify: [{shell: exit 3}]\n"
					  "finally: [{shell: exit 0}]\n"),
			 1);
	assert_string_equal(in_effect(trial), "1 3.1 3.2");
	assert_string_equal(closed(trial, "step"), "5.1");
	assert_int_equal(trial_run(trial, "steps: [{shell: exit 0}, {shell: exit 3}]\n"), 1);
	assert_string_equal(in_effect(trial), "1 2?");
}

static void what_was_undone_is_not(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - {shell: exit 0, undo: [{shell: exit 0}]}\n"
					  "  - {group: G, undo: [{shell: exit 0}], steps: "
					  "[{shell: exit 0}]}\n"
					  "  - shell: exit 0\n"
					  "  - {run: 'false', effect: read}\n"
					  "verify: [{run: 'true', effect: read}]\n"
					  "rollback: {mode: automatic}\n"),
			 3);
	assert_string_equal(in_effect(trial), "3");
	assert_string_equal(closed(trial, "msg"), "rolled back and verified");
	assert_string_equal(closed(trial, "by_hand"), "none");
	assert_string_equal(next(trial), "show RUN");
}

/* What the rollback would have done, and not what is in effect, which is told already. */
static void what_is_to_be_done_by_hand(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps:\n"
				   "  - {name: First, shell: exit 0, undo: [{shell: exit 0}]}\n"
				   "  - {name: Up, shell: exit 0, undo: [{shell: exit 5}]}\n"
				   "  - {name: Done, shell: exit 0, undo: [{shell: exit 0}]}\n"
				   "  - {name: Bad, shell: exit 3, undo: [{shell: exit 0}]}\n"
				   "verify: [{name: Look, run: 'true', effect: read}]\n"
				   "rollback: {mode: automatic, steps: [{say: back}]}\n"),
			 4);
	assert_string_equal(in_effect(trial), "1 2 4?");
	assert_string_equal(closed(trial, "by_hand"),
			    "[\"the undo of 1 First: it was not run\","
			    "\"the undo of 2 Up: it has not ended well\","
			    "\"R.1 say back: it was not run\",\"5.1 Look: it was not run\"]");
	assert_string_equal(closed(trial, "msg"),
			    "the rollback is incomplete: it ended at the undo of 2");
	assert_string_equal(closed(trial, "unverified"), "none");
	assert_string_equal(next(trial), "resume RUN; resume RUN --accept-changes; show RUN");
}

static void a_rollback_whose_verify_fails(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps: [{run: 'true', undo: [{run: 'true'}]}]\n"
					  "verify: [{name: Look, run: 'false', effect: read}]\n"
					  "rollback: {mode: automatic, steps: [{say: back}]}\n"),
			 4);
	assert_string_equal(closed(trial, "by_hand"), "[\"2.1 Look: it has not ended well\"]");
	assert_string_equal(closed(trial, "unverified"), "none");
}

static void what_a_rollback_lacks(void **state)
{
	static const struct {
		const char *more, *says;
	} rows[] = {
		{ "", "the runbook has no 'verify'" },
		{ "verify: [{say: looked}]\nrollback: {mode: automatic, verify: false}\n",
		  "'rollback.verify' is false" },
		{ "verify: [{say: looked, when: 'false'}]\n", "no step of 'verify' has succeeded" },
		{ "verify: [{run: 'false', effect: read, on_failure: continue}]\n",
		  "no step of 'verify' has succeeded" },
	};
	struct trial *trial = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *arena = &trial->desk.arena;
		const char *mode = i == 1 ? "" : "rollback: {mode: automatic}\n";
		assert_int_equal(
			trial_run(trial, arena_format(arena,
						      "steps:\n"
						      "  - {shell: exit 0, undo: [{say: back}]}\n"
						      "  - shell: exit 3\n%s%s",
						      rows[i].more, mode)),
			4);
		assert_string_equal(closed(trial, "msg"),
				    arena_format(arena,
						 "rolled back, and nobody has verified it: %s",
						 rows[i].says));
		assert_string_equal(closed(trial, "unverified"), "true");
		assert_string_equal(closed(trial, "by_hand"),
				    "[\"look whether all is as it was before: nothing has verified "
				    "it\"]");
	}
}

static void what_to_type_next(void **state)
{
	struct trial *trial = *state;
	/* Nothing has changed: there is nothing to go back from. */
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - {run: 'false', effect: read}\n"
					  "  - {run: 'true', undo: [{run: 'true'}]}\n"),
			 1);
	assert_string_equal(next(trial), "resume RUN; resume RUN --accept-changes; show RUN");
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - {run: 'true', undo: [{run: 'true'}]}\n"
					  "  - {run: 'false', effect: read}\n"),
			 1);
	assert_string_equal(next(trial),
			    "rollback RUN; resume RUN; resume RUN --accept-changes; show RUN");
	assert_int_equal(trial_run(trial,
				   "steps:\n"
				   "  - {run: 'true', undo: [{run: 'true'}]}\n"
				   "  - {id: a, approve: A?}\n"
				   "  - {id: b, approve: B?}\n"
				   "rollback: {conditions: [{reason: it is down, ask: Is it?}]}\n"),
			 7);
	assert_string_equal(next(trial), "resume RUN --approve a; "
					 "resume RUN --approve a --approve b; "
					 "rollback RUN --reason 'it is down'; show RUN");
}

static void outputs_of_a_run_that_failed_are_those_that_there_are(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - {id: one, run: echo 1, capture: {n: text}}\n"
					  "  - {run: 'false'}\n"
					  "  - {id: two, run: echo 2, capture: {n: text}}\n"
					  "outputs: {one: steps.one.n, two: steps.two.n}\n"),
			 1);
	assert_string_equal(closed(trial, "outputs"), "{\"one\":\"1\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(a_good_run_says_what_it_did),
		TRIAL(what_is_still_in_effect),
		TRIAL(what_was_undone_is_not),
		TRIAL(what_is_to_be_done_by_hand),
		TRIAL(a_rollback_whose_verify_fails),
		TRIAL(what_a_rollback_lacks),
		TRIAL(what_to_type_next),
		TRIAL(outputs_of_a_run_that_failed_are_those_that_there_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
