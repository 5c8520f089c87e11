/* Documents: what the first key says, imports, includes, calls; cycles and limits. */
#include "support.h"

#define LIBRARY(name, step) \
	"library: 1\nname: " name "\nsteps:\n  " name \
	":\n    main: text\n    inputs: {text: {}}\n" \
	"    steps: [{" step "}]\n"

static void the_first_key_says_what_a_document_is(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *text, *told;
	} rows[] = {
		{ "runbook: 1\nname: A\nsteps: [{say: a}]\n", "" },
		{ "runbook: 1\nname: A\ndescription: B\nowner: C\n"
		  "links: {wiki: 'https://example.org/'}\nsteps: [{say: a}]\n",
		  "" },
		{ "library: 1\nname: a\nsteps: {a: {steps: [{say: a}]}}\n", "" },
		{ "fragment: 1\nvars: {a: 1}\n", "" },
		{ "name: A\nrunbook: 1\n", "RB0232 2:1: 'runbook: 1' must be the first key" },
		{ "steps: []\n", "RB0232 1:1: the first key does not say what this document is" },
		{ "runbook: 2\nname: A\n", "RB0233 1:10: version '2' of the format is not known" },
		{ "runbook: '1.0'\nname: A\n",
		  "RB0233 1:10: version '1.0' of the format is not known" },
		{ "runbook: [1]\nname: A\n", "RB0233 1:10: 'runbook' is a version, not a list" },
		{ "[1]\n", "RB0231 1:1: a runbook is a map; found list" },
		{ "runbook: 1\nsteps: [{say: a}]\n", "RB0103 1:1: missing key 'name' in runbook" },
		{ "runbook: 1\nname: A\nstep: []\n", "RB0101 3:1: unknown key 'step' in runbook" },
		{ "fragment: 1\nsteps: []\n", "RB0101 2:1: unknown key 'steps' in fragment" },
		{ "library: 1\nname: a\nsteps: []\n", "RB0216 3:8: the library has no steps" },
		{ "library: 1\nname: a\nsteps: {a: {main: b, steps: [{say: a}]}}\n",
		  "RB0210 3:19: 'b' is no input of 'a'" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_put(desk, "main.yaml", rows[i].text);
		desk_make(desk, "main.yaml");
		assert_string_equal(desk_told(desk), rows[i].told);
	}
}

static void a_library_step_is_inlined_under_its_use(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "notes.yaml", LIBRARY("notes", "say: '${{ inputs.text }}'"));
	assert_good(desk, "import: [./notes.yaml]\nsteps: [{notes: hello, id: one}]\n");
	const struct plan_node *use = desk_node(desk, "1");
	assert_int_equal(use->kind, PLAN_LIBRARY);
	assert_string_equal(use->title, "notes hello");
	assert_string_equal(desk_node(desk, "1.1")->type->name, "say");
	assert_int_equal(desk_node(desk, "1.1")->parent, use->slot);
	assert_int_equal(use->inner->kind, SCOPE_LIBRARY);
	assert_ptr_equal(desk_node(desk, "1.1")->scope, use->inner);
	assert_ptr_equal(use->inner->outer, use->scope);
	assert_int_equal(use->inner->node, use->slot);
}

static void steps_of_a_use_are_labelled_behind_it(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "notes.yaml", LIBRARY("notes", "say: a, id: inner"));
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nimport: [./notes.yaml]\nsteps: [{notes: x, id: n}, "
		 "{say: b, id: own}]\n");
	assert_good(desk, "import: [./notes.yaml]\n"
			  "steps:\n"
			  "  - {notes: x, id: one}\n"
			  "  - {notes: same}\n"
			  "  - {notes: same}\n"
			  "  - {call: ./sub.yaml, id: sub}\n"
			  "  - {call: ./sub.yaml}\n"
			  "  - {call: ./sub.yaml}\n");
	assert_string_equal(desk_node(desk, "1.1")->label, "one.inner");
	assert_null(desk_node(desk, "2.1")->label);
	assert_null(desk_node(desk, "3.1")->label);
	assert_string_equal(desk_node(desk, "4.2")->label, "sub.own");
	assert_string_equal(desk_node(desk, "4.1.1")->label, "sub.n.inner");
	assert_null(desk_node(desk, "5.2")->label);
	assert_null(desk_node(desk, "6.2")->label);
	assert_string_equal(desk_node(desk, "6.2")->id, "own");
}

