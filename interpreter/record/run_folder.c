/* The folder of one run: its name, how it is found, what is kept in it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/file.h"
#include "record/internal.h"

#define ID_LEN (sizeof("20260302T130211Z-7K3Q") - 1)
#define SHORT_LEN 4
#define TRIES 100
#define SHOWN_MAX 5 /* candidates of an ambiguous id that are named */
#define DOCUMENT_MAX ((size_t)64 << 20)

static const char *const parts[] = { "documents", "logs", "values", "files" };

/* Two of the four digits say when in the second, so that ids sort as the runs began; two are
 * chance. Gives an errno value. */
static int make_id(int64_t wall, char id[ID_LEN + 1])
{
	time_t second = (time_t)(wall / NS_PER_S);
	int64_t fraction = wall % NS_PER_S * 1024 / NS_PER_S;
	unsigned char chance[2];
	struct tm tm;
	size_t len;

	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		return EIO;
	gmtime_r(&second, &tm);
	len = strftime(id, ID_LEN + 1, "%Y%m%dT%H%M%SZ-", &tm);
	id[len++] = RUN_DIGITS[fraction / 32];
	id[len++] = RUN_DIGITS[fraction % 32];
	id[len++] = RUN_DIGITS[chance[0] % 32];
	id[len++] = RUN_DIGITS[chance[1] % 32];
	id[len] = '\0';
	return 0;
}

static bool ends_alike(const char *a, const char *b)
{
	return strcmp(a + ID_LEN - SHORT_LEN, b + ID_LEN - SHORT_LEN) == 0;
}

/* The four last characters while no other run has them. */
static const char *short_of(const char *id, const char *const *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (ends_alike(ids[i], id) && strcmp(ids[i], id) != 0)
			return id;
	return id + ID_LEN - SHORT_LEN;
}

static bool open_run(struct store *store, const char *id, struct run_folder *run,
		     struct store_error *error)
{
	const char *name = arena_format(store->arena, "runs/%s", id);

	run->arena = store->arena;
	run->id = id;
	run->path = file_join(store->path, name, store->arena);
	run->fd = store_folder(store->fd, name, run->path, store->arena, error);
	return run->fd >= 0;
}

/* A new folder with a name that no run has; in *id. Gives an errno value. */
static int make_run(struct store *store, int64_t wall, const char *const *ids, size_t count,
		    const char **id)
{
	int number = EEXIST;

	for (int i = 0; i < TRIES && number == EEXIST; i++) {
		char name[ID_LEN + 1];

		number = make_id(wall, name);
		if (number)
			return number;
		*id = arena_string(store->arena, name);
		if (short_of(*id, ids, count) == *id)
			number = EEXIST;
		else
			number = store_make_folder(store->fd,
						   arena_format(store->arena, "runs/%s", *id));
	}
	return number;
}

/* ---- its maker ----------------------------------------------------------------------------- */

