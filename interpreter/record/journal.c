/* The journal of a run: writing. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "record/internal.h"

/* What a line may have while the disk is full: the reserve takes the ends of all that runs. */
#define FULL_MAX_LINE (JOURNAL_RESERVE / 16)

#define SLOW NS_PER_S /* for one commit: that is told */

struct journal {
	struct arena *arena;
	const struct run_folder *run;
	const struct clock *clock;
	const struct mask *mask;
	const char *path;
	const char *notice;
	int fd;
	bool opened;             /* it is ours to write */
	struct buffer pending;   /* lines of the next commit */
	size_t last;             /* where the last of them begins: it has no sum yet */
	bool must_sync;          /* one of them has to be safe with this commit */
	bool may_wait;           /* one of them has to be safe soon */
	int64_t waiting;         /* boot time of the first commit that waits for a sync; 0: none */
	char sum[SHA256_HEX];    /* of the last line that has one */
	uint64_t seq;            /* of the last line */
	uint64_t tick;           /* the last that was synced */
	off_t end;               /* of the last commit, in the file */
	off_t reserved;          /* where the reserve ends */
	off_t filled;            /* where the blanks behind the last commit end */
	int64_t boot;            /* boot time at ms 0 */
	bool has_reserve;        /* the file system can */
	bool was_slow;           /* a commit took longer than SLOW */
	struct store_error full; /* message is NULL: it is not */
	struct store_error failure; /* of a commit; message is NULL: none failed */
};

/* ---- one writer ---------------------------------------------------------------------------- */

static const struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

/* For as long as the descriptor is open. Gives an errno value. */
static int hold(int fd)
{
	struct flock lock = whole;

	return fcntl(fd, F_OFD_SETLK, &lock) < 0 ? errno : 0;
}

