/*
 * git: reads a repository with libgit2, in the worker's process: a hostile repository may make it
 * loop, crash or run out of memory (it is not safe against that), and then only the worker dies.
 */
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/io.h"

/* One reading. Handles of libgit2 are deferred on the arena, behind the library's own end. */
struct reading {
	const struct git_query *query;
	struct arena *arena;
	struct git_facts *facts;
	struct io_failure *failure;
	git_repository *repo;
	git_oid head;
	git_oid compare;
	bool has_head; /* there is a commit */
};

static void shut_down(void *data)
{
	(void)data;
	git_libgit2_shutdown();
}

static void free_repository(void *data)
{
	git_repository_free(data);
}

static void free_reference(void *data)
{
	git_reference_free(data);
}

static void free_object(void *data)
{
	git_object_free(data);
}

static void free_status(void *data)
{
	git_status_list_free(data);
}

static enum io_class class_of(int error)
{
	switch (error) {
	case GIT_ENOTFOUND:
		return IO_NOT_FOUND;
	case GIT_EINVALIDSPEC:
		return IO_REFUSED;
	default:
		return IO_RESOURCE;
	}
}

/* Always false, so that a caller can return it. */
static bool fail(const struct reading *reading, int error)
{
	const git_error *last = git_error_last();

	io_fail(reading->failure, reading->arena, class_of(error), "%s",
		last ? last->message : "libgit2 gave no reason");
	return false;
}

static const char *hex(const struct reading *reading, const git_oid *oid)
{
	char *digits = arena_alloc(reading->arena, GIT_OID_HEXSZ + 1);

	return git_oid_tostr(digits, GIT_OID_HEXSZ + 1, oid);
}

static bool wants(const struct reading *reading, enum git_want want)
{
	return (reading->query->wants & want) != 0;
}

/* Starts the library so that nothing outside of the repository has a say. */
static void set_up(const struct reading *reading)
{
	static const int levels[] = { GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
				      GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL };
	/* Who only reads need not know them: objects that are fetched on demand, that are never
	 * removed, settings of one work tree. */
	static const char *extensions[] = { "partialclone", "preciousobjects", "worktreeconfig" };

	git_libgit2_init();
	arena_defer(reading->arena, shut_down, NULL);
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, reading->query->trusted ? 0 : 1);
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
			 sizeof(extensions) / sizeof(extensions[0]));
}

static bool open_repository(struct reading *reading)
{
	int error = git_repository_open_ext(&reading->repo, reading->query->repo, 0, NULL);

	/* libgit2 1.5 says so when nobody allows another user's repository: it looks for the list
	 * of allowed ones in the configuration of this machine, which is closed to it. */
	if (error == GIT_ENOTFOUND && git_error_last()->klass == GIT_ERROR_CONFIG)
		error = GIT_EOWNER;
	if (error == GIT_EOWNER) {
		io_fail(reading->failure, reading->arena, IO_PERMISSION,
			"the repository of '%s' belongs to another user", reading->query->repo);
		reading->failure->code = GIT_CODE_OWNER;
		return false;
	}
	if (error)
		return fail(reading, error);
	arena_defer(reading->arena, free_repository, reading->repo);
	return true;
}

/* The commit that a reference leads to. GIT_ENOTFOUND when there is none of that name. */
static int find_commit(const struct reading *reading, const char *name, git_oid *commit)
{
	git_reference *reference;
	git_object *object;
	int error = git_reference_lookup(&reference, reading->repo, name);

	if (error)
		return error;
	error = git_reference_peel(&object, reference, GIT_OBJECT_COMMIT);
	git_reference_free(reference);
	if (error)
		return error;
	*commit = *git_object_id(object);
	git_object_free(object);
	return 0;
}

static bool read_branch(struct reading *reading)
{
	static const char heads[] = "refs/heads/";
	git_reference *reference;
	const char *target;
	int error = git_reference_lookup(&reference, reading->repo, "HEAD");

	if (error)
		return fail(reading, error);
	arena_defer(reading->arena, free_reference, reference);
	target = git_reference_symbolic_target(reference);
	if (target && strncmp(target, heads, strlen(heads)) == 0)
		reading->facts->branch = arena_string(reading->arena, target + strlen(heads));
	return true;
}

static bool read_head(struct reading *reading)
{
	int error;

	if (!read_branch(reading))
		return false;
	error = find_commit(reading, "HEAD", &reading->head);
	/* A branch before its first commit is named, but is not there. */
	if (error == GIT_ENOTFOUND && git_repository_head_unborn(reading->repo) == 1)
		return true;
	if (error)
		return fail(reading, error);
	reading->has_head = true;
	reading->facts->head = hex(reading, &reading->head);
	return true;
}