static void libraries_go_by_another_name(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "notes.yaml",
		 "library: 1\nname: notes\nsteps:\n  notes: {steps: [{say: main}]}\n"
		 "  more: {steps: [{say: other}]}\n");
	desk_put(desk, "twin.yaml", LIBRARY("notes", "say: twin"));
	desk_put(desk, "run.yaml", LIBRARY("run", "say: a"));
	assert_good(desk,
		    "import: [{library: ./notes.yaml, as: n}]\nsteps: [{n: {}}, {n.more: {}}]\n");
	assert_string_equal(desk_node(desk, "2")->title, "n.more");
	assert_told(desk, "import: [{library: ./notes.yaml, as: n}]\nsteps: [{notes: {}}]\n",
		    "RB0101 4:10: unknown key 'notes' in a step");
	assert_told(desk, "import: [./notes.yaml]\nsteps: [{notes.less: {}}]\n",
		    "RB0213 4:10: library 'notes' has no step 'notes.less'");
	assert_told(desk, "import: [./notes.yaml, ./twin.yaml]\nsteps: [{say: a}]\n",
		    "RB0208 3:24: two libraries are named 'notes'");
	assert_good(desk, "import: [./notes.yaml, ./notes.yaml]\nsteps: [{notes: {}}]\n");
	assert_told(desk, "import: [./run.yaml]\nsteps: [{say: a}]\n",
		    "RB0208 3:10: library 'run' is named like a verb or a key of all steps");
	assert_told(desk, "import: [{library: ./notes.yaml, as: when}]\nsteps: [{say: a}]\n",
		    "RB0208 3:20: library 'when' is named like a verb or a key of all steps");
}

static void imports_that_cannot_be_are_told(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "notes.yaml", LIBRARY("notes", "say: a"));
	desk_put(desk, "part.yaml", "fragment: 1\nvars: {a: 1}\n");
	static const struct {
		const char *import, *told;
	} rows[] = {
		{ "./notes.yaml", "RB0102 3:9: 'import': expected list; found text" },
		{ "[./none.yaml]", "RB0205 3:10: 'none.yaml' does not exist" },
		{ "[./part.yaml]", "RB0207 3:10: './part.yaml' is a fragment, not a library" },
		{ "[std/compos]", "RB0203 3:10: the standard library has no 'std/compos'" },
		{ "['./${{ 1 }}.yaml']",
		  "RB0204 3:10: the path of a library is written, not computed" },
		{ "[[a]]", "RB0204 3:10: an import is std/NAME, a path, or {library, as, with}; "
			   "found list" },
		{ "['']", "RB0204 3:10: the path of a library is a text; found nothing" },
		{ "[{library: ./notes.yaml, with: {nope: 1}}]",
		  "RB0210 3:41: 'nope' is no input of 'notes'" },
		{ "[{library: ./notes.yaml, with: [nope]}]",
		  "RB0102 3:40: 'with': expected map; found list" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_told(desk,
			    arena_format(&desk->arena, "import: %s\nsteps: [{say: a}]\n",
					 rows[i].import),
			    rows[i].told);
	assert_told(desk, "include: {a: b}\nsteps: [{say: a}]\n",
		    "RB0102 3:10: 'include': expected list; found map");
}

static void fragments_are_merged(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "part.yaml",
		 "fragment: 1\ninputs: {stage: {default: blue}}\n"
		 "vars: {host: 'db-${{ inputs.stage }}'}\nenv: {STAGE: '${{ inputs.stage }}'}\n"
		 "import: [./notes.yaml]\n");
	desk_put(desk, "notes.yaml", LIBRARY("notes", "say: a"));
	assert_good(desk, "include: [./part.yaml]\ninputs: {own: {default: x}}\n"
			  "steps: [{notes: '${{ vars.host + env.STAGE + inputs.own }}'}]\n");
	assert_int_equal(desk->plan->scopes[0]->input_count, 2);
	assert_string_equal(desk_input(desk, "stage")->fragment, "/desk/part.yaml");
	assert_null(desk_input(desk, "own")->fragment);
	assert_told(desk, "include: ./part.yaml\ninputs: {stage: {}}\nsteps: [{say: a}]\n",
		    "RB0208 4:10: input 'stage' is declared twice");
	assert_told(desk, "include: ./part.yaml\nvars: {host: a}\nsteps: [{say: a}]\n",
		    "RB0208 4:8: var 'host' is declared twice");
	assert_good(desk, "include: ./part.yaml\nenv: {OTHER: a}\n"
			  "steps: [{say: '${{ env.STAGE + env.OTHER }}'}]\n");
	assert_told(desk, "include: ./part.yaml\nenv: {STAGE: a}\nsteps: [{say: a}]\n",
		    "RB0208 4:7: variable 'STAGE' is declared twice");
}

