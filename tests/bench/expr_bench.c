/*
 * How long the expression language takes: two expressions, each evaluated, and compiled and
 * evaluated, in microseconds (median of the rounds), beside what CEL.md section 4 asks for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "expr/expr.h"

#define ROUNDS 9
#define ITEMS 20

static const struct sample {
	const char *name;
	const char *text;
	double evaluation; /* microseconds wanted */
	double whole;      /* with compilation */
	unsigned repeat;
} samples[] = {
	{ "simple", "steps.build.exit_code == 0 && steps.build.count > 2", 0.15, 5, 100000 },
	{ "complex", "items.filter(i, i.size > 40).map(i, i.name + '!').exists(n, n == 'item-19!')",
	  5, 25, 5000 },
};

struct bench {
	struct arena arena; /* of names and values */
	struct expr_options options;
	struct expr_scope scope;
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static struct value item(struct arena *arena, int index)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	value_map_set(&map, "name", value_cstring(arena_format(arena, "item-%d", index)));
	value_map_set(&map, "size", value_int(index * 10));
	return value_map_end(&map);
}

static struct value steps(struct arena *arena)
{
	struct value_map_builder build, all;
	value_map_init(&build, arena);
	value_map_set(&build, "status", value_cstring("succeeded"));
	value_map_set(&build, "exit_code", value_int(0));
	value_map_set(&build, "count", value_int(3));
	value_map_init(&all, arena);
	value_map_set(&all, "build", value_map_end(&build));
	return value_map_end(&all);
}

static void bench_init(struct bench *bench)
{
	arena_init(&bench->arena);
	struct arena *arena = &bench->arena;
	struct type *names = type_object("name", true, arena);
	struct value *values = arena_array(arena, struct value, 2);
	struct value *items = arena_array(arena, struct value, ITEMS);

	type_object_add(names, TEXT("steps"), &type_dyn, (struct span){ 0 }, arena);
	type_object_add(names, TEXT("items"), &type_dyn, (struct span){ 0 }, arena);
	for (int i = 0; i < ITEMS; i++)
		items[i] = item(arena, i);
	values[0] = steps(arena);
	values[1] = value_list(items, ITEMS, arena);
	bench->options = (struct expr_options){ .names = names };
	bench->scope = (struct expr_scope){ .values = values, .count = 2 };
}

static const struct expr *compile(const struct bench *bench, const struct node *node,
				  struct arena *arena)
{
	struct diags diags;
	diags_init(&diags, arena);
	const struct expr *expr = expr_compile(node, 0, node->text.len, &bench->options, arena,
					       &diags);
	if (!expr) {
		fprintf(stderr, "expr_bench: %s\n", diags.first->message);
		exit(1);
	}
	return expr;
}

static void check(struct value value)
{
	if (value.kind == VALUE_BOOL && value.boolean)
		return;
	fprintf(stderr, "expr_bench: an expression is not true\n");
	exit(1);
}

static double time_evaluation(const struct bench *bench, const struct sample *sample,
			      const struct node *node)
{
	struct arena document, attempt;
	arena_init(&document);
	arena_init(&attempt);
	const struct expr *expr = compile(bench, node, &document);
	double start = now();
	for (unsigned i = 0; i < sample->repeat; i++) {
		check(expr_eval(expr, &bench->scope, &attempt));
		arena_reset(&attempt);
	}
	double end = now();
	arena_done(&attempt);
	arena_done(&document);
	return (end - start) / sample->repeat;
}

static double time_whole(const struct bench *bench, const struct sample *sample,
			 const struct node *node)
{
	struct arena arena;
	arena_init(&arena);
	double start = now();
	for (unsigned i = 0; i < sample->repeat; i++) {
		check(expr_eval(compile(bench, node, &arena), &bench->scope, &arena));
		arena_reset(&arena);
	}
	double end = now();
	arena_done(&arena);
	return (end - start) / sample->repeat;
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

typedef double time_fn(const struct bench *bench, const struct sample *sample,
		       const struct node *node);

static double median(time_fn *measure, const struct bench *bench, const struct sample *sample,
		     const struct node *node)
{
	double times[ROUNDS];
	for (int i = 0; i < ROUNDS; i++)
		times[i] = measure(bench, sample, node);
	qsort(times, ROUNDS, sizeof(*times), by_size);
	return times[ROUNDS / 2];
}

int main(void)
{
	struct bench bench;
	bench_init(&bench);
	printf("%-10s %12s %8s %20s %8s\n", "expression", "evaluate us", "wanted",
	       "compile+evaluate us", "wanted");
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct node node = node_scalar(text_of(samples[i].text), (struct span){ 0 });
		printf("%-10s %12.3f %8.2f %20.3f %8.2f\n", samples[i].name,
		       median(time_evaluation, &bench, &samples[i], &node), samples[i].evaluation,
		       median(time_whole, &bench, &samples[i], &node), samples[i].whole);
	}
	arena_done(&bench.arena);
	return 0;
}
