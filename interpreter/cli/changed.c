/* Documents that are other ones than when a run began: what it goes on with. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/again.h"
#include "cli/changes.h"
#include "place/place.h"

#define MOST_SHOWN 8
#define MOST_KEPT 100

/* A run and its documents as they are now. */
struct changed {
	struct cli *cli;
	const struct past_run *past;
	const struct run_again *again;
	const struct plan *was, *now;
	struct plan_match match;
	struct plan_changes changes;
	bool back; /* what is to run is its rollback */
};

/* ---- whether and what ---------------------------------------------------------------------- */

/* Whether all are as they were; those of the standard library are the program's own. */
static bool documents_same(const struct plan *plan)
{
	for (size_t i = 0; i < plan->document_count; i++) {
		const struct source *document = plan->documents[i];
		struct arena arena;
		struct text text;
		arena_init(&arena);
		bool same = !document->path || (file_read(AT_FDCWD, document->path, SOURCE_MAX_SIZE,
							  &arena, &text) == 0 &&
						text_equal(text, document->text));
		arena_done(&arena);
		if (!same)
			return false;
	}
	return true;
}

static enum section root_section(const struct plan *plan, const struct plan_node *node)
{
	while (node->parent != PLAN_NONE)
		node = plan->nodes[node->parent];
	return (enum section)node->section;
}

/* The step that it undoes; NULL: it stands in no undo. */
static const struct plan_node *undone_by(const struct plan *plan, const struct plan_node *node)
{
	for (; node->parent != PLAN_NONE; node = plan->nodes[node->parent])
		if (node->kind == PLAN_UNDO)
			return plan->nodes[node->parent];
	return NULL;
}

/* Whether the run has begun it, so that there is something to undo. */
static bool has_begun(const struct changed *changed, const struct plan *plan,
		      const struct plan_node *node)
{
	const struct state *state = &changed->past->state;
	int32_t slot = plan == changed->was ? node->slot : changed->match.was[node->slot];
	return slot != PLAN_NONE && (size_t)slot < state->step_count &&
	       (state->steps[slot].started_seq > 0 || changed->past->loops.count > 0);
}

/* Whether a rollback does another thing by it. */
static bool is_of_rollback(const struct changed *changed, const struct plan_change *change)
{
	const struct plan *plan = change->now ? changed->now : changed->was;
	const struct plan_node *node = change->now ? change->now : change->was;
	if (!node)
		return strncmp(change->key, "rollback", strlen("rollback")) == 0;
	enum section section = root_section(plan, node);
	const struct plan_node *undone = undone_by(plan, node);
	if (undone)
		return has_begun(changed, plan, undone);
	return section != SECTION_PRECONDITIONS && section != SECTION_STEPS
		       ? true
		       : change->key && strcmp(change->key, "undo.after") == 0 &&
				 has_begun(changed, plan, node);
}

static void keep_those_of_rollback(struct changed *changed)
{
	size_t kept = 0;
	for (size_t i = 0; i < changed->changes.count; i++)
		if (is_of_rollback(changed, &changed->changes.at[i]))
			changed->changes.at[kept++] = changed->changes.at[i];
	changed->changes.count = kept;
}

/* Under the name by which the run was begun. */
static const struct plan *read_now(struct cli *cli, const struct past_run *past,
				   struct diags *diags)
{
	struct plan_reader reader = plan_reader_disk;
	reader.typed = value_field_text(past->opened, "document", cli->arena);
	diags_init(diags, cli->arena);
	return plan_make(value_field_text(past->opened, "path", cli->arena), &reader, cli->arena,
			 diags);
}

/* ---- what is said -------------------------------------------------------------------------- */

/* The message, what has changed, and what to do. */
static void say(const struct changed *changed, const char *message, const char *hint)
{
	struct cli *cli = changed->cli;
	struct strings texts = changes_texts(cli, changed->was, &changed->changes,
					     cli->verbose ? MOST_KEPT : MOST_SHOWN);
	struct buffer out;
	buffer_init(&out, cli->arena);
	for (size_t i = 0; i < texts.count; i++) {
		buffer_puts(&out, "  = changed: ");
		text_neutralise(&out, text_of(texts.at[i]), false);
		buffer_putc(&out, '\n');
	}
	buffer_printf(&out, "  = hint: %s\n", hint);
	cli_complain(cli, NULL, "%s", message);
	file_write_all(STDERR_FILENO, buffer_text(&out));
}

