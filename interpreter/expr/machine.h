/* Evaluating: what the parts of it share. */
#ifndef EXPR_MACHINE_H
#define EXPR_MACHINE_H

#include "expr/tree.h"

/* A macro's variable at work: a value, or what will give it (cel.bind is lazy). */
struct slot {
	struct value value;
	const struct tree *pending;
};

struct machine {
	struct function_call call;
	struct slot *slots;
	size_t memory; /* bytes that the evaluation may take */
	size_t used;   /* of the arena, at the start */
	bool unknown;  /* an unknown was seen: look into lists and maps for it */
};

void machine_init(struct machine *machine, const struct expr_scope *scope, uint32_t slots,
		  struct arena *arena);
struct value eval_tree(struct machine *machine, const struct tree *tree);
/* Fields and items. */
struct value eval_select(struct machine *machine, const struct tree *tree);
struct value eval_index(struct machine *machine, const struct tree *tree);
struct value eval_has(struct machine *machine, const struct tree *tree);
/* The macros that iterate, and cel.bind. */
struct value eval_loop(struct machine *machine, const struct tree *tree);
/* A macro's walk over its range. */
struct iteration {
	struct machine *machine;
	const struct tree *tree;
	struct value range;
	size_t next;
	size_t count;
};
/* False: the range cannot be iterated; loop->range is then the result. */
bool iteration_open(struct iteration *loop, struct machine *machine, const struct tree *tree);
/* Sets the variables to the next element. False: there is none. */
bool iteration_next(struct iteration *loop);
/* What works on optionals. */
struct value eval_optional(struct machine *machine, const struct tree *tree);
struct value eval_logic(struct machine *machine, const struct tree *tree);
struct value call_eval(struct machine *machine, const struct tree *tree);
/* Takes what is unknown of a value, it or in it, into *unknown, which is null while nothing was. */
void eval_gather(struct machine *machine, struct value value, struct value *unknown);
/* An error value with the place of the tree. */
struct value eval_fail(struct machine *machine, const struct tree *tree, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The value; an error gets the place of the tree if it has none; an unknown is remembered; a limit
 * error when the arena has given more than it may. */
struct value eval_settle(struct machine *machine, const struct tree *tree, struct value value);
bool eval_is_limit(struct value value);

/* An error or an unknown: nothing can be computed with it. */
static inline bool eval_stops(struct value value)
{
	return value.kind >= VALUE_UNKNOWN;
}

static inline struct value eval_taint(struct value value, unsigned flags)
{
	return flags & VALUE_TAINT ? value_mark(value, flags & VALUE_TAINT) : value;
}

/* What && || all exists know so far; starts zeroed. */
struct verdict {
	struct value undecided; /* the first error, or an unknown */
	unsigned taint;
};
/* Takes one operand; true: it decides (it is `deciding`, or nothing absorbs it) and is the result.
 */
bool verdict_take(struct verdict *verdict, struct machine *machine, const struct tree *tree,
		  struct value *operand, bool deciding);
struct value verdict_end(const struct verdict *verdict, bool otherwise);

struct value operator_apply(struct function_call *call, enum operator symbol, struct value left,
			    struct value right);
struct value operator_negate(struct function_call *call, struct value value);
const char *operator_text(enum operator symbol);
/* How an operand has to stand to the other one, for messages: "expected " and this and the value.
 * mirrored: it is the right one. NULL: nobody can say. */
const char *wanted_of_operator(enum operator symbol, bool mirrored, bool negated);
/* The same of the receiver of a function that has one argument. */
const char *wanted_of_call(struct text name, bool negated);

/* What of a text decided: of contains and matches what was found, of endsWith the end, of texts
 * that differ the empty text where they begin to. ptr NULL: nothing, or it is no text. */
struct text focus_of_call(struct function_call *call, struct text name, struct value subject,
			  struct value sought);
struct text focus_of_difference(struct value left, struct value right);
/* The type of left op right; NULL: there is none. */
const struct type *operator_type(enum operator symbol, const struct type *left,
				 const struct type *right, struct arena *arena);

#endif
