/* What the files of record share. */
#ifndef RECORD_INTERNAL_H
#define RECORD_INTERNAL_H

#include "record/record.h"

/* ---- the table of events ------------------------------------------------------------------- */

/* A row of event.def: an event, or a field of the event above it. */
struct event_row {
	enum event_type type; /* EVENT_TYPE_COUNT: a field */
	const char *name;
	enum event_keeping keeping; /* of an event */
	bool values; /* a field: holds values for expressions, not texts for people */
	bool inputs; /* a field: and what of them is data stays known as such */
};

/* The row of a field, or NULL. */
const struct event_row *event_field(enum event_type type, struct text name);
/* The type of that name, or EVENT_TYPE_COUNT. */
enum event_type event_type_named(struct text name);

/* ---- values as they are kept --------------------------------------------------------------- */

/*
 * Writes JSON that keep_read turns into an equal value of the same kind. What is data
 * (VALUE_OUTSIDE) is {"outside":VALUE}, unless outside says that this is known of all of it. What
 * JSON has no form for is a map of one entry that names it: {"bytes":"aGk="}, {"timestamp":"..."},
 * {"uint":1}; a secret is {"secret":true} and reads back as an error value that is marked secret;
 * what cannot be read is {"error":"why"}, or {"lost":"why"} where a limit is why;
 * an opaque is kept as its text.
 */
void keep_write(struct buffer *out, struct value value, bool outside);

/* Whether a map of one entry with this key is what stands for something else. */
bool keep_is_tag(struct text key);

/* A text without malformed UTF-8: each such byte becomes U+FFFD. */
struct text keep_utf8(struct text text, struct arena *arena);

struct keep {
	struct arena *arena;
	int folder; /* of the run, for values/; -1: what was moved there reads as an error value */
	const char *why; /* when keep_read failed */
};
/* json: as json_read gave it. False: keep->why. */
bool keep_read(struct keep *keep, struct value json, struct value *out);

/* Moves the JSON of a large value to values/DIGEST (synced) and writes what stands for it. Gives 0
 * or an errno value; then what stands for it says that it was lost. */
int keep_move(int folder, struct text json, struct buffer *out);

/* ---- lines --------------------------------------------------------------------------------- */

/* The line of an event up to its data: no closing brace. */
void event_write_head(struct buffer *out, const struct event *event);
/* A value as an event of that type keeps it under that key. */
void event_write_value(struct buffer *out, enum event_type type, struct text key,
		       struct value value);
/* As event_read, with what was moved to values/ read back from keep->folder. */
bool event_read_kept(struct text line, struct keep *keep, struct event *event);

/*
 * The end of a journal's line: ,"sum":"64 hex digits"} and the line end. The sum is the SHA-256 of
 * the sum before, as hex digits (none for the first line), and of the line up to the comma.
 */
#define LINE_SUM ",\"sum\":\""
#define LINE_COMMIT ",\"commit\":true"
#define LINE_UNSYNCED ",\"commit\":false"
#define JOURNAL_NAME "journal.jsonl"

void line_sum(const char *before, struct text body, char sum[SHA256_HEX]);
/* Splits a line into the bytes that are summed and the sum. False: it has none. */
bool line_split(struct text line, struct text *body, struct text *sum);
/* Without the blanks and zeros at its end: what no line was written over yet. */
struct text line_written(struct text text);

/* Where a journal stands after its last commit. */
struct journal_position {
	size_t end;    /* bytes */
	uint64_t seq;  /* = lines */
	uint64_t tick; /* the last that was synced */
	int64_t ms;
	char sum[SHA256_HEX]; /* "" before the first line */
};

struct journal_reader {
	bool (*event)(const struct event *event, void *data); /* NULL: only check */
	void *data;
};
/* journal_read, telling where the last commit ends. */
enum journal_end journal_scan(const struct run_folder *run, struct arena *arena,
			      const struct journal_reader *reader,
			      struct journal_position *position, struct store_error *error);

/* The slots of the run, with what each stands in. Those that were there keep what is known of them.
 */