static void a_use_gives_what_it_must(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "deploy.yaml",
		 "library: 1\nname: deploy\ninputs: {target: {}, mode: {default: fast}}\n"
		 "steps:\n  deploy:\n    main: args\n    inputs: {args: {type: words}}\n"
		 "    steps: [{run: ['x', '${{ inputs.args }}', '${{ inputs.target }}']}]\n");
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\ninputs: {stage: {}, from: {env: FROM}}\n"
		 "steps: [{say: '${{ inputs.stage }}'}]\n");
	assert_good(desk, "import: [{library: ./deploy.yaml, with: {target: a}}]\n"
			  "steps: [{deploy: up -d}, {deploy: up, target: b}, "
			  "{deploy: {args: up, mode: slow}}]\n");
	assert_told(desk, "import: [./deploy.yaml]\nsteps: [{deploy: up}]\n",
		    "RB0218 4:10: input 'target' of 'deploy.yaml' is not given");
	assert_told(desk,
		    "import: [./deploy.yaml]\nsteps: [{deploy: {args: a, target: b, mod: c}}]\n",
		    "RB0210 4:39: 'mod' is no input of 'deploy.yaml'");
	assert_true(desk_hints(desk, "'mode'"));
	assert_good(desk, "steps: [{call: ./sub.yaml, with: {stage: blue}}]\n");
	assert_told(desk, "steps: [{call: ./sub.yaml}]\n",
		    "RB0218 3:16: input 'stage' of 'sub.yaml' is not given");
	assert_told(desk, "steps: [{call: ./sub.yaml, with: [stage]}]\n",
		    "RB0218 3:16: input 'stage' of 'sub.yaml' is not given\n"
		    "RB0102 3:34: 'with': expected map; found list");
	assert_told(desk, "steps: [{call: {with: {stage: a}}}]\n",
		    "RB0204 3:16: the call names no runbook");
}

static void a_shared_fragment_is_passed_on_to_calls(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "part.yaml", "fragment: 1\ninputs: {stage: {}}\n");
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\ninclude: [./part.yaml]\n"
		 "steps: [{say: '${{ inputs.stage }}'}]\n");
	assert_good(desk, "include: [./part.yaml]\nsteps: [{call: ./sub.yaml}]\n");
	assert_told(desk, "steps: [{call: ./sub.yaml}]\n",
		    "RB0218 3:16: input 'stage' of 'sub.yaml' is not given");
}

static void a_call_sees_nothing_of_its_caller(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{say: '${{ inputs.stage + vars.v + "
		 "steps.one.text }}'}]\n");
	assert_told(desk,
		    "inputs: {stage: {}}\nvars: {v: 1}\nsteps: [{run: a, id: one}, {call: "
		    "./sub.yaml}]\n",
		    "RB0311 sub.yaml:3:27: 'inputs' has no input 'stage'\n"
		    "RB0311 sub.yaml:3:40: 'vars' has no var 'v'\n"
		    "RB0311 sub.yaml:3:50: 'steps' has no step 'one'");
}