static struct value changes_value(const struct changed *changed)
{
	struct arena *arena = changed->cli->arena;
	struct strings texts = changes_texts(changed->cli, changed->was, &changed->changes,
					     MOST_KEPT);
	struct value *items = arena_array(arena, struct value, texts.count + 1);
	for (size_t i = 0; i < texts.count; i++)
		items[i] = value_cstring(texts.at[i]);
	return value_list(items, texts.count, arena);
}

static void put_names(struct buffer *out, const char *flag, const struct strings *names)
{
	for (size_t i = 0; i < names->count; i++) {
		buffer_printf(out, " --%s ", flag);
		place_show_word(out, text_of(names->at[i]));
	}
}

/* The command with which it goes on when the change is accepted. */
static const char *accept_command(const struct changed *changed)
{
	const struct cli *cli = changed->cli;
	struct buffer out;
	buffer_init(&out, cli->arena);
	buffer_printf(&out, "runbook %s %s", changed->back ? "rollback" : "resume",
		      changed->past->folder.short_id);
	if (cli->reason) {
		buffer_puts(&out, " --reason ");
		place_show_word(&out, text_of(cli->reason));
	}
	put_names(&out, "rerun", &cli->rerun);
	put_names(&out, "done", &cli->done);
	put_names(&out, "approve", &cli->approve);
	put_names(&out, "secret", &cli->secret);
	buffer_printf(&out, "%s --accept-changes", cli->secret.count ? "" : changed->past->secrets);
	return buffer_string(&out);
}

/* A rollback is held up by no edit: it goes by what the run has kept, and says so. */
static void tell_kept(const struct changed *changed)
{
	struct arena *arena = changed->cli->arena;
	if (!changed->changes.count)
		return;
	say(changed,
	    arena_format(
		    arena,
		    "warning: the documents of run %s have changed since; the rollback goes by "
		    "what they were",
		    changed->past->folder.short_id),
	    arena_format(arena, "To go by what they are now: %s", accept_command(changed)));
}

/* ---- refusals ------------------------------------------------------------------------------ */

static const char *take_back(const struct changed *changed)
{
	const char *id = changed->past->folder.short_id, *secrets = changed->past->secrets;
	if (changed->back)
		return "Take that change back; or leave --accept-changes out: the rollback goes by "
		       "what the run has kept.";
	return arena_format(changed->cli->arena,
			    "Take it back, or: runbook rollback %s%s, runbook resume %s --abort%s",
			    id, secrets, id, secrets);
}

static const char *words_of_key(const struct changed *changed, const struct plan_change *change)
{
	return arena_format(changed->cli->arena,
			    "'%s' counts for all steps, also for those that have run: its "
			    "change cannot be accepted",
			    change->key);
}

static const char *words_of_step(const struct changed *changed, const struct run_accepted *accepted)
{
	const struct plan_node *node = accepted->refused;
	struct arena *arena = changed->cli->arena;
	if (accepted->lost)
		return arena_format(arena,
				    "nobody can say whether step %s '%s' was done, and it has "
				    "changed since",
				    node->path, node->title);
	return node ? arena_format(arena, "the change of step %s '%s' cannot be accepted: %s",
				   node->path, node->title, accepted->why)
		    : arena_format(arena, "the changes cannot be accepted: %s", accepted->why);
}

static const char *way_of_lost(const struct changed *changed, const struct plan_node *node)
{
	const char *id = node->label ? node->label : node->path;
	return arena_format(
		changed->cli->arena,
		"Look, then say it: runbook %s %s%s --accept-changes with --rerun %s to "
		"run it as it is now, with --done %s if it was done; each with --note "
		"TEXT.",
		changed->back ? "rollback" : "resume", changed->past->folder.short_id,
		changed->past->secrets, id, id);
}

/* What cannot be accepted, whether or not somebody wanted it to be. */
static int refuse_accept(const struct changed *changed, const struct plan_change *key,
			 const struct run_accepted *accepted)
{
	const struct cli *cli = changed->cli;
	const char *why = key ? words_of_key(changed, key) : words_of_step(changed, accepted);
	if (!key && accepted->lost) {
		say(changed, why, way_of_lost(changed, accepted->refused));
		return EXIT_UNSURE;
	}
	if (!cli->accept_changes)
		why = arena_format(
			cli->arena,
			"the documents of run %s are other ones than when it began, and %s",
			changed->past->folder.short_id, why);
	say(changed, why, !key && accepted->hint ? accepted->hint : take_back(changed));
	return EXIT_REFUSED;
}

static int refuse_changed(const struct changed *changed)
{
	struct arena *arena = changed->cli->arena;
	const char *id = changed->past->folder.short_id;
	say(changed,
	    arena_format(arena, "the documents of run %s are other ones than when it began%s", id,
			 changed->changes.count ? "" : ": no step of it has changed"),
	    arena_format(arena,
			 "To go on with them: %s. To take the run back: runbook rollback %s%s",
			 accept_command(changed), id, changed->past->secrets));
	return EXIT_REFUSED;
}

