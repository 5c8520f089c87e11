/* The floor of the journal: floor_journal FILE COUNT writes as many bytes as a record has over
 * blanks that are on the disk, so many times, and has the disk confirm each. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_SIZE 256 /* bytes */

int main(int argc, char **argv)
{
	int fd = argc == 3 ? open(argv[1], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	int count = argc == 3 ? atoi(argv[2]) : 0;
	char record[RECORD_SIZE];

	memset(record, ' ', sizeof(record));
	for (int i = 0; i < count; i++)
		if (fd < 0 || write(fd, record, sizeof(record)) != RECORD_SIZE)
			return 1;
	if (fd < 0 || fsync(fd) < 0)
		return 1;
	for (int i = 0; i < count; i++) {
		off_t at = (off_t)i * RECORD_SIZE;

		if (pwrite(fd, record, sizeof(record), at) != RECORD_SIZE || fdatasync(fd) < 0)
			return 1;
	}
	return 0;
}