static void called_sections_stand_below_the_call(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\n"
		 "preconditions: [{run: p, effect: read}]\n"
		 "steps: [{run: s}]\n"
		 "verify: [{run: v}]\n"
		 "finally: [{run: f}]\n"
		 "rollback: {steps: [{run: r}]}\n"
		 "outputs: {answer: 40 + 2}\n");
	assert_good(desk, "steps:\n"
			  "  - call: ./sub.yaml\n"
			  "    id: sub\n"
			  "    undo: [{run: own}]\n"
			  "  - say: '${{ steps.sub.answer }}'\n"
			  "rollback: {verify: false}\n");
	const struct plan_node *call = desk_node(desk, "1");
	static const enum section order[] = { SECTION_PRECONDITIONS, SECTION_STEPS, SECTION_VERIFY,
					      SECTION_FINALLY };
	int32_t at = call->child;
	for (size_t i = 0; i < 4; i++, at = desk->plan->nodes[at]->next) {
		assert_int_equal(desk->plan->nodes[at]->kind, PLAN_SECTION);
		assert_int_equal(desk->plan->nodes[at]->section, order[i]);
	}
	assert_int_equal(at, PLAN_NONE);
	/* Its rollback steps, then the undo that stands at the call, reverse it. */
	const struct plan_node *undo = desk->plan->nodes[call->undo];
	const struct plan_node *rollback = desk->plan->nodes[undo->child];
	assert_true(call->undo_any);
	assert_string_equal(desk->plan->nodes[rollback->child]->title, "run r");
	assert_string_equal(desk->plan->nodes[desk->plan->nodes[rollback->next]->child]->title,
			    "run own");
	assert_string_equal(desk_node(desk, "1.0.1")->title, "run p");
	assert_string_equal(desk_node(desk, "1.1")->title, "run s");
	assert_string_equal(desk_node(desk, "1.2.1")->title, "run v");
	assert_string_equal(desk_node(desk, "1.3.1")->title, "run f");
	assert_string_equal(call->outputs[0].name, "answer");
	assert_ptr_equal(call->outputs[0].type, &type_int);
}

static void cycles_are_told_with_their_chain(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "a.yaml", "runbook: 1\nname: A\nsteps: [{call: ./b.yaml}]\n");
	desk_put(desk, "b.yaml", "runbook: 1\nname: B\nsteps: [{call: ./a.yaml}]\n");
	desk_put(desk, "self.yaml",
		 "library: 1\nname: self\nsteps: {self: {steps: [{self: {}}]}}\n"
		 "import: [./self.yaml]\n");
	desk_put(desk, "x.yaml",
		 "library: 1\nname: x\nimport: [./y.yaml]\n"
		 "steps: {x: {steps: [{y: {}}]}}\n");
	desk_put(desk, "y.yaml",
		 "library: 1\nname: y\nimport: [./x.yaml]\n"
		 "steps: {y: {steps: [{x: {}}]}}\n");
	assert_told(desk, "steps: [{call: ./main.yaml}]\n",
		    "RB0211 3:16: 'main.yaml' leads back to itself");
	assert_told(desk, "steps: [{call: ./a.yaml}]\n",
		    "RB0211 b.yaml:3:16: 'a.yaml' leads back to itself");
	assert_true(desk_hints(desk, "'b.yaml' is used here"));
	assert_told(desk, "import: [./x.yaml]\nsteps: [{x: {}}]\n",
		    "RB0211 y.yaml:3:10: 'x.yaml' leads back to itself");
	assert_told(desk, "import: [./self.yaml]\nsteps: [{self: {}}]\n",
		    "RB0211 self.yaml:4:10: 'self.yaml' leads back to itself");
}

