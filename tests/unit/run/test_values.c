/* What expressions see of a run: steps, run, error, now. */
#include <pwd.h>

#include "trial.h"

static void outputs_and_captures_of_steps(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps:\n"
				   "  - {run: [printf, 'a\\nb'], id: a, capture: {n: size(lines), "
				   "first: 'lines[0]'}}\n"
				   "  - {shell: 'exit 3', id: b, exit: 3}\n"
				   "outputs:\n"
				   "  text: steps.a.text\n"
				   "  n: steps.a.n\n"
				   "  first: steps.a.first\n"
				   "  code: steps.b.exit_code\n"
				   "  bad: steps.a.lines[7]\n"),
			 0);
	/* What cannot be computed is left out. */
	assert_string_equal(closed(trial, "outputs"),
			    "{\"text\":\"a\\nb\",\"n\":2,\"first\":\"a\",\"code\":3}");
	/* Only what some expression names is recorded. */
	assert_string_equal(ended(trial, "1", "outputs"),
			    "{\"n\":2,\"first\":\"a\",\"text\":\"a\\nb\",\"lines\":[\"a\",\"b\"]}");
	assert_string_equal(ended(trial, "2", "outputs"), "{\"exit_code\":3}");
}

static void vars_see_the_run_as_its_steps_do(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "vars:\n"
				   "  id: backup-${{ run.id }}\n"
				   "  dir: ${{ run.dir }}\n"
				   "  began: ${{ run.started_at }}\n"
				   "steps:\n"
				   "  - assert:\n"
				   "      - size(run.id) > 0 && vars.id == 'backup-' + run.id\n"
				   "      - vars.dir == run.dir\n"
				   "      - run.started_at - vars.began < duration('1h')\n"),
			 0);
}

static void every_step_has_a_status(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial,
			  "steps:\n"
			  "  - {run: 'true', id: a}\n"
			  "  - {run: 'true', id: b, when: 1 == 2}\n"
			  "  - {run: 'false', id: c, on_failure: continue, retry: {attempts: 2, "
			  "every: 1ms}}\n"
			  "  - assert:\n"
			  "      - steps.a.status == 'succeeded' && steps.a.ok && steps.a.attempts "
			  "== 1\n"
			  "      - steps.b.status == 'skipped' && !steps.b.ok && steps.b.attempts "
			  "== 0\n"
			  "      - steps.c.status == 'failed' && !steps.c.ok && steps.c.attempts "
			  "== 2\n"
			  "      - steps.a.duration < duration('1h')\n"
			  "      - steps.a.started_at <= now && steps.a.started_at >= "
			  "run.started_at\n"
			  "      - \"!has(steps.b.started_at)\"\n"
			  "      - \"'status' in steps.a && size(steps) == 4\"\n"),
		0);
	assert_string_equal(ended(trial, "4", "held"), "7");
}

static void what_is_not_there_is_an_error_unless_it_is_asked_for(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps:\n"
				   "  - {run: 'false', id: a, on_failure: continue, capture: "
				   "{t: text}}\n"
				   "  - {assert: \"steps.a.?t.orValue('none') == 'none'\"}\n"
				   "  - {say: '${{ steps.a.t }}', effect: read}\n"),
			 1);
	assert_string_equal(trial_failure(trial, "2"), "");
	assert_string_equal(ended(trial, "3", "class"), "expression");
	assert_string_equal(ended(trial, "3", "msg"), "there is no key \"t\"");
	assert_string_equal(ended(trial, "3", "code"), "RB0502");
}

static void the_run_tells_of_itself(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial,
			  "steps:\n"
			  "  - say: ${{ run.id }} ${{ run.name }} ${{ run.user }}@${{ run.host }} "
			  "${{ run.dir }} ${{ run.status }} ${{ run.rolling_back }}\n"),
		0);
	const struct run_folder *folder = run_folder_of(trial->engine);
	char host[256];
	gethostname(host, sizeof(host));
	assert_string_equal(started(trial, "1", "text"),
			    arena_format(&trial->desk.arena,
					 "%s Trial %s@%s %s/files succeeded false", folder->id,
					 getpwuid(getuid())->pw_name, host, folder->path));
}