/* `git status` leaves untracked files out when the repository says so. */
static bool counts_untracked(const struct reading *reading)
{
	git_config *config;
	const char *shown;
	int truth = 1;

	if (git_repository_config_snapshot(&config, reading->repo) != 0)
		return true;
	if (git_config_get_string(&shown, config, "status.showUntrackedFiles") == 0 &&
	    git_config_parse_bool(&truth, shown) != 0)
		truth = 1;
	git_config_free(config);
	return truth != 0;
}

/* Of a sparse work tree most files are not there, and that is no change. */
static bool is_left_out(const struct reading *reading, const char *path)
{
	git_index *index;
	const git_index_entry *entry;
	bool left_out;

	if (git_repository_index(&index, reading->repo) != 0)
		return false;
	entry = git_index_get_bypath(index, path, 0);
	left_out = entry && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
	git_index_free(index);
	return left_out;
}

/*
 * Whether git would print nothing for the entry. libgit2 calls ignored what the rules ignore, an
 * empty folder, and also an untracked repository inside of this one, which git prints.
 */
static bool is_silent(const struct reading *reading, const git_status_entry *entry)
{
	const char *path, *inner;
	int ignored = 0;

	if (entry->status == GIT_STATUS_WT_DELETED)
		return is_left_out(reading, entry->index_to_workdir->old_file.path);
	if (entry->status != GIT_STATUS_IGNORED)
		return false;
	path = entry->index_to_workdir->old_file.path;
	inner = arena_format(reading->arena, "%s%s.git", git_repository_workdir(reading->repo),
			     path);
	if (!text_ends(text_of(path), "/") || access(inner, F_OK) != 0)
		return true;
	return git_ignore_path_is_ignored(&ignored, reading->repo, path) == 0 && ignored;
}

static bool read_clean(struct reading *reading)
{
	git_status_options options;
	git_status_list *list;
	int error;

	if (!wants(reading, GIT_WANT_CLEAN))
		return true;
	reading->facts->clean = true;
	if (git_repository_is_bare(reading->repo))
		return true;
	git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
	options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
	if (counts_untracked(reading))
		options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_INCLUDE_IGNORED;
	else
		options.flags = 0;
	error = git_status_list_new(&list, reading->repo, &options);
	if (error)
		return fail(reading, error);
	arena_defer(reading->arena, free_status, list);
	for (size_t i = 0; i < git_status_list_entrycount(list) && reading->facts->clean; i++)
		reading->facts->clean = is_silent(reading, git_status_byindex(list, i));
	return true;
}

/* The order in which gitrevisions(7) looks for a name; an expression of revisions is not read. */
static int find_named_commit(const struct reading *reading, const char *name, git_oid *commit)
{
	static const char *const places[] = { "refs/", "refs/tags/", "refs/heads/",
					      "refs/remotes/" };
	int error = GIT_ENOTFOUND;

	if (strcmp(name, "HEAD") == 0 || strncmp(name, "refs/", 5) == 0)
		return find_commit(reading, name, commit);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && error == GIT_ENOTFOUND; i++) {
		const char *full = arena_format(reading->arena, "%s%s", places[i], name);

		error = find_commit(reading, full, commit);
	}
	return error;
}

static int find_compare(struct reading *reading)
{
	const char *name = reading->query->compare;
	git_commit *commit;
	int error;

	if (strlen(name) != GIT_OID_HEXSZ || git_oid_fromstr(&reading->compare, name) != 0)
		return find_named_commit(reading, name, &reading->compare);
	error = git_commit_lookup(&commit, reading->repo, &reading->compare);
	if (!error)
		git_commit_free(commit);
	return error;
}

/* A walk through the history ended early. */
static bool fail_walk(const struct reading *reading, int error)
{
	if (git_repository_is_shallow(reading->repo) != 1)
		return fail(reading, error);
	io_fail(reading->failure, reading->arena, IO_NOT_FOUND,
		"the history of this clone is cut off before it can be compared with '%s'",
		reading->query->compare);
	reading->failure->code = GIT_CODE_SHALLOW;
	return false;
}

static bool read_distance(struct reading *reading)
{
	size_t ahead = 0, behind = 0;
	int error = 0;

	if (!wants(reading, GIT_WANT_DISTANCE))
		return true;
	if (!git_oid_equal(&reading->head, &reading->compare))
		error = git_graph_ahead_behind(&ahead, &behind, reading->repo, &reading->head,
					       &reading->compare);
	if (error)
		return fail_walk(reading, error);
	reading->facts->ahead = (int64_t)ahead;
	reading->facts->behind = (int64_t)behind;
	return true;
}

static bool read_compare(struct reading *reading)
{
	int error;

	if (!reading->query->compare)
		return true;
	error = find_compare(reading);
	if (error == GIT_ENOTFOUND) {
		io_fail(reading->failure, reading->arena, IO_NOT_FOUND,
			"there is no branch, tag or commit '%s' to compare with",
			reading->query->compare);
		return false;
	}
	if (error)
		return fail(reading, error);
	if (!reading->has_head) {
		io_fail(reading->failure, reading->arena, IO_NOT_FOUND,
			"there is no commit yet to compare with '%s'", reading->query->compare);
		return false;
	}
	return read_distance(reading);
}