static void a_step_of_a_library_may_use_another_of_its_steps_but_not_itself(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "main.yaml",
		 "library: 1\nname: a\nsteps:\n  a: {steps: [{say: x}]}\n  b: {steps: [{say: "
		 "y}]}\n");
	desk_make(desk, "main.yaml");
	assert_string_equal(desk_told(desk), "");
}

static void a_document_is_read_once_however_it_is_named(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "parts/notes.yaml", LIBRARY("notes", "say: a"));
	desk_put(desk, "parts/sub.yaml",
		 "runbook: 1\nname: Sub\nimport: [../parts/./notes.yaml]\nsteps: [{notes: a}]\n");
	assert_good(desk, "import: [./parts/notes.yaml]\n"
			  "steps: [{call: parts/sub.yaml}, {call: ./parts/../parts/sub.yaml}]\n");
	assert_int_equal(desk->plan->document_count, 3);
	assert_string_equal(desk->plan->documents[0]->name, "main.yaml");
	assert_string_equal(desk->plan->documents[1]->name, "parts/notes.yaml");
	assert_string_equal(desk->plan->documents[2]->name, "parts/sub.yaml");
}

static void at_most_sixty_four_other_documents(void **state)
{
	struct desk *desk = *state;
	struct buffer import;
	buffer_init(&import, &desk->arena);
	for (int i = 0; i <= PLAN_MAX_IMPORTS; i++)
		desk_put(desk, arena_format(&desk->arena, "l%d.yaml", i),
			 arena_format(&desk->arena, LIBRARY("%s%d", "say: a"), "l", i, "l", i));
	for (int i = 0; i < PLAN_MAX_IMPORTS; i++)
		buffer_printf(&import, "%s./l%d.yaml", i ? ", " : "", i);
	assert_good(desk, arena_format(&desk->arena, "import: [%s]\nsteps: [{say: a}]\n",
				       buffer_string(&import)));
	/* One that was read already is no further one. */
	assert_good(desk, arena_format(&desk->arena, "import: [%s, ./l0.yaml]\nsteps: [{say: a}]\n",
				       buffer_string(&import)));
	desk_plan(desk, arena_format(&desk->arena, "import: [%s, ./l64.yaml]\nsteps: [{say: a}]\n",
				     buffer_string(&import)));
	assert_non_null(strstr(desk_told(desk), ": more than 64 documents"));
	assert_int_equal(desk->diags.errors, 1);
}

static void requirements_of_all_documents_count(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "notes.yaml",
		 "library: 1\nname: notes\nrequires: {programs: [awk]}\n"
		 "steps: {notes: {steps: [{say: a}]}}\n");
	assert_good(desk, "import: [./notes.yaml]\nrequires: {programs: [docker, git]}\n"
			  "steps: [{say: a}]\n");
	assert_int_equal(desk->plan->programs.count, 3);
	assert_string_equal(desk->plan->programs.at[0], "awk");
	assert_string_equal(desk->plan->programs.at[2], "git");
}

static void versions_that_are_required_are_compared(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *version, *told;
	} rows[] = {
		{ ">=0.0.1", "" },

		{ ">=0", "" },
		{ ">=99", "the document needs version >=99 of this program" },
		{ ">=0.99.9", "the document needs version >=0.99.9 of this program" },
		{ "1.2", "'1.2' is no version of this program" },
		{ ">= 1.2", "'>= 1.2' is no version of this program" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_plan(desk, arena_format(&desk->arena,
					     "requires: {runbook: '%s'}\nsteps: [{say: a}]\n",
					     rows[i].version));
		if (*rows[i].told)
			assert_non_null(strstr(desk_told(desk), rows[i].told));
		else
			assert_string_equal(desk_told(desk), "");
	}
}

