/* What the parts of the dry run share: forecast.c walks, forecast_step.c says what a step does. */
#ifndef PLAN_FORECAST_H
#define PLAN_FORECAST_H

#include "plan/internal.h"

struct forecast {
	const struct foresight *foresight;
	const struct plan *plan;
	struct buffer *out;
	struct arena *arena;
	unsigned runs, reads, nones, gates, destructive;
	size_t assertions;
};

#define PATH_WIDTH 5
#define EFFECT_WIDTH 9

/* A text of a document on a line of ours. */
void put_inline(struct forecast *forecast, struct text text);
/* The beginning of a step's first line, and of a further one. */
void put_first(struct forecast *forecast, const struct plan_node *node, const char *word);
void put_more(struct forecast *forecast, const char *label);

struct expr_scope forecast_names(const struct forecast *forecast, const struct plan_scope *scope);
/* An `effect` with expressions is decided here where its values are known already. */
enum effect forecast_effect(const struct forecast *forecast, const struct plan_node *node);
const char *effect_word(const struct forecast *forecast, const struct plan_node *node);

/* What it does, further lines indented below the first. */
void put_text(struct forecast *forecast, const struct plan_node *node,
	      const struct expr_scope *scope);
/* What it is called, with values as far as they are known. */
void put_title(struct forecast *forecast, const struct plan_node *node,
	       const struct expr_scope *scope);
/* The fields that are shown below the text. */
void put_details(struct forecast *forecast, const struct plan_node *node,
		 const struct expr_scope *scope);
/* What it waits for, where that is not all that stands before it. */
void put_needs(struct forecast *forecast, const struct plan_node *node);
/* A condition that only the run can decide. */
void put_when_unknown(struct forecast *forecast, const struct plan_node *node,
		      const struct expr_scope *scope);
/* Why it would not do what is written. */
void put_failures(struct forecast *forecast, const struct plan_node *node);
/* Its timeout, and how often it is tried. */
void put_bounds(struct forecast *forecast, const struct plan_node *node,
		const struct expr_scope *scope);
void put_preview(struct forecast *forecast, const struct plan_node *node,
		 const struct expr_scope *scope);

#endif