bool store_is_held(const struct run_folder *run)
{
	bool held = flock(run->fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;

	if (!held)
		flock(run->fd, LOCK_UN);
	return held;
}

bool store_hold(const struct run_folder *run)
{
	return flock(run->fd, LOCK_EX | LOCK_NB) == 0;
}

/* Others have it for no longer than they look; one that was removed before cannot be filled. Gives
 * an errno value. */
static int hold_new(const struct run_folder *run)
{
	unsigned times = 0;
	int done;

	do
		done = flock(run->fd, LOCK_EX);
	while (done < 0 && file_interrupted(&times));
	return done < 0 ? errno : 0;
}

/* ---- a new one ----------------------------------------------------------------------------- */

/* The folders in it, and everything synced. Gives an errno value. */
static int fill_run(struct store *store, struct run_folder *run)
{
	int number = 0;
	int runs;

	for (size_t i = 0; !number && i < sizeof(parts) / sizeof(parts[0]); i++)
		number = store_make_folder(run->fd, parts[i]);
	if (!number)
		number = file_sync_folder(run->fd);
	if (number)
		return number;
	runs = openat(store->fd, "runs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (runs < 0)
		return errno;
	number = file_sync_folder(runs);
	close(runs);
	return number;
}

bool store_create(struct store *store, int64_t wall, struct run_folder *run,
		  struct store_error *error)
{
	const char *const *ids;
	const char *id = NULL;
	size_t count;
	int number;

	if (!store_list(store, &ids, &count, error))
		return false;
	number = make_run(store, wall, ids, count, &id);
	if (number)
		return store_fail(error, store->arena, "make a folder for the run in",
				  file_join(store->path, "runs", store->arena), number);
	if (!open_run(store, id, run, error))
		return false;
	run->short_id = short_of(id, ids, count);
	number = hold_new(run);
	if (!number)
		number = fill_run(store, run);
	if (number)
		store_discard(run);
	return number == 0 || store_fail(error, store->arena, "make", run->path, number);
}

void store_discard(struct run_folder *run)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		unlinkat(run->fd, parts[i], AT_REMOVEDIR);
	rmdir(run->path);
}

/* ---- finding ------------------------------------------------------------------------------- */

/* Whether the wanted text is the start or the end of an id; small letters will do. */
static bool fits(const char *id, const char *wanted)
{
	size_t len = strlen(wanted);

	return len > 0 && len <= ID_LEN &&
	       (strncasecmp(id, wanted, len) == 0 || strcasecmp(id + ID_LEN - len, wanted) == 0);
}

static bool refuse_ambiguous(const char *wanted, const char *const *fitting, size_t count,
			     struct arena *arena, struct store_error *error)
{
	struct buffer message;

	buffer_init(&message, arena);
	buffer_printf(&message, "'%s' fits %zu runs: ", wanted, count);
	for (size_t i = 0; i < count && i < SHOWN_MAX; i++)
		buffer_printf(&message, "%s%s", i ? ", " : "", fitting[i]);
	if (count > SHOWN_MAX)
		buffer_puts(&message, ", ...");
	error->message = buffer_string(&message);
	error->hint = "Give more characters of its beginning or its end.";
	return false;
}

static bool refuse_unknown(const char *wanted, struct arena *arena, struct store_error *error)
{
	error->message = arena_format(arena, "there is no run '%s'", wanted);
	error->hint = "The runs that there are: runbook history";
	return false;
}

bool store_find(struct store *store, const char *id, struct run_folder *run,
		struct store_error *error)
{
	LIST(const char *) fitting = { 0 };
	const char *const *ids;
	size_t count;

	if (!store_list(store, &ids, &count, error))
		return false;
	for (size_t i = 0; i < count; i++)
		if (fits(ids[i], id))
			*list_add(&fitting, store->arena) = ids[i];
	if (fitting.count == 0)
		return refuse_unknown(id, store->arena, error);
	if (fitting.count > 1)
		return refuse_ambiguous(id, fitting.at, fitting.count, store->arena, error);
	run->short_id = short_of(fitting.at[0], ids, count);
	return open_run(store, fitting.at[0], run, error);
}

bool store_open_run(struct store *store, const char *const *ids, size_t count, size_t index,
		    struct run_folder *run, struct store_error *error)
{
	run->short_id = short_of(ids[index], ids, count);
	return open_run(store, ids[index], run, error);
}

/* ---- documents ----------------------------------------------------------------------------- */

static const char *document_name(const char *digest, struct arena *arena)
{
	if (strspn(digest, "0123456789abcdef") != SHA256_HEX - 1 || digest[SHA256_HEX - 1])
		bug("'%s' is no SHA-256", digest);
	return arena_format(arena, "documents/%s", digest);
}

bool store_keep(struct run_folder *run, const char *digest, struct text content,
		struct store_error *error)
{
	const char *name = document_name(digest, run->arena);
	int number = 0;

	*error = (struct store_error){ 0 };
	if (faccessat(run->fd, name, F_OK, 0) < 0)
		number = file_write(run->fd, name, content, S_IRUSR | S_IWUSR);
	return number == 0 || store_fail(error, run->arena, "write",
					 file_join(run->path, name, run->arena), number);
}

bool store_kept(struct run_folder *run, const char *digest, struct arena *arena,
		struct text *content, struct store_error *error)
{
	const char *name = document_name(digest, arena);
	const char *path = file_join(run->path, name, arena);
	char sum[SHA256_HEX];
	int number = file_read(run->fd, name, DOCUMENT_MAX, arena, content);

	*error = (struct store_error){ 0 };
	if (number)
		return store_fail(error, arena, "read", path, number);
	sha256_text(*content, sum);
	if (strcmp(sum, digest) == 0)
		return true;
	error->message = arena_format(arena, "'%s' was changed: its SHA-256 is %s", path, sum);
	error->hint = "What is kept of a run must not be edited; take it from a backup.";
	return false;
}
