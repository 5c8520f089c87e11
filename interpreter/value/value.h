/*
 * value: the immutable values of the expression language, 16 bytes each, passed by copy. What a
 * value points to lives in some arena and is never changed; whoever keeps a value longer than
 * that arena copies it with value_copy.
 *
 * The kinds and their meaning are CEL's (cel-spec 508bd98); CEL.md section 1.2 has the rest.
 */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum value_kind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,  /* int64 */
	VALUE_UINT, /* uint64 */
	VALUE_DOUBLE,
	VALUE_STRING, /* UTF-8 */
	VALUE_BYTES,
	VALUE_LIST,
	VALUE_MAP,       /* in order of insertion */
	VALUE_TIMESTAMP, /* seconds since 1970 and nanoseconds */
	VALUE_DURATION,  /* int64 nanoseconds */
	VALUE_TYPE,
	VALUE_OPTIONAL,
	VALUE_OPAQUE,  /* a library's own: net.IP, kubernetes.Semver, ... */
	VALUE_OBJECT,  /* a map whose fields are computed when they are read */
	VALUE_UNKNOWN, /* plan: not known before the run */
	VALUE_ERROR    /* the result of an evaluation that failed */
};

enum {
	VALUE_SECRET = 1,  /* computed from a secret: never shown, never kept */
	VALUE_OUTSIDE = 2, /* data: not written by an author (FORMAT.md section 7) */
	VALUE_ASCII = 4,   /* a string of ASCII only: offsets are code points */
	/* What a computed value takes from its operands. */
	VALUE_TAINT = VALUE_SECRET | VALUE_OUTSIDE
};

struct value {
	uint8_t kind; /* enum value_kind */
	uint8_t flags;
	uint16_t aux; /* for the kind's own use */
	uint32_t len; /* bytes of a string; nanoseconds of a timestamp */
	union {
		bool boolean;
		int64_t integer; /* int; seconds of a timestamp; nanoseconds of a duration */
		uint64_t natural;
		double real;
		const char *bytes;
		const struct value_list *list;
		const struct value_map *map;
		const struct value_type *type;
		const struct value *optional; /* NULL: none */
		const struct value_opaque *opaque;
		const struct value_object *object;
		const struct value_unknown *unknown;
		const struct value_error *error;
	};
};

_Static_assert(sizeof(struct value) == 16, "values are passed in two registers");

/* What a list or a map knows of all that it holds. Items may stand in it many times, so that a
 * walk through it may be longer than its memory is large. */
struct value_extent {
	uint32_t weight; /* what a walk touches: one an item and 16 bytes of text; saturates */
	uint16_t depth;  /* lists and maps in one another, itself counted; saturates */
	bool unknown;    /* there may be an unknown in it */
};

struct value_list {
	size_t count;
	const struct value *items;
	struct value_extent extent;
};

struct value_entry {
	struct value key; /* bool, int, uint or string */
	struct value value;
};

struct value_map {
	size_t count;
	const struct value_entry *entries;
	const uint32_t *index; /* open addressing over entries + 1; NULL while small */
	uint32_t index_mask;
	struct value_extent extent;
};

/* The type of a value, as `type(x)` gives it. Equal when the names are. */
struct value_type {
	const char *name; /* "int", "list", "google.protobuf.Timestamp", ... */
};

struct value_opaque_class {
	struct value_type type;
	bool (*equal)(const void *a, const void *b);
	void (*write)(struct buffer *out, const void *data); /* as text */
	const void *(*copy)(const void *data, struct arena *arena);
};

struct value_opaque {
	const struct value_opaque_class *class;
	const void *data;
};

/* A map whose fields are computed on demand, so that `steps.build.json` parses nothing that is
 * not asked for. To an expression it is a map. */
struct value_object_class {
	/* The field, or a VALUE_ERROR of its own when it exists but cannot be read; false: no such
	 * key. */
	bool (*get)(const struct value_object *object, struct text key, struct arena *arena,
		    struct value *out);
	/* The index-th key, in order; false behind the last. */
	bool (*key)(const struct value_object *object, size_t index, struct text *key);
};

struct value_object {
	const struct value_object_class *class;
	void *data;
};

/* What a plan knows of what it does not know: shown as <TEXT>. A set: what is computed from several
 * unknowns names all of them. */
