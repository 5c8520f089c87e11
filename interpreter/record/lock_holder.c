/* Who holds a lock: the process by /proc/locks, the rest by what it wrote about itself. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file.h"
#include "record/internal.h"

#define PROC_MAX ((size_t)16 << 20)
#define DESCRIPTION_MAX ((size_t)16 << 10)

/* FILE.PID: any user may write one in a sticky folder, so each holder has his own. */
static const char *description_name(const struct lock *lock, int pid)
{
	return arena_format(lock->arena, "%s.%d", lock->file, pid);
}

/* When a process began, in clock ticks since boot (proc(5), field 22 of stat), and its effective
 * user: the owner of its files under /proc is root when it may not be dumped. */
static bool look_at_process(int pid, struct arena *arena, uint64_t *start, unsigned *user)
{
	struct text stat_text;
	struct text status_text;
	const char *behind;
	const char *uid;

	if (file_read(AT_FDCWD, arena_format(arena, "/proc/%d/stat", pid), PROC_MAX, arena,
		      &stat_text) ||
	    file_read(AT_FDCWD, arena_format(arena, "/proc/%d/status", pid), PROC_MAX, arena,
		      &status_text))
		return false;
	behind = strrchr(stat_text.ptr, ')'); /* the name of the program may hold anything */
	uid = strstr(status_text.ptr, "\nUid:");
	return behind && uid && sscanf(uid, " Uid: %*u %u", user) == 1 &&
	       sscanf(behind,
		      ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
		      "%*s %*s %*s %*s %" SCNu64,
		      start) == 1;
}

/* The process that holds a flock on the file; 0: none that is seen from here. */
static int find_holder(const struct lock *lock)
{
	struct stat status;
	struct text text;
	char *line;
	char *rest;

	if (fstat(lock->fd, &status) < 0 ||
	    file_read(AT_FDCWD, "/proc/locks", PROC_MAX, lock->arena, &text))
		return 0;
	rest = arena_copy(lock->arena, text.ptr, text.len);
	while ((line = strsep(&rest, "\n"))) {
		unsigned major_number, minor_number;
		uint64_t inode;
		int pid;

		if (sscanf(line, "%*d: FLOCK %*s %*s %d %x:%x:%" SCNu64, &pid, &major_number,
			   &minor_number, &inode) == 4 &&
		    inode == status.st_ino && major_number == major(status.st_dev) &&
		    minor_number == minor(status.st_dev))
			return pid;
	}
	return 0;
}

const char *lock_field(struct value description, const char *field, struct arena *arena)
{
	struct value value;
	char *text;

	if (!value_field(description, field, NULL, &value) || value.kind != VALUE_STRING)
		return NULL;
	text = arena_copy(arena, value_text(value).ptr, value_text(value).len);
	for (char *ptr = text; *ptr; ptr++)
		if ((unsigned char)*ptr < 0x20 || *ptr == 0x7f)
			*ptr = '?';
	return text;
}

/* The description that the process pid wrote; false: it wrote none, it ended, or another wrote it.
 */
static bool read_description(const struct lock *lock, int pid, struct value *description)
{
	const char *name = description_name(lock, pid);
	struct json_error error;
	struct stat status;
	struct value began;
	struct text text;
	uint64_t start;
	unsigned user;

	return look_at_process(pid, lock->arena, &start, &user) &&
	       fstatat(lock->folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       status.st_uid == user && S_ISREG(status.st_mode) &&
	       file_read(lock->folder, name, DESCRIPTION_MAX, lock->arena, &text) == 0 &&
	       json_read(text, lock->arena, description, &error) &&
	       description->kind == VALUE_MAP && value_field(*description, "start", NULL, &began) &&
	       began.kind == VALUE_INT && began.integer == (int64_t)start;
}

void lock_describe(const struct lock *lock, struct lock_holder *holder)
{
	struct value description;
	uint64_t start;
	unsigned user;

	*holder = (struct lock_holder){ .pid = find_holder(lock) };
	if (!holder->pid)
		return;
	if (look_at_process(holder->pid, lock->arena, &start, &user))
		holder->user = store_user(user, lock->arena);
	if (!read_description(lock, holder->pid, &description))
		return;
	holder->host = lock_field(description, "host", lock->arena);
	holder->run = lock_field(description, "run", lock->arena);
	holder->document = lock_field(description, "document", lock->arena);
	holder->since = lock_field(description, "since", lock->arena);
	holder->doing = lock_doing(&description, user, lock->arena);
}

/* What holders that were killed left behind; of others' files the sticky folder keeps us away. */
static void sweep(const struct lock *lock)
{
	const char *start = arena_format(lock->arena, "%s.", lock->file);
	int fd = openat(lock->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		struct value description;
		int pid;

		if (text_starts(text_of(entry->d_name), start) &&
		    sscanf(entry->d_name + strlen(start), "%d", &pid) == 1 &&
		    !read_description(lock, pid, &description))
			unlinkat(lock->folder, entry->d_name, 0);
	}
	closedir(folder);
}

void lock_remember(const struct lock *lock, const struct lock_request *request)
{
	struct value_map_builder map;
	struct buffer json;
	char host[256] = "";
	uint64_t start = 0;
	unsigned user;

	sweep(lock);
	look_at_process(getpid(), lock->arena, &start, &user);
	gethostname(host, sizeof(host) - 1);
	value_map_init(&map, lock->arena);
	value_map_set(&map, "pid", value_int(getpid()));
	value_map_set(&map, "start", value_int((int64_t)start));
	value_map_set(&map, "user", value_cstring(store_user(geteuid(), lock->arena)));
	value_map_set(&map, "host", value_cstring(host));
	value_map_set(&map, "run", value_cstring(request->run_id));
	value_map_set(&map, "document", value_cstring(request->document));
	if (request->run_path)
		value_map_set(&map, "folder", value_cstring(request->run_path));
	value_map_set(&map, "since",
		      value_cstring(clock_utc(clock_wall(&clock_system), lock->arena)));
	buffer_init(&json, lock->arena);
	keep_write(&json, value_map_end(&map), true);
	file_write(lock->folder, description_name(lock, getpid()), buffer_text(&json),
		   S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
}

void lock_forget(const struct lock *lock)
{
	unlinkat(lock->folder, description_name(lock, getpid()), 0);
}