static void now_is_when_it_is_asked(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "vars: {before: '${{ now }}'}\n"
				   "steps:\n"
				   "  - {run: sleep 0.02, id: a, assert: [now > vars.before], "
				   "capture: {after: now}}\n"
				   "  - {assert: \"now - vars.before > duration('15ms') && now > "
				   "steps.a.after\"}\n"
				   "outputs: {year: now.getFullYear() > 2000}\n"),
			 0);
	assert_string_equal(closed(trial, "outputs"), "{\"year\":true}");
}

static void an_error_is_known_where_it_may_have_happened(void **state)
{
	struct trial *trial = *state;
	static const char *const text =
		"steps:\n"
		"  - {run: 'true'}\n"
		"  - {shell: exit 4, id: bad}\n"
		"rollback:\n"
		"  mode: automatic\n"
		"  conditions: [{reason: exit, when: \"error.class == 'exit' && error.step == "
		"'bad'\"}]\n"
		"  steps: [{say: 'r ${{ error.step }} ${{ error.message }} ${{ run.reason }} "
		"${{ run.rolling_back }}'}]\n"
		"verify: [{run: 'true', effect: read}]\n"
		"finally: [{say: 'f ${{ error.step }} ${{ error.class }} ${{ run.status }}'}]\n";
	assert_int_equal(trial_run(trial, text), 3);
	assert_string_equal(started(trial, "R.1", "text"), "r bad unexpected exit code exit true");
	assert_string_equal(started(trial, "4.1", "text"), "f bad exit rolled_back");
}

static void without_an_error_its_fields_are_empty(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps: [{run: 'true'}]\n"
				   "finally: [{say: '[${{ error.step }}${{ error.class }}${{ "
				   "error.message }}] ${{ run.status }}'}]\n"),
			 0);
	assert_string_equal(started(trial, "2.1", "text"), "[] succeeded");
}

static void an_error_within_a_use_is_named_by_the_use(void **state)
{
	struct trial *trial = *state;
	desk_put(&trial->desk, "two.yaml",
		 "library: 1\nname: two\nsteps: {two: {steps: [{run: 'false', id: inner}]}}\n");
	desk_put(&trial->desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nlock: false\nimport: [./two.yaml]\nsteps: [{two: {}, id: "
		 "step}]\n");
	assert_int_equal(trial_run(trial, "import: [./two.yaml]\n"
					  "steps: [{call: ./sub.yaml, id: deploy}]\n"
					  "finally: [{say: '${{ error.step }}'}]\n"),
			 1);
	assert_string_equal(started(trial, "2.1", "text"), "deploy.step");
}

static void a_call_sees_its_own_names_only(void **state)
{
	struct trial *trial = *state;
	desk_put(&trial->desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nlock: false\ninputs: {stage: {}}\nvars: {host: 'db-${{ "
		 "inputs.stage }}'}\nsteps: [{run: 'echo ${{ vars.host }}', id: a}]\noutputs: "
		 "{said: "
		 "steps.a.text}\n");
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - {call: ./sub.yaml, id: one, with: {stage: blue}}\n"
					  "  - {call: ./sub.yaml, id: two, with: {stage: '${{ "
					  "steps.one.said }}'}}\n"
					  "outputs: {said: steps.two.said}\n"),
			 0);
	assert_string_equal(closed(trial, "outputs"), "{\"said\":\"db-db-blue\"}");
	assert_string_equal(started(trial, "1", "inputs"), "{\"stage\":\"blue\"}");
	assert_string_equal(started(trial, "1", "vars"), "{\"host\":\"db-blue\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(outputs_and_captures_of_steps),
		TRIAL(every_step_has_a_status),
		TRIAL(vars_see_the_run_as_its_steps_do),
		TRIAL(what_is_not_there_is_an_error_unless_it_is_asked_for),
		TRIAL(the_run_tells_of_itself),
		TRIAL(now_is_when_it_is_asked),
		TRIAL(an_error_is_known_where_it_may_have_happened),
		TRIAL(without_an_error_its_fields_are_empty),
		TRIAL(an_error_within_a_use_is_named_by_the_use),
		TRIAL(a_call_sees_its_own_names_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
