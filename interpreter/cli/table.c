/* Rows under headings. */

#include "cli/table.h"
#include "source/source.h"

#define GAP 2
#define LEAST 12 /* cells of the last column that are worth showing */
#define CUT "..."

void table_add(struct table *table, const char *const *texts)
{
	for (size_t i = 0; i < table->column_count; i++) {
		struct buffer safe;
		buffer_init(&safe, table->arena);
		text_neutralise(&safe, text_of(texts[i]), false);
		*list_add(&table->cells, table->arena) = buffer_string(&safe);
	}
}

static size_t rows_of(const struct table *table)
{
	return table->cells.count / table->column_count;
}

static const char *cell(const struct table *table, size_t row, size_t column)
{
	return table->cells.at[row * table->column_count + column];
}

static size_t natural(const struct table *table, size_t column)
{
	const struct column *about = &table->columns[column];
	size_t most = text_cells(text_of(about->heading));
	for (size_t row = 0; row < rows_of(table); row++) {
		size_t cells = text_cells(text_of(cell(table, row, column)));
		if (about->most && cells > about->most)
			cells = about->most;
		most = cells > most ? cells : most;
	}
	return most;
}

/* Gives how many columns are shown; their widths are set. */
static size_t fit(const struct table *table, size_t width, size_t *widths)
{
	size_t count = table->column_count, sum = 0;
	for (size_t i = 0; i < count; i++) {
		widths[i] = natural(table, i);
		sum += widths[i] + (i ? GAP : 0);
	}
	while (count > 1 && sum > width) {
		size_t last = widths[count - 1];
		if (last > LEAST && sum - (last - LEAST) <= width) {
			widths[count - 1] = last - (sum - width);
			break;
		}
		sum -= last + GAP;
		count--;
	}
	return count;
}

static void put_cell(struct buffer *out, const struct column *about, struct text text, size_t width,
		     bool last)
{
	size_t cells = text_cells(text);
	struct text shown = text;
	if (cells > width)
		shown = text_slice(text, 0, text_fit(text, width - (sizeof(CUT) - 1)));
	size_t blanks = cells > width ? width - text_cells(shown) - (sizeof(CUT) - 1)
				      : width - cells;
	for (size_t i = 0; about->right && i < blanks; i++)
		buffer_putc(out, ' ');
	buffer_add(out, shown);
	if (cells > width)
		buffer_puts(out, CUT);
	for (size_t i = 0; !about->right && !last && i < blanks + GAP; i++)
		buffer_putc(out, ' ');
	for (size_t i = 0; about->right && !last && i < GAP; i++)
		buffer_putc(out, ' ');
}

static void end_line(struct buffer *out)
{
	while (out->len && out->ptr[out->len - 1] == ' ')
		out->len--;
	buffer_putc(out, '\n');
}

void table_print(const struct table *table, size_t width, struct buffer *out)
{
	size_t *widths = arena_array(table->arena, size_t, table->column_count);
	size_t count = fit(table, width, widths);
	for (size_t i = 0; i < count; i++)
		put_cell(out, &table->columns[i], text_of(table->columns[i].heading), widths[i],
			 i + 1 == count);
	end_line(out);
	for (size_t row = 0; row < rows_of(table); row++) {
		for (size_t i = 0; i < count; i++)
			put_cell(out, &table->columns[i], text_of(cell(table, row, i)), widths[i],
				 i + 1 == count);
		end_line(out);
	}
}