struct value_unknown {
	const char *text;        /* of all: "steps.a.text: string, known after 1; ..." */
	const char *const *each; /* "steps.a.text: string, known after 1", ...; no two are the same
				  */
	size_t count;
};

/* Why an evaluation failed. */
enum value_failure {
	FAIL_EXPRESSION, /* the author's: no such key, no overload, division by zero, ... */
	FAIL_RESOURCE,   /* a limit of what an output may hold; absorbed by && and || like any error
			  */
	FAIL_REFUSED,    /* a value in a place where it may not stand (set by place/) */
	FAIL_LIMIT       /* fuel, memory, depth, regular expression: never absorbed */
};

struct value_error {
	enum value_failure failure;
	const char *message; /* lower case, no full stop */
	const char *hint;    /* a sentence, or NULL */
	uint32_t from;       /* bytes of the expression's text that it is about; */
	uint32_t to;         /* set by the evaluator */
};

/* ---- making -------------------------------------------------------------------------------- */

struct value value_null(void);
struct value value_bool(bool boolean);
struct value value_int(int64_t integer);
struct value value_uint(uint64_t natural);
struct value value_double(double real);
/* The text is borrowed; it must be UTF-8 of less than 4 GiB. */
struct value value_string(struct text text);
struct value value_cstring(const char *string);
struct value value_bytes(struct text bytes);
struct value value_duration(int64_t ns);
struct value value_timestamp(int64_t seconds, uint32_t ns);
struct value value_type_value(const struct value_type *type);
struct value value_opaque(const struct value_opaque_class *class, const void *data,
			  struct arena *arena);
