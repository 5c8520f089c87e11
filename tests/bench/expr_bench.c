/*
 * expr_bench FILE: how long the expression language takes. Of each sample of FILE
 * (expressions.json) a line with its name and two times in microseconds: evaluated; compiled and
 * evaluated. Each is the best of the rounds: what else runs on the machine can only add to it.
 * cel_js.mjs prints the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "expr/expr.h"

#define ROUNDS 100

struct bench {
	struct arena arena;      /* of the samples */
	struct value sample;     /* the one that is being measured */
	struct node node;        /* its text */
	const struct expr *expr; /* compiled in the arena */
	struct expr_options options;
	struct expr_scope scope;
	int64_t repeat;
};

static _Noreturn void fail(const char *message)
{
	fprintf(stderr, "expr_bench: %s\n", message);
	exit(1);
}

static struct value field(struct bench *bench, const char *name)
{
	struct value value;
	if (!value_field(bench->sample, name, &bench->arena, &value))
		fail("a field is missing");
	return value;
}

static struct value read_samples(struct bench *bench, const char *path)
{
	struct json_error error;
	struct value samples;
	size_t size = 0;
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(&bench->arena, 1 << 16);
	if (file)
		size = fread(text, 1, 1 << 16, file);
	if (!file || !json_read((struct text){ text, size }, &bench->arena, &samples, &error))
		fail("cannot read the samples");
	fclose(file);
	return samples;
}

static const struct expr *compile(const struct bench *bench, struct arena *arena)
{
	struct diags diags;
	diags_init(&diags, arena);
	const struct expr *expr = expr_compile(&bench->node, 0, bench->node.text.len,
					       &bench->options, arena, &diags);
	if (!expr)
		fail(diags.first->message);
	return expr;
}

/* The names are declared as dyn: what they hold shows when they are read. */
static void take(struct bench *bench, struct value sample)
{
	struct arena *arena = &bench->arena;
	struct type *type = type_object("name", true, arena);
	bench->sample = sample;
	struct value names = field(bench, "names");
	struct value *values = arena_array(arena, struct value, value_count(names));
	struct value key;

	for (size_t i = 0; value_entry_at(names, i, arena, &key, &values[i]); i++)
		type_object_add(type, value_text(key), &type_dyn, (struct span){ 0 }, arena);
	bench->options = (struct expr_options){ .names = type };
	bench->scope = (struct expr_scope){ .values = values, .count = value_count(names) };
	bench->node = node_scalar(value_text(field(bench, "text")), (struct span){ 0 });
	bench->repeat = field(bench, "repeat").integer;
	bench->expr = compile(bench, arena);
}

static void evaluate(const struct bench *bench, const struct expr *expr, struct arena *arena)
{
	struct value value = expr_eval(expr, &bench->scope, arena);
	if (!value_is(value, VALUE_BOOL) || !value.boolean)
		fail("an expression is not true");
	arena_reset(arena);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void repeat(const struct bench *bench, bool compiled, struct arena *arena)
{
	for (int64_t i = 0; i < bench->repeat; i++)
		evaluate(bench, compiled ? compile(bench, arena) : bench->expr, arena);
}

static double best(const struct bench *bench, bool compiled)
{
	struct arena arena;
	double least = 0;
	arena_init(&arena);
	for (int round = 0; round < ROUNDS; round++) {
		double start = now();
		repeat(bench, compiled, &arena);
		double taken = (now() - start) / (double)bench->repeat;
		if (round == 0 || taken < least)
			least = taken;
	}
	arena_done(&arena);
	return least;
}

/* Once, so that somebody can count what it does. */
static void count(struct bench *bench, bool compiled, const char *times)
{
	struct arena arena;
	arena_init(&arena);
	bench->repeat = atoi(times);
	repeat(bench, compiled, &arena);
	arena_done(&arena);
}

int main(int argc, char **argv)
{
	struct bench bench;
	if (argc != 2 && argc != 5)
		fail("usage: expr_bench FILE [SAMPLE evaluated|compiled TIMES]");
	arena_init(&bench.arena);
	struct value samples = read_samples(&bench, argv[1]);
	for (size_t i = 0; i < value_count(samples); i++) {
		take(&bench, value_item(samples, i));
		struct text name = value_text(field(&bench, "name"));
		if (argc == 2)
			printf("%.*s %.3f %.3f\n", TEXT_ARG(name), best(&bench, false),
			       best(&bench, true));
		else if (text_is(name, argv[2]))
			count(&bench, strcmp(argv[3], "compiled") == 0, argv[4]);
	}
	arena_done(&bench.arena);
	return 0;
}
