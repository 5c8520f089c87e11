/*
 * What the fuzz targets share. A target is one file fuzz_NAME.c with one function, the same for
 * libFuzzer (preset fuzz) and for replay.c, which only runs the seeds (every other preset).
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr/expr.h"

/* Gives 0. Whatever is wrong ends the process. The bytes are exactly size long, so that the
 * sanitizers see a read behind them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

static inline struct text fuzz_text(const uint8_t *data, size_t size)
{
	return (struct text){ (const char *)data, size };
}

/* Names of each type that an expression of a runbook may meet, with values. */
#define FUZZ_NAMES 8
struct fuzz {
	struct arena arena;
	struct diags diags;
	struct expr_options options;
	struct value values[FUZZ_NAMES];
	struct expr_scope scope;
	struct node node; /* the input as the whole of a source */
};

static inline void fuzz_name(struct fuzz *fuzz, struct type *names, const char *name,
			     const struct type *type, struct value value)
{
	REQUIRE(fuzz->scope.count < FUZZ_NAMES);
	type_object_add(names, text_of(name), type, (struct span){ 0 }, &fuzz->arena);
	fuzz->values[fuzz->scope.count++] = value;
}

static inline void fuzz_init(struct fuzz *fuzz, struct text text)
{
	*fuzz = (struct fuzz){ 0 };
	arena_init(&fuzz->arena);
	diags_init(&fuzz->diags, &fuzz->arena);
	struct arena *arena = &fuzz->arena;
	const struct source *source = source_wrap("fuzz", text, arena);
	fuzz->node = node_scalar(source->text, (struct span){ source, 0, (uint32_t)text.len });

	struct value *items = arena_array(arena, struct value, 3);
	items[0] = value_int(3);
	items[1] = value_cstring("b");
	items[2] = value_null();
	struct value_map_builder map;
	value_map_init(&map, arena);
	value_map_set(&map, "a", value_int(1));
	value_map_set(&map, "b", value_mark(value_cstring("secret"), VALUE_SECRET));
	struct value object = value_map_end(&map);

	struct type *names = type_object("name", true, arena);
	fuzz->scope.values = fuzz->values;
	fuzz_name(fuzz, names, "x", &type_dyn, value_int(123));
	fuzz_name(fuzz, names, "m", &type_dyn, object);
	fuzz_name(fuzz, names, "list", &type_dyn, value_list(items, 3, arena));
	fuzz_name(fuzz, names, "text", &type_string,
		  value_mark(value_cstring("h\u00e9llo"), VALUE_OUTSIDE));
	fuzz_name(fuzz, names, "flag", &type_bool, value_bool(true));
	fuzz_name(fuzz, names, "now", &type_timestamp, value_timestamp(1772457700, 311000000));
	fuzz_name(fuzz, names, "later", &type_dyn, value_unknown("later", arena));
	fuzz->options.names = names;
	/* So little that no input is slow: what is used up is an answer too. */
	fuzz->scope.limits = (struct expr_limits){ .fuel = 20000, .memory = 4u << 20 };
}

static inline void fuzz_done(struct fuzz *fuzz)
{
	arena_done(&fuzz->arena);
}

#endif
