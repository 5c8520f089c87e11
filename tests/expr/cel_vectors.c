/*
 * Runs conformance vectors of the expression language (JSON; CEL.md has their form).
 *
 *	cel_vectors [--gate M1|M2|M3] [--waive contested.json] FILE.json...
 *
 * Prints a line for each vector that fails and "N passed, M failed, K skipped". Ends with 1 if one
 * failed that is not waived.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/list.h"
#include "expr/functions.h"
#include "value/value.h"

#define FILE_MAX (8u << 20)
#define DEPTH_MAX 1000 /* of the JSON of an expected value */

struct runner {
	struct arena *arena; /* of the files */
	struct value waived; /* list of {file, section, name, ruling}, or null */
	int gate;            /* the greatest milestone that runs; 0: all */
	unsigned passed, failed, waived_failures, skipped;
};

static struct value field(struct value map, const char *name, struct arena *arena)
{
	struct value out = value_null();
	if (map.kind == VALUE_MAP)
		value_field(map, name, arena, &out);
	return out;
}

static struct text string_field(struct value map, const char *name, struct arena *arena)
{
	struct value value = field(map, name, arena);
	return value.kind == VALUE_STRING ? value_text(value) : text_of("");
}

static bool true_field(struct value map, const char *name, struct arena *arena)
{
	struct value value = field(map, name, arena);
	return value.kind == VALUE_BOOL && value.boolean;
}

/* ---- typed values -------------------------------------------------------------------------- */

static double read_double(struct text text)
{
	char copy[64];
	snprintf(copy, sizeof(copy), "%.*s", TEXT_ARG(text));
	return strtod(copy, NULL);
}

static int base64_digit(char byte)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = byte ? strchr(digits, byte) : NULL;
	return found ? (int)(found - digits) : -1;
}

static struct value read_bytes(struct text text, struct arena *arena)
{
	struct buffer out;
	uint32_t bits = 0;
	int count = 0;
	buffer_init(&out, arena);
	for (size_t i = 0; i < text.len && base64_digit(text.ptr[i]) >= 0; i++) {
		bits = bits << 6 | (uint32_t)base64_digit(text.ptr[i]);
		count += 6;
		if (count >= 8)
			buffer_putc(&out, (char)(bits >> (count -= 8)));
	}
	return value_bytes(buffer_text(&out));
}

static struct value typed(struct value written, struct arena *arena);

static struct value typed_list(struct value written, struct arena *arena)
{
	size_t count = value_count(written);
	struct value *items = arena_array(arena, struct value, count);
	for (size_t i = 0; i < count; i++)
		items[i] = typed(value_item(written, i), arena);
	return value_list(items, count, arena);
}

static struct value typed_map(struct value written, struct arena *arena)
{
	struct value_map_builder builder;
	value_map_init(&builder, arena);
	for (size_t i = 0; i < value_count(written); i++) {
		struct value pair = value_item(written, i);
		value_map_put(&builder, typed(value_item(pair, 0), arena),
			      typed(value_item(pair, 1), arena));
	}
	return value_map_end(&builder);
}

static const struct value_type *type_named(struct text name)
{
	const struct value_type *type = value_type_named(name);
	return type ? type : opaque_type_named(name);
}

static struct value typed_scalar(struct text kind, struct value of, struct arena *arena)
{
	struct text text = of.kind == VALUE_STRING ? value_text(of) : text_of("");
	struct value out = value_null();
	char copy[64];

	snprintf(copy, sizeof(copy), "%.*s", TEXT_ARG(text));
	if (text_is(kind, "bool") || text_is(kind, "string"))
		return of;
	if (text_is(kind, "int"))
		return value_int(strtoll(copy, NULL, 10));
	if (text_is(kind, "uint"))
		return value_uint(strtoull(copy, NULL, 10));
	if (text_is(kind, "double"))
		return value_double(read_double(text));
	if (text_is(kind, "bytes"))
		return read_bytes(text, arena);
	if (text_is(kind, "type") && type_named(text))
		return value_type_value(type_named(text));
	if (text_is(kind, "timestamp"))
		value_read_timestamp(text, &out);
	if (text_is(kind, "duration"))
		value_read_duration(text, &out);
	return out;
}

