/* load_modules NAME...: opens each driver as the program would; exit 1 when one cannot be. */
#include <stdio.h>

#include "base/arena.h"
#include "base/module.h"

int main(int count, char **names)
{
	struct arena arena;
	int failed = count < 2;

	arena_init(&arena);
	for (int i = 1; i < count; i++) {
		const char *error;

		if (module_open(names[i], &arena, &error))
			continue;
		fprintf(stderr, "%s\n", error);
		failed = 1;
	}
	arena_done(&arena);
	return failed;
}