/* item is copied into the arena; NULL makes none. */
struct value value_optional(const struct value *item, struct arena *arena);
struct value value_object(const struct value_object_class *class, void *data, struct arena *arena);
struct value value_unknown(const char *text, struct arena *arena);
/* What is not known when neither of two is: the set of both. */
struct value value_unknown_join(struct value a, struct value b, struct arena *arena);
/* All unknowns in a value as one set; null: there are none. */
struct value value_unknowns(struct value value, struct arena *arena);
/* An error value; the format is literal. */
struct value value_error(struct arena *arena, enum value_failure failure, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Over count items that are already in an arena (borrowed); the header is made in the arena. Takes
 * the union of the items' taint. */
struct value value_list(const struct value *items, size_t count, struct arena *arena);

/* Builds a map: init, put each, end. */
struct value_map_builder {
	struct arena *arena;
	struct value_entry *entries;
	size_t count;
	size_t cap;
};
void value_map_init(struct value_map_builder *builder, struct arena *arena);
void value_map_put(struct value_map_builder *builder, struct value key, struct value value);
/* With a C string as the key, borrowed. */
void value_map_set(struct value_map_builder *builder, const char *key, struct value value);
/* The map. On a key that stands twice (1 and 1u are the same) or of a kind that no key has, an
 * error value. */
struct value value_map_end(struct value_map_builder *builder);

/*
 * value with more taint. A list, map, object or optional that is marked taints what is read out of
 * it through the functions below (aux holds that taint); one that only holds a tainted item does
 * not taint the others: {'a': secret, 'b': 1}.b is no secret, though the map is.
 */
struct value value_mark(struct value value, unsigned taint);

/* ---- reading ------------------------------------------------------------------------------- */

struct text value_text(struct value value); /* of a string or bytes */
bool value_is(struct value value, enum value_kind kind);

/* The index-th item of a list, below value_count. */
struct value value_item(struct value list, size_t index);
/* What an optional holds. False: none. */
bool value_held(struct value optional, struct value *out);

/* Looks a key up in a map or an object; numeric keys on one number line. False: not there. */
bool value_get(struct value map, struct value key, struct arena *arena, struct value *out);
bool value_field(struct value map, const char *key, struct arena *arena, struct value *out);
/* The text that a map has under the key, NUL-terminated in the arena; "" where it has none, and of
 * what is no map. */
const char *value_field_text(struct value map, const char *key, struct arena *arena);
/* Number of items or entries. Objects are counted through their keys. */
size_t value_count(struct value value);
/* The index-th entry of a map or an object. False behind the last. */
bool value_entry_at(struct value map, size_t index, struct arena *arena, struct value *key,
		    struct value *out);

/* What walking through all of it touches, and how deep it is; an object counts as one item. */
uint32_t value_weight(struct value value);
unsigned value_depth(struct value value);

/* An object as an ordinary map, deep, without the fields that cannot be read; other values as they
 * are. */
struct value value_force(struct value value, struct arena *arena);

/* A deep copy that lives in the arena; objects are forced. */
struct value value_copy(struct value value, struct arena *arena);

/* CEL's ==: never fails; one number line; NaN equals nothing; containers deep. */
bool value_equal(struct value a, struct value b);
/* CEL's order. False when the two have none (other kinds, or a NaN); else *order below, 0, above.
 */
bool value_compare(struct value a, struct value b, int *order);
/* Equal values hash alike. For texts that a stranger chose, with a seed that he does not know. */
uint64_t value_hash(struct value value, uint64_t seed);

/* A place where two values differ: what stands there on each side, if anything does. */
struct value_difference {
	const struct value *path; /* keys and indices, from the outside in */
	size_t depth;
	bool in_left, in_right;
	struct value left, right;
};
/* The first places, at most max, where the lists or maps differ, in their order; items are compared
 * by index. Gives how many places there are. */
size_t value_differences(struct value left, struct value right, struct arena *arena,
			 struct value_difference *out, size_t max);

/* Whether it or anything in it is an unknown. */
bool value_has_unknown(struct value value);

const struct value_type *value_type_of(struct value value);
/* By name: "int", "list", "google.protobuf.Timestamp", ...; one object per name. NULL if no kind
 * has it. */
const struct value_type *value_type_named(struct text name);

/* ---- text ---------------------------------------------------------------------------------- */

/*
 * The text of a value where it stands inside other text: strings as they are; bool, numbers, times
 * as string() gives them; lists and maps as compact JSON. False for null, bytes that are not
 * UTF-8, types and opaques without text: *why then says so.
 */
bool value_to_text(struct value value, struct arena *arena, struct text *text, const char **why);

/* For people: strings quoted, lists and maps as JSON cut at max bytes with an ellipsis; a secret
 * is "(secret)"; an unknown is <its text>. */
void value_show(struct buffer *out, struct value value, size_t max);

/* Shortest text that reads back as the same double, laid out as ECMAScript does: "1000000",
 * "1e-7", "NaN", "Infinity". */
void value_write_double(struct buffer *out, double real);

#define TIMESTAMP_MIN INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define TIMESTAMP_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* RFC 3339 with upper-case T and Z. Reading gives false on anything else and on years outside
 * 0001-9999. */
bool value_read_timestamp(struct text text, struct value *out);
void value_write_timestamp(struct buffer *out, struct value timestamp);
/* CEL's durations: "1h30m", "1.5s", "-2ms", "0". No d or w. */
bool value_read_duration(struct text text, struct value *out);
/* In seconds: "5400s", "0.001s". */
void value_write_duration(struct buffer *out, struct value duration);

/* The parts of an instant as a calendar and a clock show them. */
struct civil {
	int64_t year;
	int month;   /* 1-12 */
	int day;     /* 1-31 */
	int weekday; /* 0: Sunday */
	int yearday; /* 0-365 */
	int hour, minute, second;
	uint32_t ns;
};
/* In a zone: "UTC", an IANA name, "+02:00". NULL when done; else a message in the arena. */
const char *value_civil(struct value timestamp, struct text zone, struct arena *arena,
			struct civil *civil);

/* ---- JSON ---------------------------------------------------------------------------------- */

#define JSON_MAX_DEPTH 64 /* lists and maps around a value */

struct json_error {
	size_t offset; /* byte of the text */
	const char *message;
};

/*
 * RFC 8259. A number without fraction and exponent is an int, above it a uint, beyond 64 bits an
 * error; any other a double. Duplicate keys and depth over 64 are errors. Strings without escapes
 * borrow from text.
 */
bool json_read(struct text text, struct arena *arena, struct value *out, struct json_error *error);
/* As json_read, with another limit than JSON_MAX_DEPTH. */
bool json_read_deep(struct text text, unsigned max_depth, struct arena *arena, struct value *out,
		    struct json_error *error);

/* Compact. bytes as base64, times and types as their text, NaN and infinities as strings.
 * Strings: only what RFC 8259 demands is escaped, and U+2028/2029 and DEL. */
void json_write(struct buffer *out, struct value value);
void json_write_string(struct buffer *out, struct text text);
/* RFC 4648 section 4, padded. */
void value_write_base64(struct buffer *out, struct text bytes);

#endif