/* {"int": "5"} */
static struct value typed(struct value written, struct arena *arena)
{
	struct value key, of;
	if (!value_entry_at(written, 0, arena, &key, &of))
		return value_null();
	struct text kind = value_text(key);
	if (text_is(kind, "list"))
		return typed_list(of, arena);
	if (text_is(kind, "map"))
		return typed_map(of, arena);
	return typed_scalar(kind, of, arena);
}

/* Same kind and same value; a NaN is itself, maps have no order. */
static bool same(struct value a, struct value b, struct arena *arena)
{
	struct value key, item, other;
	if (a.kind != b.kind)
		return false;
	if (a.kind == VALUE_DOUBLE && isnan(a.real))
		return isnan(b.real);
	if (a.kind == VALUE_DOUBLE && signbit(a.real) != signbit(b.real))
		return false;
	if (a.kind != VALUE_LIST && a.kind != VALUE_MAP)
		return value_equal(a, b);
	if (value_count(a) != value_count(b))
		return false;
	for (size_t i = 0; a.kind == VALUE_LIST && i < value_count(a); i++)
		if (!same(value_item(a, i), value_item(b, i), arena))
			return false;
	for (size_t i = 0; a.kind == VALUE_MAP && value_entry_at(a, i, arena, &key, &item); i++)
		if (!value_get(b, key, arena, &other) || !same(item, other, arena))
			return false;
	return true;
}

/* ---- declared types ------------------------------------------------------------------------ */

static const struct type *const plain[] = {
	&type_null,   &type_bool,  &type_int,       &type_uint,     &type_double,
	&type_string, &type_bytes, &type_timestamp, &type_duration, &type_type,
};

/* "list(int)"; what is not known is dyn. */
static const struct type *read_type(struct text text, struct arena *arena)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		if (text_is(text, plain[i]->name))
			return plain[i];
	if (text_starts(text, "list("))
		return type_list(read_type(text_slice(text, 5, text.len - 1), arena), arena);
	if (text_starts(text, "optional_type("))
		return type_optional(read_type(text_slice(text, 14, text.len - 1), arena), arena);
	size_t comma = text_find(text, TEXT(", "), 0);
	if (text_starts(text, "map(") && comma != SIZE_MAX)
		return type_map(read_type(text_slice(text, 4, comma), arena),
				read_type(text_slice(text, comma + 2, text.len - 1), arena), arena);
	return &type_dyn;
}

/* The (receiver's) parameters and the result as the signature of a row. */
static const char *read_signature(struct value overload, struct arena *arena)
{
	struct value params = field(overload, "params", arena);
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; params.kind == VALUE_LIST && i < value_count(params); i++)
		buffer_printf(&out, "%s%.*s", i ? ", " : "(",
			      TEXT_ARG(value_text(value_item(params, i))));
	buffer_printf(&out, "%s) -> %.*s", out.len ? "" : "(",
		      TEXT_ARG(string_field(overload, "result", arena)));
	return buffer_string(&out);
}

/* Vectors only check calls of functions that they declare. */
static struct value declared_call(struct function_call *call, const struct value *args,
				  size_t count)
{
	(void)call;
	(void)args;
	(void)count;
	return value_null();
}

/* The functions of its own that a vector declares. */
static const struct function *declared_functions(struct value vector, struct arena *arena)
{
	struct value types = field(vector, "type_env", arena);
	LIST(struct function) rows = { 0 };
	for (size_t i = 0; types.kind == VALUE_LIST && i < value_count(types); i++) {
		struct value declared = value_item(types, i);
		struct value overloads = field(declared, "overloads", arena);
		for (size_t j = 0; overloads.kind == VALUE_LIST && j < value_count(overloads); j++)
			*list_add(&rows, arena) = (struct function){
				.name = arena_text(arena, string_field(declared, "name", arena))
						.ptr,
				.receiver = true_field(value_item(overloads, j), "receiver", arena),
				.signature = read_signature(value_item(overloads, j), arena),
				.call = declared_call,
				.purity = FUNCTION_READS_RUN, /* not to be called */
			};
	}
	*list_add(&rows, arena) = (struct function){ 0 };
	return rows.at;
}

