/* replay FILE...: gives each file to the target, once. What libFuzzer does with a list of files,
 * for presets without it. */
#include "fuzz.h"

static bool replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return false;
	}
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	rewind(file);
	uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
	bool good = data && size >= 0 && fread(data, 1, (size_t)size, file) == (size_t)size;
	if (good)
		LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	fclose(file);
	return good;
}

int main(int argc, char **argv)
{
	bool good = argc > 1;
	for (int i = 1; i < argc; i++)
		good = replay(argv[i]) && good;
	printf("%d inputs\n", argc - 1);
	return good ? 0 : 1;
}