/* The part of it with which the run was begun. NULL: *exit, after a complaint. */
static const struct plan *part_now(struct changed *changed, int *exit)
{
	struct cli *cli = changed->cli;
	struct plan_fault fault;
	struct diags diags;
	const struct plan *part = cli_select_again(changed->now, changed->past->opened, cli->arena,
						   &fault);
	diags_init(&diags, cli->arena);
	if (part && part->selection && !plan_select_check(part, cli->arena, &diags)) {
		cli_print_diags(cli, &diags);
		fault.message = "what is left of it needs a step that is left out";
		part = NULL;
	}
	if (part)
		return part;
	cli_complain(cli, take_back(changed),
		     "run %s is of a part of its document, which has changed: %s",
		     changed->past->folder.short_id, fault.message);
	*exit = EXIT_REFUSED;
	return NULL;
}

/* ---- the choice ---------------------------------------------------------------------------- */

/* A root key whose change no run can go on with, or NULL. */
static const struct plan_change *changed_for_all(const struct changed *changed)
{
	for (size_t i = 0; i < changed->changes.count; i++)
		if (changed->changes.at[i].all)
			return &changed->changes.at[i];
	return NULL;
}

static struct strings settled(const struct run_again *again, struct arena *arena)
{
	size_t count = again->done.count + again->rerun.count;
	const char **names = arena_array(arena, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		names[i] = i < again->done.count ? again->done.at[i]
						 : again->rerun.at[i - again->done.count];
	return (struct strings){ .at = names, .count = count };
}

static const struct plan *choose(struct changed *changed, struct run_again *again, int *exit)
{
	struct cli *cli = changed->cli;
	const struct run_accept accept = { .was = changed->was,
					   .now = changed->now,
					   .match = &changed->match,
					   .state = &changed->past->state,
					   .loops = changed->past->loops.at,
					   .loop_count = changed->past->loops.count,
					   .settled = settled(again, cli->arena),
					   .back = again->reason != NULL };
	struct run_accepted accepted = { 0 };
	const struct plan_change *key = changed_for_all(changed);
	bool can = !key && run_accepts(&accept, cli->arena, &accepted);
	*exit = 0;
	if (!can && (cli->accept_changes || !accepted.lost))
		*exit = refuse_accept(changed, key, &accepted);
	else if (!cli->accept_changes)
		*exit = refuse_changed(changed);
	if (*exit)
		return NULL;
	again->other = true;
	again->slots = accepted.slots;
	again->anew = accepted.anew;
	again->accepted = changes_value(changed);
	return changed->now;
}

/* A rollback goes by what the run has kept, also when that is all there is. */
static const struct plan *without(const struct changed *changed, struct diags *diags, int *exit)
{
	struct cli *cli = changed->cli;
	const char *id = changed->past->folder.short_id;
	bool there = access(value_field_text(changed->past->opened, "path", cli->arena), F_OK) == 0;
	if (changed->back && (!cli->accept_changes || !there)) {
		if (there)
			cli_complain(cli, NULL,
				     "warning: the document of run %s has changed, and is no "
				     "runbook now; the rollback goes by what it was",
				     id);
		return changed->was;
	}
	cli_print_diags(cli, diags);
	cli_complain(cli, "Mend it, or take the change back.",
		     "the document of run %s has changed, and is no runbook now", id);
	*exit = EXIT_REFUSED;
	return NULL;
}

const struct plan *past_run_changed(struct cli *cli, const struct past_run *past,
				    struct run_again *again, int *exit)
{
	struct changed changed = {
		.cli = cli, .past = past, .again = again, .was = past->plan, .back = again->back
	};
	struct diags diags;
	if (documents_same(past->plan))
		return past->plan;
	changed.now = read_now(cli, past, &diags);
	if (!changed.now)
		return without(&changed, &diags, exit);
	if (!changed.back || cli->accept_changes)
		changed.now = part_now(&changed, exit);
	if (!changed.now)
		return NULL;
	changed.match = plan_match(changed.was, changed.now, cli->arena);
	changed.changes = plan_changes(changed.was, changed.now, &changed.match, cli->arena);
	if (!changed.back)
		return choose(&changed, again, exit);
	struct changed rest = changed;
	keep_those_of_rollback(&rest);
	if (rest.changes.count && cli->accept_changes)
		return choose(&changed, again, exit);
	tell_kept(&rest);
	return changed.was;
}