static struct text declared_type(struct value vector, struct text name, struct arena *arena)
{
	struct value types = field(vector, "type_env", arena);
	for (size_t i = 0; types.kind == VALUE_LIST && i < value_count(types); i++)
		if (text_equal(string_field(value_item(types, i), "name", arena), name))
			return string_field(value_item(types, i), "type", arena);
	return text_of("dyn");
}

/* What an expression may refer to. */
struct names {
	struct type *type;
	LIST(struct value) values;
};

static void add_name(struct names *names, struct text name, struct text type, struct value value,
		     struct arena *arena)
{
	if (type_object_add(names->type, name, read_type(type, arena), (struct span){ 0 }, arena))
		*list_add(&names->values, arena) = value;
}

/* The names that the vector binds; the checker knows those too that it only declares. */
static struct names bound_names(struct value vector, struct arena *arena)
{
	struct value bindings = field(vector, "bindings", arena);
	struct value types = field(vector, "type_env", arena);
	struct names names = { .type = type_object("name", true, arena) };
	struct value key, written;

	for (size_t i = 0; value_entry_at(bindings, i, arena, &key, &written); i++)
		add_name(&names, value_text(key), declared_type(vector, value_text(key), arena),
			 typed(written, arena), arena);
	if (true_field(vector, "disable_check", arena) || types.kind != VALUE_LIST)
		return names;
	for (size_t i = 0; i < value_count(types); i++) {
		struct text type = string_field(value_item(types, i), "type", arena);
		if (type.len > 0)
			add_name(&names, string_field(value_item(types, i), "name", arena), type,
				 value_error(arena, FAIL_EXPRESSION, "it is not bound"), arena);
	}
	return names;
}

/* ---- one vector ---------------------------------------------------------------------------- */

struct trial {
	struct arena arena;
	struct value vector;
	struct text name;
	struct diags diags;
	struct value result;
	const char *type; /* deduced, or NULL */
};

static void evaluate(struct trial *trial)
{
	struct arena *arena = &trial->arena;
	struct names names = bound_names(trial->vector, arena);
	struct text container = string_field(trial->vector, "container", arena);
	struct expr_options options = {
		.names = names.type,
		.unchecked = true_field(trial->vector, "disable_check", arena),
		.container = container.len ? arena_text(arena, container).ptr : "",
		.functions = declared_functions(trial->vector, arena),
	};
	struct text text = arena_text(arena, string_field(trial->vector, "expr", arena));
	const struct source *source = source_wrap("vector", text, arena);
	struct node node = node_scalar(text, (struct span){ source, 0, (uint32_t)text.len });
	const struct expr *expr = expr_compile(&node, 0, text.len, &options, arena, &trial->diags);
	trial->result = value_error(arena, FAIL_EXPRESSION, "not compiled");
	if (!expr)
		return;
	trial->type = type_name(expr_type(expr), arena);
	struct expr_scope scope = { .values = names.values.at, .count = names.values.count };
	trial->result = expr_eval(expr, &scope, arena);
}

static bool passes(struct trial *trial)
{
	struct arena *arena = &trial->arena;
	struct value expect = field(trial->vector, "expect", arena);
	struct text type = string_field(expect, "deduced_type", arena);
	struct value value;

	if (type.len > 0 && (!trial->type || !text_is(type, trial->type)))
		return false;
	if (true_field(trial->vector, "check_only", arena))
		return true;
	if (true_field(expect, "error", arena))
		return trial->result.kind == VALUE_ERROR;
	return value_field(expect, "value", arena, &value) &&
	       same(typed(value, arena), trial->result, arena);
}

