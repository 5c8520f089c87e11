/* The standard library inside the program. */

#include <string.h>

#include "base/embedded.h"
#include "plan/plan.h"

#define STANDARD "std/"

struct text library_embedded(struct text name)
{
	for (const struct embedded_file *file = embedded_files; file->name; file++)
		if (text_is(name, file->name))
			return (struct text){ file->text, file->len };
	return (struct text){ 0 };
}

const char *const *library_names(struct arena *arena)
{
	size_t count = 0;
	while (embedded_files[count].name)
		count++;
	const char **names = arena_array(arena, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		names[i] = embedded_files[i].name;
	return names;
}

static const struct source *read_embedded(const struct plan_reader *reader,
					  const struct source_file *file, struct arena *arena,
					  struct diags *diags)
{
	struct text name = text_of(file->name);
	(void)reader;
	return source_from_text(file->name,
				library_embedded(text_slice(name, strlen(STANDARD), name.len)),
				arena, diags);
}

const struct plan_reader plan_reader_standard = { .read = read_embedded };
