#include <math.h>
#include <string.h>

#include "io/postgres_internal.h"

#define PARAMETERS_MAX 65535 /* of the protocol */

/* ---- parameters: their types ---- */

/* The smallest type that holds both; PG_TYPE_ANY where nothing but text does. */
static enum pg_type type_joined(enum pg_type a, enum pg_type b)
{
	static const enum pg_type numbers[] = { PG_TYPE_INT4, PG_TYPE_INT8, PG_TYPE_NUMERIC,
						PG_TYPE_FLOAT8 };
	size_t count = sizeof(numbers) / sizeof(numbers[0]), at = count, of_a = count, of_b = count;

	for (size_t i = 0; i < count; i++) {
		of_a = numbers[i] == a ? i : of_a;
		of_b = numbers[i] == b ? i : of_b;
	}
	if (a == b || of_a == count || of_b == count)
		return a == b ? a : PG_TYPE_ANY;
	at = of_a > of_b ? of_a : of_b;
	return numbers[at];
}

static enum pg_type type_of_double(double number)
{
	return isfinite(number) ? PG_TYPE_NUMERIC : PG_TYPE_FLOAT8;
}

static enum pg_type type_of_list(const struct sql_cell *cell);

static enum pg_type type_of(const struct sql_cell *cell)
{
	switch (cell->kind) {
	case SQL_BOOL:
		return PG_TYPE_BOOL;
	case SQL_INT:
		return cell->integer == (int32_t)cell->integer ? PG_TYPE_INT4 : PG_TYPE_INT8;
	case SQL_DOUBLE:
		return type_of_double(cell->number);
	case SQL_TIMESTAMP:
		return PG_TYPE_TIMESTAMPTZ;
	case SQL_BYTES:
		return PG_TYPE_BYTEA;
	case SQL_LIST:
		return type_of_list(cell);
	case SQL_NULL:
	case SQL_TEXT:
	case SQL_JSON:
		break;
	}
	return PG_TYPE_ANY;
}

/* Of what the list holds, however deep; nulls fit everywhere. */
static enum pg_type type_of_list(const struct sql_cell *cell)
{
	enum pg_type type = PG_TYPE_ANY;
	bool first = true;

	for (size_t i = 0; i < cell->list.count; i++) {
		const struct sql_cell *item = &cell->list.at[i];

		if (item->kind == SQL_NULL)
			continue;
		type = first ? type_of(item) : type_joined(type, type_of(item));
		first = false;
	}
	return type;
}

static enum pg_type list_of(enum pg_type type)
{
	static const struct {
		enum pg_type item, list;
	} lists[] = {
		{ PG_TYPE_BOOL, PG_TYPE_BOOL_LIST },
		{ PG_TYPE_INT4, PG_TYPE_INT4_LIST },
		{ PG_TYPE_INT8, PG_TYPE_INT8_LIST },
		{ PG_TYPE_NUMERIC, PG_TYPE_NUMERIC_LIST },
		{ PG_TYPE_FLOAT8, PG_TYPE_FLOAT8_LIST },
		{ PG_TYPE_BYTEA, PG_TYPE_BYTEA_LIST },
		{ PG_TYPE_TIMESTAMPTZ, PG_TYPE_TIMESTAMPTZ_LIST },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (lists[i].item == type)
			return lists[i].list;
	}
	return PG_TYPE_ANY;
}

/* ---- parameters: their texts ---- */