void state_take_outline(struct state *state, struct value outline);
/* Before that: each goes to the slot that slots says, where it is a list, as do questions. False,
 * and nothing changed: it does not fit. */
bool state_move_slots(struct state *state, struct value slots, struct value outline);
/* The documents of the event, if it has any, and the slots that go with them. False: they do not
 * fit. */
bool state_apply_changed(struct state *state, const struct event *event);
/* loop.opened gives the loop count copies of the slots of its pattern, behind all others. */
bool state_apply_loop(struct state *state, const struct event *event);

/* Whether a rollback, or that it goes on, was said by an operator rather than by the run itself. */
bool state_is_by_operator(const struct event *event);

/* run.resumed, for state_apply: what ended badly can begin anew, questions about the end are
 * forgotten. */
bool state_apply_resumed(struct state *state, const struct event *event);

/* The run's timeout counts from this event on. */
void state_limit_anew(struct state *state, const struct event *event);

/* ---- masking ------------------------------------------------------------------------------- */

/* All forms of a secret in which it may show up in a text; give is called with each. */
void mask_forms(struct text secret, struct arena *arena, void (*give)(void *data, struct text form),
		void *data);
/* The passwords that stand in a URL or among the keywords of a connection; give is called with
 * each, as it is written and decoded. */
void mask_passwords(struct text secret, struct arena *arena,
		    void (*give)(void *data, struct text password), void *data);
/* Adds the forms of a secret, and of a password in it, without making the automaton ready:
 * mask_link does, for several. */
bool mask_put(struct mask *mask, struct text secret);
void mask_link(struct mask *mask);
/* As mask_value for values that go on to be computed with: a string or bytes in which a secret is
 * found is marked secret and otherwise left as it is. */
struct value mask_mark(const struct mask *mask, struct value value, struct arena *arena);
/* Whether a value as a whole has the taint: a container that only holds what has it does not. */
bool mask_has_taint(struct value value, unsigned taint);
/* Whether masking leaves the value as it is, because there is nothing to be masked in any. */
bool mask_leaves(const struct mask *mask, struct value value);

/* ---- the store ----------------------------------------------------------------------------- */

/* Says "cannot VERB 'PATH': the system's words", with a hint for the errors that have a way out.
 * Always false. */
bool store_fail(struct store_error *error, struct arena *arena, const char *verb, const char *path,
		int number);
/* Crockford's base 32: no I, L, O, U. */
#define RUN_DIGITS "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/* Opens a folder that must be real, ours and writable by us alone. -1: *error says why. path is for
 * messages. Closed with the arena. */
int store_folder(int parent, const char *name, const char *path, struct arena *arena,
		 struct store_error *error);
/* mkdir with mode 0700 whatever the umask. Gives 0 or an errno value. */
int store_make_folder(int parent, const char *name);
/* Closes fd when the arena is done. Gives fd. */
int store_close_later(struct arena *arena, int fd);
/* A word of a shell command: quoted where it has to be. */
const char *store_quote(const char *word, struct arena *arena);
/* The name of a user, or the number as text. */
const char *store_user(unsigned uid, struct arena *arena);

/* ---- locks --------------------------------------------------------------------------------- */

struct lock {
	struct arena *arena;
	const char *folder_path;
	const char *file; /* in the folder */
	int folder;
	int fd; /* of the file */
	bool held;
};

/* Describes us as the holder, in a file of its own beside the lock's; a description that cannot be
 * written is left out. Removes those of holders that are dead. */
void lock_remember(const struct lock *lock, const struct lock_request *request);
/* Removes our description. */
void lock_forget(const struct lock *lock);
/* Finds out who holds the lock. */
void lock_describe(const struct lock *lock, struct lock_holder *holder);
/* What the run is doing that the description names, by its journal, which must be the user's own;
 * NULL: it is not known. */
const char *lock_doing(const struct value *description, unsigned user, struct arena *arena);
/* A field of a description, without what could disturb a screen; NULL: it has none. */
const char *lock_field(struct value description, const char *field, struct arena *arena);

#endif