static void print_failure(struct trial *trial, bool waived)
{
	struct buffer out;
	buffer_init(&out, &trial->arena);
	buffer_printf(&out, "%s %.*s: ", waived ? "waived" : "FAILED", TEXT_ARG(trial->name));
	json_write_string(&out, string_field(trial->vector, "expr", &trial->arena));
	buffer_puts(&out, " gave ");
	if (trial->diags.first)
		buffer_printf(&out, "the complaint '%s'", trial->diags.first->message);
	else if (trial->result.kind == VALUE_ERROR)
		buffer_printf(&out, "the error '%s'", trial->result.error->message);
	else
		value_show(&out, trial->result, 200);
	if (trial->type)
		buffer_printf(&out, " (%s)", trial->type);
	buffer_puts(&out, ", wanted ");
	json_write(&out, field(trial->vector, "expect", &trial->arena));
	printf("%s\n", buffer_string(&out));
}

static bool is_waived(const struct runner *runner, struct value vector, struct arena *arena)
{
	struct value list = runner->waived;
	for (size_t i = 0; list.kind == VALUE_LIST && i < value_count(list); i++) {
		struct value row = value_item(list, i);
		if (text_is(string_field(row, "ruling", arena), "waive") &&
		    text_equal(string_field(row, "file", arena),
			       string_field(vector, "file", arena)) &&
		    text_equal(string_field(row, "name", arena),
			       string_field(vector, "name", arena)))
			return true;
	}
	return false;
}

/* 1 to 3; 4 for what belongs to no gate. */
static int gate_of(struct text milestone)
{
	return milestone.len == 2 && milestone.ptr[0] == 'M' ? milestone.ptr[1] - '0' : 4;
}

static void run_vector(struct runner *runner, struct value vector)
{
	struct trial trial = { .vector = vector };
	arena_init(&trial.arena);
	diags_init(&trial.diags, &trial.arena);
	int gate = gate_of(string_field(vector, "milestone", &trial.arena));

	if (gate > (runner->gate ? runner->gate : 3)) {
		runner->skipped++;
	} else {
		trial.name = text_of(
			arena_format(&trial.arena, "%.*s/%.*s/%.*s",
				     TEXT_ARG(string_field(vector, "file", &trial.arena)),
				     TEXT_ARG(string_field(vector, "section", &trial.arena)),
				     TEXT_ARG(string_field(vector, "name", &trial.arena))));
		evaluate(&trial);
		bool passed = passes(&trial);
		bool waived = !passed && is_waived(runner, vector, &trial.arena);
		if (!passed)
			print_failure(&trial, waived);
		runner->passed += passed;
		runner->failed += !passed;
		runner->waived_failures += waived;
	}
	arena_done(&trial.arena);
}

/* ---- files --------------------------------------------------------------------------------- */

static bool read_json(const char *path, struct arena *arena, struct value *out)
{
	struct text text;
	struct json_error error;
	if (file_read(AT_FDCWD, path, FILE_MAX, arena, &text) != 0) {
		fprintf(stderr, "cel_vectors: cannot read %s\n", path);
		return false;
	}
	if (json_read_deep(text, DEPTH_MAX, arena, out, &error))
		return true;
	fprintf(stderr, "cel_vectors: %s: byte %zu: %s\n", path, error.offset, error.message);
	return false;
}

static bool run_file(struct runner *runner, const char *path)
{
	struct value vectors;
	if (!read_json(path, runner->arena, &vectors) || vectors.kind != VALUE_LIST)
		return false;
	for (size_t i = 0; i < value_count(vectors); i++)
		run_vector(runner, value_item(vectors, i));
	return true;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct runner runner = { .arena = &arena };
	bool good = true;

	arena_init(&arena);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--gate") == 0 && i + 1 < argc)
			runner.gate = gate_of(text_of(argv[++i]));
		else if (strcmp(argv[i], "--waive") == 0 && i + 1 < argc)
			good = read_json(argv[++i], &arena, &runner.waived) && good;
		else
			good = run_file(&runner, argv[i]) && good;
	}
	printf("%u passed, %u failed, %u skipped\n", runner.passed, runner.failed, runner.skipped);
	good = good && runner.failed == runner.waived_failures;
	arena_done(&arena);
	return good ? 0 : 1;
}