/* The shortest text that is read back as the same number. */
static void put_double(struct buffer *out, double number)
{
	char text[40];

	if (isnan(number) || isinf(number)) {
		buffer_puts(out, isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity");
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	buffer_puts(out, text);
}

/* "2026-03-02 13:21:40.311000+00" */
static void put_timestamp(struct buffer *out, int64_t microseconds)
{
	time_t seconds = microseconds / 1000000 - (microseconds % 1000000 < 0);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	buffer_printf(out, "%04d-%02d-%02d %02d:%02d:%02d.%06d+00", tm.tm_year + 1900,
		      tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		      (int)(microseconds - seconds * 1000000));
}

static void put_bytes(struct buffer *out, struct text bytes)
{
	buffer_puts(out, "\\x");
	for (size_t i = 0; i < bytes.len; i++)
		buffer_printf(out, "%02x", (unsigned char)bytes.ptr[i]);
}

static void put_list(struct buffer *out, const struct sql_cell *list);

/* As the input function of its type reads it. */
static void put(struct buffer *out, const struct sql_cell *cell)
{
	switch (cell->kind) {
	case SQL_BOOL:
		buffer_puts(out, cell->truth ? "t" : "f");
		return;
	case SQL_INT:
		buffer_printf(out, "%lld", (long long)cell->integer);
		return;
	case SQL_DOUBLE:
		put_double(out, cell->number);
		return;
	case SQL_TIMESTAMP:
		put_timestamp(out, cell->integer);
		return;
	case SQL_BYTES:
		put_bytes(out, cell->text);
		return;
	case SQL_TEXT:
	case SQL_JSON:
		buffer_add(out, cell->text);
		return;
	case SQL_LIST:
		put_list(out, cell);
		return;
	case SQL_NULL:
		return;
	}
}

/* An element of an array: quoted, so that nothing in it means anything to the array. */
static void put_item(struct buffer *out, const struct sql_cell *cell)
{
	struct buffer text;

	if (cell->kind == SQL_LIST) {
		put_list(out, cell);
		return;
	}
	if (cell->kind == SQL_NULL) {
		buffer_puts(out, "NULL");
		return;
	}
	buffer_init(&text, out->arena);
	put(&text, cell);
	buffer_putc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buffer_putc(out, '\\');
		buffer_putc(out, text.ptr[i]);
	}
	buffer_putc(out, '"');
}

static void put_list(struct buffer *out, const struct sql_cell *list)
{
	buffer_putc(out, '{');
	for (size_t i = 0; i < list->list.count; i++) {
		if (i)
			buffer_putc(out, ',');
		put_item(out, &list->list.at[i]);
	}
	buffer_putc(out, '}');
}

static bool has_nul(const struct sql_cell *cell)
{
	if (cell->kind == SQL_TEXT || cell->kind == SQL_JSON)
		return cell->text.len && memchr(cell->text.ptr, '\0', cell->text.len);
	for (size_t i = 0; cell->kind == SQL_LIST && i < cell->list.count; i++) {
		if (has_nul(&cell->list.at[i]))
			return true;
	}
	return false;
}

static void set_parameter(struct pg_parameters *out, int at, const struct sql_cell *cell,
			  struct arena *arena)
{
	enum pg_type type = type_of(cell);
	struct buffer text;

	out->types[at] = (unsigned)(cell->kind == SQL_LIST ? list_of(type) : type);
	if (cell->kind == SQL_NULL)
		return;
	buffer_init(&text, arena);
	put(&text, cell);
	out->values[at] = buffer_string(&text);
}

bool pg_parameters(const struct sql_statement *statement, struct arena *arena,
		   struct pg_parameters *out, const char **refusal)
{
	size_t count = statement->param_count;

	if (count > PARAMETERS_MAX) {
		*refusal = arena_format(arena, "%zu parameters; a statement takes %d", count,
					PARAMETERS_MAX);
		return false;
	}
	*out = (struct pg_parameters){ (int)count, arena_array(arena, unsigned, count + 1),
				       arena_array(arena, const char *, count + 1) };
	for (size_t i = 0; i < count; i++) {
		if (has_nul(&statement->params[i])) {
			*refusal = arena_format(arena,
						"parameter %zu holds a NUL byte, which a text of "
						"PostgreSQL cannot",
						i + 1);
			return false;
		}
		set_parameter(out, (int)i, &statement->params[i], arena);
	}
	return true;
}