static void locks_of_all_that_may_be_called_are_known(void **state)
{
	struct desk *desk = *state;
	struct text text;
	desk_put(desk, "sub.yaml", "runbook: 1\nname: Sub\nlock: sub\nsteps: [{say: a}]\n");
	assert_good(desk, "lock: main\nsteps: [{call: ./sub.yaml}]\n");
	assert_int_equal(desk->plan->lock_count, 2);
	assert_true(template_constant(desk->plan->locks[0], &text) && text_is(text, "main"));
	assert_true(template_constant(desk->plan->locks[1], &text) && text_is(text, "sub"));
	assert_good(desk, "steps: [{say: a}]\n");
	assert_true(template_constant(desk->plan->locks[0], &text) &&
		    text_is(text, "/desk/main.yaml"));
	assert_good(desk, "lock: false\nsteps: [{say: a}]\n");
	assert_int_equal(desk->plan->lock_count, 0);
	assert_good(desk, "lock: 'false'\nsteps: [{say: a}]\n");
	assert_int_equal(desk->plan->lock_count, 1);
	assert_told(desk, "lock: ''\nsteps: [{say: a}]\n",
		    "RB0102 3:7: 'lock': expected a name, or false; found nothing");
	assert_told(desk,
		    "inputs: {s: {secret: true}}\nlock: 'a-${{ inputs.s }}'\nsteps: [{say: a}]\n",
		    "RB0116 4:10: the secret 'inputs.s' may not stand in 'lock': it is shown and "
		    "recorded");
}

static void drivers_are_those_of_the_steps(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{say: a}]\n");
	assert_null(desk->plan->drivers[0]);
	assert_good(desk, "steps:\n"
			  "  - http: http://localhost/\n"
			  "  - {sql: select 1, connection: 'sqlite:a.db'}\n"
			  "  - http: http://localhost/\n");
	assert_string_equal(desk->plan->drivers[0], "http");
	assert_string_equal(desk->plan->drivers[1], "sqlite");
	assert_null(desk->plan->drivers[2]);
}

static void limits_of_time_are_read(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "timeout: 2h\ndefaults: {timeout: 30s, cwd: sub}\nsteps: [{say: a}]\n");
	assert_int_equal(desk->plan->timeout, 7200 * NS_PER_S);
	struct scope_defaults defaults;
	assert_true(field_constant(desk->plan->scopes[0]->defaults, &desk->arena, &defaults));
	assert_int_equal(defaults.timeout, 30 * NS_PER_S);
	assert_string_equal(defaults.cwd, "sub");
	assert_told(desk, "timeout: 2\nsteps: [{say: a}]\n",
		    "RB0107 3:10: 'timeout': missing unit; write 2s");
	assert_told(desk, "timeout: [2s]\nsteps: [{say: a}]\n",
		    "RB0102 3:10: 'timeout': expected duration; found list");
	assert_told(desk, "defaults: {timeout: 2}\nsteps: [{say: a}]\n",
		    "RB0107 3:21: 'timeout': missing unit; write 2s");
	assert_told(desk, "defaults: {timeout: [2s]}\nsteps: [{say: a}]\n",
		    "RB0102 3:21: 'timeout': expected duration; found list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(the_first_key_says_what_a_document_is),
		DESK(a_library_step_is_inlined_under_its_use),
		DESK(steps_of_a_use_are_labelled_behind_it),
		DESK(libraries_go_by_another_name),
		DESK(imports_that_cannot_be_are_told),
		DESK(fragments_are_merged),
		DESK(a_use_gives_what_it_must),
		DESK(a_shared_fragment_is_passed_on_to_calls),
		DESK(a_call_sees_nothing_of_its_caller),
		DESK(called_sections_stand_below_the_call),
		DESK(cycles_are_told_with_their_chain),
		DESK(a_step_of_a_library_may_use_another_of_its_steps_but_not_itself),
		DESK(a_document_is_read_once_however_it_is_named),
		DESK(at_most_sixty_four_other_documents),
		DESK(requirements_of_all_documents_count),
		DESK(versions_that_are_required_are_compared),
		DESK(locks_of_all_that_may_be_called_are_known),
		DESK(drivers_are_those_of_the_steps),
		DESK(limits_of_time_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