bool journal_is_held(const struct run_folder *run)
{
	int fd = openat(run->fd, JOURNAL_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct flock lock = whole;
	bool held = fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

	if (fd >= 0)
		close(fd);
	return held;
}

bool journal_keep_shut(const struct run_folder *run)
{
	int fd = openat(run->fd, JOURNAL_NAME, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT;
	store_close_later(run->arena, fd);
	return hold(fd) == 0;
}

static bool refuse_held(const struct journal *journal, struct store_error *error)
{
	*error = (struct store_error){
		.message = arena_format(journal->arena, "run %s is still running",
					journal->run->short_id),
		.held = true,
	};
	return false;
}

/* ---- opening ------------------------------------------------------------------------------- */

/* Gives the rest of the reserve back, so that not every run keeps a quarter MiB. */
static void close_journal(void *data)
{
	struct journal *journal = data;

	if (journal->opened && !journal->failure.message &&
	    ftruncate(journal->fd, journal->end) < 0)
		journal->notice = "the reserve could not be given back";
	close(journal->fd);
}

/* Keeps at least half a reserve behind what is about to be written. */
static void renew_reserve(struct journal *journal)
{
	off_t end = journal->end + (off_t)journal->pending.len;
	unsigned times = 0;
	int done;

	if (!journal->has_reserve || end + JOURNAL_RESERVE / 2 <= journal->reserved)
		return;
	do
		done = fallocate(journal->fd, FALLOC_FL_KEEP_SIZE, journal->end,
				 end - journal->end + JOURNAL_RESERVE);
	while (done < 0 && file_interrupted(&times));
	if (done == 0) {
		journal->reserved = end + JOURNAL_RESERVE;
		journal->full.message = NULL;
	} else if (errno == EOPNOTSUPP || errno == ENOSYS) {
		journal->has_reserve = false;
		journal->notice = arena_format(journal->arena,
					       "the file system of '%s' cannot reserve space: on a "
					       "full disk the last results may be lost",
					       journal->path);
	} else {
		store_fail(&journal->full, journal->arena, "reserve space for", journal->path,
			   errno);
	}
}

/* Gives an errno value. */
static int create_file(struct journal *journal)
{
	journal->fd = openat(journal->run->fd, JOURNAL_NAME,
			     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			     S_IRUSR | S_IWUSR);
	if (journal->fd < 0)
		return errno;
	if (fchmod(journal->fd, S_IRUSR | S_IWUSR) < 0)
		return errno;
	hold(journal->fd);
	return file_sync_folder(journal->run->fd);
}

/* Gives an errno value. */
static int sync_data(const struct journal *journal)
{
	unsigned times = 0;
	int done;

	do
		done = fdatasync(journal->fd);
	while (done < 0 && file_interrupted(&times));
	return done < 0 ? errno : 0;
}

/* Gives an errno value. */
static int cut(struct journal *journal)
{
	journal->filled = journal->end;
	return ftruncate(journal->fd, journal->end) < 0 ? errno : sync_data(journal);
}

static bool go_on(struct journal *journal, struct store_error *error)
{
	static const struct journal_reader checks_only = { 0 };
	struct journal_position position;
	struct store_error torn;
	struct arena arena;
	enum journal_end end;
	int number;

	journal->fd = openat(journal->run->fd, JOURNAL_NAME, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (journal->fd < 0)
		return store_fail(error, journal->arena, "open", journal->path, errno);
	number = hold(journal->fd);
	if (number == EAGAIN || number == EACCES)
		return refuse_held(journal, error);
	arena_init(&arena);
	end = journal_scan(journal->run, &arena, &checks_only, &position, &torn);
	if (end != JOURNAL_WHOLE)
		journal->notice = arena_string(journal->arena, torn.message);
	arena_done(&arena);
	if (end == JOURNAL_DAMAGED) {
		*error = (struct store_error){ .message = journal->notice };
		return false;
	}
	journal->end = (off_t)position.end;
	journal->seq = position.seq;
	journal->tick = position.tick;
	journal->boot -= position.ms * NS_PER_MS;
	memcpy(journal->sum, position.sum, sizeof(journal->sum));
	number = cut(journal);
	return number == 0 || store_fail(error, journal->arena, "open", journal->path, number);
}

struct journal *journal_open(struct run_folder *run, const struct clock *clock,
			     const struct mask *mask, struct arena *arena,
			     struct store_error *error)
{
	struct journal *journal = arena_new(arena, struct journal);
	int number;

	*error = (struct store_error){ 0 };
	*journal = (struct journal){
		.arena = arena,
		.run = run,
		.clock = clock,
		.mask = mask,
		.path = file_join(run->path, JOURNAL_NAME, arena),
		.fd = -1,
		.boot = clock_boot(clock),
		.has_reserve = true,
	};
	buffer_init(&journal->pending, arena);
	number = create_file(journal);
	journal->opened = number == EEXIST ? go_on(journal, error) : number == 0;
	if (journal->fd >= 0)
		arena_defer(arena, close_journal, journal);
	if (!journal->opened && number != EEXIST)
		store_fail(error, arena, "create", journal->path, number);
	if (!journal->opened)
		return NULL;
	renew_reserve(journal);
	return journal;
}

int64_t journal_now(const struct journal *journal)
{
	return (clock_boot(journal->clock) - journal->boot) / NS_PER_MS;
}

uint64_t journal_seq(const struct journal *journal)
{
	return journal->seq;
}

const char *journal_notice(const struct journal *journal)
{
	return journal->notice;
}

bool journal_is_full(const struct journal *journal, struct store_error *error)
{
	*error = journal->full;
	return journal->full.message != NULL;
}

/* ---- lines --------------------------------------------------------------------------------- */

void line_sum(const char *before, struct text body, char sum[SHA256_HEX])
{
	uint8_t digest[SHA256_SIZE];
	struct sha256 sha256;

	sha256_init(&sha256);
	sha256_add(&sha256, before, strlen(before));
	sha256_add(&sha256, body.ptr, body.len);
	sha256_end(&sha256, digest);
	sha256_hex(digest, sum);
}

/* Gives the last line its end. mark: LINE_COMMIT, LINE_UNSYNCED or "". */
static void seal(struct journal *journal, const char *mark)
{
	struct buffer *pending = &journal->pending;

	if (!pending->len)
		return;
	buffer_puts(pending, mark);
	line_sum(journal->sum, text_slice(buffer_text(pending), journal->last, pending->len),
		 journal->sum);
	buffer_printf(pending, LINE_SUM "%s\"}\n", journal->sum);
	journal->last = pending->len;
}

/* A field as it will stand in the line. */
struct piece {
	struct text key;
	struct text json;
};

static void move_piece(struct journal *journal, struct piece *piece, struct arena *arena)
{
	struct buffer out;
	int error;

	buffer_init(&out, arena);
	error = keep_move(journal->run->fd, piece->json, &out);
	piece->json = buffer_text(&out);
	if (error)
		store_fail(&journal->full, journal->arena, "keep a large value in",
			   file_join(journal->run->path, "values", journal->arena), error);
}

/* Moves the longest fields out of the line until it is short enough. */
static void shorten(struct journal *journal, struct piece *pieces, size_t count,
		    struct arena *arena)
{
	size_t max = journal->full.message ? FULL_MAX_LINE : JOURNAL_MAX_LINE;
	/* For head, sum and what stands for the pieces that were moved. */
	size_t total = 1024 + 128 * count;

	for (size_t i = 0; i < count; i++)
		total += pieces[i].key.len + pieces[i].json.len;
	while (total > max && count > 0) {
		struct piece *longest = pieces;

		for (size_t i = 1; i < count; i++)
			if (pieces[i].json.len > longest->json.len)
				longest = &pieces[i];
		if (longest->json.len <= 128)
			return;
		total -= longest->json.len;
		move_piece(journal, longest, arena);
	}
}

static void write_line(struct journal *journal, const struct event *event, struct arena *arena)
{
	size_t count = value_count(event->data);
	struct piece *pieces = arena_array(arena, struct piece, count);
	struct value key;
	struct value value;

	for (size_t i = 0; value_entry_at(event->data, i, arena, &key, &value); i++) {
		struct buffer json;

		buffer_init(&json, arena);
		event_write_value(&json, event->type, value_text(key), value);
		pieces[i] = (struct piece){ value_text(key), buffer_text(&json) };
	}
	shorten(journal, pieces, count, arena);
	seal(journal, "");
	event_write_head(&journal->pending, event);
	for (size_t i = 0; i < count; i++) {
		buffer_putc(&journal->pending, ',');
		json_write_string(&journal->pending, pieces[i].key);
		buffer_putc(&journal->pending, ':');
		buffer_add(&journal->pending, pieces[i].json);
	}
}

/* The data without secrets in texts for people, and with secret values marked; run.closed gets its
 * number of lines. */
static struct value masked(const struct journal *journal, const struct event *event,
			   struct arena *arena)
{
	bool closed = event->type == EVENT_RUN_CLOSED;
	struct value_map_builder builder;
	struct value key;
	struct value value;

	if (!closed && mask_leaves(journal->mask, event->data))
		return event->data;
	value_map_init(&builder, arena);
	for (size_t i = 0; value_entry_at(event->data, i, arena, &key, &value); i++) {
		const struct event_row *field = event_field(event->type, value_text(key));

		if (closed && text_is(value_text(key), "lines"))
			continue;
		value_map_put(&builder, key,
			      field && field->values ? mask_mark(journal->mask, value, arena)
						     : mask_value(journal->mask, value, arena));
	}
	if (closed)
		value_map_set(&builder, "lines", value_int((int64_t)journal->seq + 1));
	return value_map_end(&builder);
}

void journal_append(struct journal *journal, struct event *event, struct arena *arena)
{
	int64_t wall = clock_wall(journal->clock);

	if (journal->seq == 0)
		journal->boot = clock_boot(journal->clock); /* run.opened is the origin */
	event->wall = wall - wall % NS_PER_MS;              /* as it is written */
	event->ms = journal_now(journal);
	event->tick = journal->tick + 1;
	event->data = masked(journal, event, arena);
	event->seq = event_recorded(event->type) ? ++journal->seq : journal->seq;
	if (event_keeping(event->type) == EVENT_SYNCED) {
		journal->must_sync |= !event->may_wait;
		journal->may_wait = true;
	}
	if (event_recorded(event->type) && !journal->failure.message)
		write_line(journal, event, arena);
}

/* ---- commits ------------------------------------------------------------------------------- */

/* Blanks behind the last line, for the next lines to be written over: a sync of bytes that the file
 * has already need not sync its length too. Without them it is only slower. */
static void fill(struct journal *journal)
{
	char blanks[JOURNAL_FILL];

	if (journal->end <= journal->filled || journal->end + JOURNAL_FILL > journal->reserved)
		return;
	memset(blanks, ' ', sizeof(blanks));
	file_write_all_at(journal->fd, (struct text){ blanks, sizeof(blanks) }, journal->end);
	journal->filled = journal->end + JOURNAL_FILL;
}

/* Writes what is pending. Gives an errno value. */
static int write_pending(struct journal *journal)
{
	off_t begin = journal->end;
	int number;

	seal(journal, journal->must_sync ? LINE_COMMIT : LINE_UNSYNCED);
	renew_reserve(journal);
	number = file_write_all_at(journal->fd, buffer_text(&journal->pending), begin);
	if (number)
		return number;
	journal->end += (off_t)journal->pending.len;
	fill(journal);
	number = journal->must_sync ? sync_data(journal) : 0;
	if (number)
		journal->end = begin;
	return number;
}

/* Once: whoever waits wants to know what for. */
static void note_slow(struct journal *journal, int64_t taken)
{
	if (taken < SLOW || journal->was_slow)
		return;
	journal->was_slow = true;
	journal->notice = arena_format(
		journal->arena, "the disk of '%s' is slow: a record took %s to be safe there",
		journal->path, clock_span(taken, journal->arena));
}

static bool is_overdue(const struct journal *journal, int64_t now)
{
	return journal->waiting && now - journal->waiting >= JOURNAL_DELAY * NS_PER_MS;
}

int64_t journal_due(const struct journal *journal)
{
	if (!journal->waiting || journal->failure.message)
		return 0;
	return (journal->waiting - journal->boot) / NS_PER_MS + 1 + JOURNAL_DELAY;
}

bool journal_commit(struct journal *journal, struct store_error *error)
{
	int64_t begin;
	int number;

	*error = journal->failure;
	if (error->message)
		return false;
	begin = clock_boot(journal->clock);
	journal->must_sync |= is_overdue(journal, begin);
	if (!journal->pending.len && !journal->must_sync)
		return true;
	number = write_pending(journal);
	note_slow(journal, clock_boot(journal->clock) - begin);
	if (number) {
		store_fail(&journal->failure, journal->arena, "write", journal->path, number);
		if (cut(journal))
			journal->notice = "the journal could not be cut back to its last commit";
		*error = journal->failure;
		return false;
	}
	/* Without a line of it, no reader knows of this sync. */
	journal->tick += journal->must_sync && journal->pending.len > 0;
	if (journal->must_sync)
		journal->waiting = 0;
	else if (journal->may_wait && !journal->waiting)
		journal->waiting = begin;
	journal->must_sync = journal->may_wait = false;
	journal->pending.len = 0;
	journal->last = 0;
	return true;
}
