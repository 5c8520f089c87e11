/* What the parts of field share: field_kinds, the tree of a written value, slots, complaints. */
#ifndef FIELD_INTERNAL_H
#define FIELD_INTERNAL_H

#include "base/list.h"
#include "field/field.h"

/* ---- complaints ---------------------------------------------------------------------------- */

/* Where complaints go: to the author while a document is read, to the step's outcome at an attempt.
 */
struct reporter {
	struct arena *arena;
	struct diags *diags;     /* NULL at an attempt */
	struct failure *failure; /* keeps the first one */
	bool failed;
};

/* hint: a sentence, or NULL. Always false. */
bool field_report(struct reporter *reporter, struct span span, enum diag_code code,
		  const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* ---- written values ------------------------------------------------------------------------ */

/* How plain scalars are understood. */
enum spelling {
	SPELLING_TEXT, /* as their text: the table decides */
	SPELLING_YAML  /* by the rules for values without a table */
};

/* A node whose scalars are constants or templates. */
struct field_value {
	const struct node *node;
	struct value constant;           /* of a scalar that is no template */
	const struct template *template; /* NULL: a constant, a URL, a list or a map */
	const struct place_text *place;  /* of field_place_read */
	const struct type *type;         /* of that */
	const struct field_value *items; /* of a list, or the values of a map: node->count */
};

/* options NULL: interpolation is a complaint. NULL after a complaint. */
const struct field_value *field_value_read_as(const struct node *node, enum spelling spelling,
					      const struct expr_options *options,
					      struct arena *arena, struct diags *diags);
bool field_value_is_constant(const struct field_value *value);

/* What a plain scalar means where no table speaks. False: it looks like something else; *hint says
 * what to write. */
bool field_scalar(struct text text, struct value *value, const char **hint);

/* ---- kinds of fields ----------------------------------------------------------------------- */

/* A value on its way into a member. */
struct conversion {
	struct reporter *reporter;
	const struct field *row;
	const struct node *node; /* that it was written in */
	const char *key;         /* behind which it was written: the row's name, or the verb's */
	bool is_item;            /* of a list or map */
};

struct kind_info {
	const char *name;    /* for messages: "text" */
	const char *example; /* as it may be written */
	size_t size;         /* of the member */
	unsigned types;      /* of expressions that may give all of it: bits of enum type_kind */
	unsigned item_types; /* of those that may give an item of a list or map */
	/* False after a complaint. NULL: not made from a value. */
	bool (*convert)(const struct conversion *conversion, struct value value, void *member);
};

extern const struct kind_info field_kinds[];

#define TYPE_BIT(kind) (1u << (kind))

bool field_convert_string(const struct conversion *conversion, struct value value, void *member);
bool field_convert_path(const struct conversion *conversion, struct value value, void *member);
bool field_convert_bool(const struct conversion *conversion, struct value value, void *member);
bool field_convert_int(const struct conversion *conversion, struct value value, void *member);
bool field_convert_number(const struct conversion *conversion, struct value value, void *member);
bool field_convert_duration(const struct conversion *conversion, struct value value, void *member);
bool field_convert_size(const struct conversion *conversion, struct value value, void *member);
bool field_convert_choice(const struct conversion *conversion, struct value value, void *member);
bool field_convert_codes(const struct conversion *conversion, struct value value, void *member);
bool field_convert_strings(const struct conversion *conversion, struct value value, void *member);
bool field_convert_pairs(const struct conversion *conversion, struct value value, void *member);
bool field_convert_value(const struct conversion *conversion, struct value value, void *member);

/* The row's default as a member. False after a complaint. */
bool field_convert_default(const struct conversion *conversion, void *member);

/* The text of a value; a constant list or map, null and NUL bytes are complaints. */
bool field_convert_text(const struct conversion *conversion, struct value value, struct text *text);
/* RB0102: a value of another kind was found. Always false. */
bool field_convert_expected(const struct conversion *conversion, struct value value);
/* "Write: timeout: 90s" */
const char *field_form(const struct field *row, const char *key, struct arena *arena);

bool field_is_variable(struct text name);
bool field_is_header(struct text name);

/* An int in decimal digits. Gives 0 when done, 1 or -1 when it is beyond 64 bits, 2 when it is
 * none. */
int field_integer(struct text text, int64_t *out);

/* Decimal digits, with a point and more of them if need be. */
bool field_number(struct text text, double *out);

/* ---- keys ---------------------------------------------------------------------------------- */

/* Whether each key of the map is a row's, or one that the context knows. False after complaints. */
bool field_check_keys(const struct field *rows, const struct node *map,
		      const struct field_context *context, struct arena *arena,
		      struct diags *diags);

/* ---- what was read ------------------------------------------------------------------------- */

/* A row of a table that was written. */
struct slot {
	const struct field *row;
	const struct node *node;
	const char *key;      /* behind which it was written */
	const void *constant; /* converted already: the bytes of the member */
	const struct field_value *value;
	const struct place_text *place;          /* field_kinds with a language of their own */
	const struct place_text *const *headers; /* FIELD_HEADERS: node->count of them */
	const struct bound *record;
	const struct expr *expr;
};

/* The rows that were not written have no slot: their defaults are set when the others are bound. */
struct bound {
	const struct field *rows;
	const char *main;
	LIST(struct slot) slots; /* in the order of the rows */
};

/* NULL: the row was not written. A name that no row has is a bug(). */
const struct slot *field_slot(const struct bound *bound, const char *name);

#endif