/* What is signed is the bytes, not what a library makes of them. */
static int read_raw(struct reading *reading, const git_oid *oid)
{
	git_odb *odb;
	git_odb_object *object;
	int error = git_repository_odb(&odb, reading->repo);

	if (error)
		return error;
	error = git_odb_read(&object, odb, oid);
	if (!error) {
		struct text bytes = { git_odb_object_data(object), git_odb_object_size(object) };

		reading->facts->tag.raw = arena_text(reading->arena, bytes);
		git_odb_object_free(object);
	}
	git_odb_free(odb);
	return error;
}

static bool relate_tag(struct reading *reading, const git_oid *commit)
{
	struct git_tag_facts *tag = &reading->facts->tag;
	int within;

	tag->commit = hex(reading, commit);
	tag->on_head = reading->has_head && git_oid_equal(commit, &reading->head);
	if (!reading->query->compare || !wants(reading, GIT_WANT_IN_COMPARE))
		return true;
	if (git_oid_equal(commit, &reading->compare)) {
		tag->in_compare = true;
		return true;
	}
	within = git_graph_descendant_of(reading->repo, &reading->compare, commit);
	if (within < 0)
		return fail_walk(reading, within);
	tag->in_compare = within == 1;
	return true;
}

static bool describe_tag(struct reading *reading, git_reference *reference)
{
	struct git_tag_facts *tag = &reading->facts->tag;
	const git_oid *target = git_reference_target(reference);
	git_object *object, *commit;
	int error;

	error = git_object_lookup(&object, reading->repo, target, GIT_OBJECT_ANY);
	if (error)
		return fail(reading, error);
	arena_defer(reading->arena, free_object, object);
	tag->exists = true;
	tag->object = hex(reading, target);
	tag->annotated = git_object_type(object) == GIT_OBJECT_TAG;
	if (tag->annotated)
		error = read_raw(reading, target);
	if (error)
		return fail(reading, error);
	error = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
	/* A tag may name a tree or a file. */
	if (error == GIT_EPEEL || error == GIT_EINVALIDSPEC)
		return true;
	if (error)
		return fail(reading, error);
	arena_defer(reading->arena, free_object, commit);
	return relate_tag(reading, git_object_id(commit));
}

static bool read_tag(struct reading *reading)
{
	git_reference *reference, *resolved;
	const char *name;
	int error, valid;

	if (!reading->query->tag)
		return true;
	name = arena_format(reading->arena, "refs/tags/%s", reading->query->tag);
	if (git_reference_name_is_valid(&valid, name) != 0 || !valid) {
		io_fail(reading->failure, reading->arena, IO_REFUSED,
			"no tag can have the name '%s'", reading->query->tag);
		return false;
	}
	error = git_reference_lookup(&reference, reading->repo, name);
	if (error == GIT_ENOTFOUND)
		return true;
	if (error)
		return fail(reading, error);
	arena_defer(reading->arena, free_reference, reference);
	error = git_reference_resolve(&resolved, reference);
	if (error)
		return fail(reading, error);
	arena_defer(reading->arena, free_reference, resolved);
	return describe_tag(reading, resolved);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool read_tags(struct reading *reading)
{
	git_strarray found;
	const char **tags;
	int error;

	if (!wants(reading, GIT_WANT_TAGS))
		return true;
	error = git_tag_list(&found, reading->repo);
	if (error)
		return fail(reading, error);
	tags = arena_array(reading->arena, const char *, found.count);
	for (size_t i = 0; i < found.count; i++)
		tags[i] = arena_string(reading->arena, found.strings[i]);
	if (found.count > 0)
		qsort(tags, found.count, sizeof(tags[0]), compare_names);
	reading->facts->tags = tags;
	reading->facts->tag_count = found.count;
	git_strarray_dispose(&found);
	return true;
}

static bool read_repository(const struct git_query *query, struct arena *arena,
			    struct git_facts *facts, struct io_failure *failure)
{
	struct reading reading = {
		.query = query, .arena = arena, .facts = facts, .failure = failure
	};

	*facts = (struct git_facts){
		.head = "", .branch = "", .tag = { .commit = "", .object = "" }, .latest_tag = ""
	};
	set_up(&reading);
	return open_repository(&reading) && read_head(&reading) && read_clean(&reading) &&
	       read_compare(&reading) && read_tag(&reading) && read_tags(&reading);
}

static const char *library(struct arena *arena)
{
	int major, minor, patch;
	git_libgit2_version(&major, &minor, &patch);
	return arena_format(arena, "libgit2 %d.%d.%d", major, minor, patch);
}

const struct git_driver git_driver = { .read = read_repository, .library = library };
