#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "fixture.h"

#define STARTERS 50

/* The folder for locks is made inside the fixture's own. */
static struct lock_request request_for(struct fixture *fixture, const char *name)
{
	return (struct lock_request){
		.name = name,
		.run_id = "20260302T130211Z-7K3Q",
		.document = "release-v1.yaml",
		.folder = file_join(fixture->folder, "locks-of-the-machine", &fixture->arena),
	};
}

static enum lock_result take(struct fixture *fixture, const char *name, struct arena *arena,
			     struct lock_answer *answer)
{
	struct lock_request request = request_for(fixture, name);

	return lock_take(&request, &fixture->store, arena, answer);
}

/* Files in the folder for locks; *lock is the last that is no description. */
static size_t files(struct fixture *fixture, const char **lock)
{
	DIR *folder = opendir(request_for(fixture, "").folder);
	size_t count = 0;

	assert_non_null(folder);
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		if (text_ends(text_of(entry->d_name), ".lock"))
			*lock = arena_string(&fixture->arena, entry->d_name);
	}
	closedir(folder);
	return count;
}

static void a_lock_has_one_holder_and_ends_with_its_arena(void **state)
{
	struct fixture *fixture = *state;
	struct lock_answer answer;
	struct arena first, second;
	struct stat status;
	const char *lock = NULL;

	arena_init(&first);
	arena_init(&second);
	assert_int_equal(take(fixture, "prod", &first, &answer), LOCK_TAKEN);
	assert_null(answer.notice);
	assert_true(text_ends(text_of(answer.path), "/prod.lock"));
	assert_int_equal(stat(answer.path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0444);
	assert_int_equal(stat(request_for(fixture, "").folder, &status), 0);
	assert_int_equal(status.st_mode & 07777, 01777);
	assert_int_equal(take(fixture, "prod", &second, &answer), LOCK_HELD);
	assert_int_equal(take(fixture, "test", &second, &answer), LOCK_TAKEN);
	arena_reset(&second);
	arena_reset(&first);
	assert_int_equal(take(fixture, "prod", &second, &answer), LOCK_TAKEN);
	arena_done(&second);
	arena_done(&first);
	/* the lock's files stay, the descriptions went */
	assert_int_equal(files(fixture, &lock), 2);
}

static void the_holder_is_described(void **state)
{
	struct fixture *fixture = *state;
	struct lock_answer answer;
	struct arena arena;
	char host[256] = "";

	arena_init(&arena);
	gethostname(host, sizeof(host) - 1);
	assert_int_equal(take(fixture, "prod", &fixture->arena, &answer), LOCK_TAKEN);
	assert_int_equal(take(fixture, "prod", &arena, &answer), LOCK_HELD);
	assert_int_equal(answer.holder.pid, getpid());
	assert_string_equal(answer.holder.user, store_user(geteuid(), &arena));
	assert_string_equal(answer.holder.host, host);
	assert_string_equal(answer.holder.run, "20260302T130211Z-7K3Q");
	assert_string_equal(answer.holder.document, "release-v1.yaml");
	assert_int_equal(strlen(answer.holder.since), strlen("2026-03-02T13:02:11.000Z"));
	arena_done(&arena);
}

static const char *description_of(struct fixture *fixture, const char *lock_path)
{
	return arena_format(&fixture->arena, "%s.%d", lock_path, getpid());
}

static void a_description_that_is_not_the_holders_is_ignored(void **state)
{
	static const char *const forged[] = {
		"{\"pid\":1,\"start\":1,\"document\":\"old.yaml\"}",
		"{\"document\":\"old.yaml\"}",
		"not json",
		"",
	};
	struct fixture *fixture = *state;
	struct lock_answer answer;
	struct arena arena;

	arena_init(&arena);
	assert_int_equal(take(fixture, "prod", &fixture->arena, &answer), LOCK_TAKEN);
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		fixture_write(description_of(fixture, answer.path), text_of(forged[i]));
		assert_int_equal(take(fixture, "prod", &arena, &answer), LOCK_HELD);
		assert_int_equal(answer.holder.pid, getpid());
		assert_null(answer.holder.document);
		assert_non_null(answer.holder.user);
	}
	arena_done(&arena);
}

static void descriptions_cannot_disturb_a_screen(void **state)
{
	struct fixture *fixture = *state;
	struct lock_request request = request_for(fixture, "prod");
	struct lock_answer answer;
	struct arena arena;

	arena_init(&arena);
	request.document = "a\x1b[2Jb\n";
	assert_int_equal(lock_take(&request, &fixture->store, &fixture->arena, &answer),
			 LOCK_TAKEN);
	assert_int_equal(take(fixture, "prod", &arena, &answer), LOCK_HELD);
	assert_string_equal(answer.holder.document, "a?[2Jb?");
	arena_done(&arena);
}

static void names_become_file_names(void **state)
{
	static const char *const names[] = {
		"retaia-production", "a/b", "..", ".", "", "a%2Fb", "a b", "\xc3\xa4", "A", "a"
	};
	struct fixture *fixture = *state;
	struct lock_answer answer;
	const char *lock = NULL;
	char longest[1001];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(take(fixture, names[i], &fixture->arena, &answer), LOCK_TAKEN);
	memset(longest, 'x', 1000);
	longest[1000] = '\0';
	assert_int_equal(take(fixture, longest, &fixture->arena, &answer), LOCK_TAKEN);
	assert_true(strlen(file_basename(answer.path)) < 128);
	longest[999] = 'y';
	assert_int_equal(take(fixture, longest, &fixture->arena, &answer), LOCK_TAKEN);
	assert_int_equal(files(fixture, &lock), 2 * (sizeof(names) / sizeof(names[0]) + 2));
}

static void without_its_folder_the_state_folder_serves(void **state)
{
	struct fixture *fixture = *state;
	struct lock_request request = request_for(fixture, "prod");
	struct lock_answer answer;
	struct arena arena;

	arena_init(&arena);
	request.folder = "/proc/no/such/folder";
	assert_int_equal(lock_take(&request, &fixture->store, &arena, &answer), LOCK_TAKEN);
	assert_non_null(strstr(answer.notice, "cannot use '/proc/no/such/folder'"));
	assert_non_null(strstr(answer.notice, fixture->folder));
	assert_true(text_starts(text_of(answer.path), fixture->folder));
	assert_int_equal(lock_take(&request, &fixture->store, &fixture->arena, &answer), LOCK_HELD);
	arena_done(&arena);
	assert_int_equal(lock_take(&request, &fixture->store, &fixture->arena, &answer),
			 LOCK_TAKEN);
}

static void a_folder_that_is_open_to_all_without_the_sticky_bit_is_not_used(void **state)
{
	struct fixture *fixture = *state;
	struct lock_answer answer;

	assert_int_equal(mkdir(request_for(fixture, "").folder, 0700), 0);
	assert_int_equal(chmod(request_for(fixture, "").folder, 0777), 0);
	assert_int_equal(take(fixture, "prod", &fixture->arena, &answer), LOCK_TAKEN);
	assert_non_null(answer.notice);
}

static void what_squats_on_the_name_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct lock_answer answer;

	assert_int_equal(take(fixture, "first", &fixture->arena, &answer), LOCK_TAKEN);
	assert_int_equal(mkfifo(arena_format(&fixture->arena, "%s/fifo.lock",
					     request_for(fixture, "").folder),
				0666),
			 0);
	assert_int_equal(take(fixture, "fifo", &fixture->arena, &answer), LOCK_FAILED);
	assert_non_null(strstr(answer.error.message, "cannot lock"));
	assert_int_equal(symlink("/etc/passwd", arena_format(&fixture->arena, "%s/link.lock",
							     request_for(fixture, "").folder)),
			 0);
	assert_int_equal(take(fixture, "link", &fixture->arena, &answer), LOCK_FAILED);
}

/* A fork that does not outlive us. */
static pid_t child_of_test(void)
{
	pid_t child = fork();

	if (child == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

static void children_do_not_inherit_it(void **state)
{
	struct fixture *fixture = *state;
	struct lock_answer answer;
	struct arena arena;
	pid_t child;

	arena_init(&arena);
	assert_int_equal(take(fixture, "prod", &arena, &answer), LOCK_TAKEN);
	child = child_of_test();
	if (child == 0) {
		execl("/bin/sleep", "sleep", "60", (char *)NULL);
		_exit(127);
	}
	/* until it has become another program */
	for (int i = 0; i < 500; i++) {
		struct text name;

		assert_int_equal(file_read(AT_FDCWD,
					   arena_format(&fixture->arena, "/proc/%d/comm", child),
					   100, &fixture->arena, &name),
				 0);
		if (text_is(name, "sleep\n"))
			break;
		usleep(10000);
	}
	arena_done(&arena);
	assert_int_equal(take(fixture, "prod", &fixture->arena, &answer), LOCK_TAKEN);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void a_killed_holder_frees_it_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct lock_answer answer;
	const char *lock = NULL;
	int ready[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = child_of_test();
	if (child == 0) {
		enum lock_result result = take(fixture, "prod", &fixture->arena, &answer);

		if (write(ready[1], "x", 1) != 1 || result != LOCK_TAKEN)
			_exit(1);
		pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(take(fixture, "prod", &fixture->arena, &answer), LOCK_HELD);
	assert_int_equal(answer.holder.pid, child);
	assert_string_equal(answer.holder.document, "release-v1.yaml");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(take(fixture, "prod", &fixture->arena, &answer), LOCK_TAKEN);
	/* the dead one's description was swept away */
	assert_int_equal(files(fixture, &lock), 2);
	close(ready[0]);
	close(ready[1]);
}

/* Whoever made the files: any user can lock them, and each holder describes himself. */
static void locks_are_shared_among_users(void **state)
{
	struct fixture *fixture = *state;
	struct lock_answer answer;
	int ready[2];
	char byte;
	pid_t child;

	if (geteuid() != 0) {
		print_message("skipped: only root can become another\n");
		skip();
	}
	assert_int_equal(chmod(fixture->folder, 0711), 0);
	assert_int_equal(take(fixture, "other", &fixture->arena, &answer), LOCK_TAKEN);
	assert_int_equal(pipe(ready), 0);
	child = child_of_test();
	if (child == 0) {
		bool other = setgid(65534) == 0 && setuid(65534) == 0 &&
			     prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
		struct arena arena;

		arena_init(&arena);
		other = other && take(fixture, "other", &arena, &answer) == LOCK_HELD &&
			strcmp(answer.holder.user, "root") == 0 && answer.holder.document &&
			take(fixture, "prod", &arena, &answer) == LOCK_TAKEN && !answer.notice;
		if (write(ready[1], other ? "y" : "n", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	assert_int_equal(take(fixture, "prod", &fixture->arena, &answer), LOCK_HELD);
	assert_int_equal(answer.holder.pid, child);
	assert_string_equal(answer.holder.user, store_user(65534, &fixture->arena));
	assert_string_equal(answer.holder.document, "release-v1.yaml");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(take(fixture, "prod", &fixture->arena, &answer), LOCK_TAKEN);
	close(ready[0]);
	close(ready[1]);
}

/* Takes the lock until it was had once; two at a time would meet at the witness. */
static int starter(struct fixture *fixture, const char *witness)
{
	for (int tries = 0; tries < 20000; tries++) {
		struct lock_answer answer;
		struct arena arena;
		enum lock_result result;
		int fd;

		arena_init(&arena);
		result = take(fixture, "contended", &arena, &answer);
		if (result == LOCK_TAKEN) {
			fd = open(witness, O_WRONLY | O_CREAT | O_EXCL, 0600);
			if (fd < 0)
				return 2;
			close(fd);
			usleep(1000);
			if (unlink(witness) < 0)
				return 3;
			arena_done(&arena);
			return 0;
		}
		arena_done(&arena);
		if (result == LOCK_FAILED)
			return 4;
		usleep(2000);
	}
	return 5;
}

static void of_fifty_starters_one_holds_it_at_a_time(void **state)
{
	struct fixture *fixture = *state;
	const char *witness = file_join(fixture->folder, "witness", &fixture->arena);
	pid_t children[STARTERS];

	for (int i = 0; i < STARTERS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(starter(fixture, witness));
		assert_true(children[i] > 0);
	}
	for (int i = 0; i < STARTERS; i++) {
		int status = 1;

		waitpid(children[i], &status, 0);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(a_lock_has_one_holder_and_ends_with_its_arena),
		fixture_test(the_holder_is_described),
		fixture_test(a_description_that_is_not_the_holders_is_ignored),
		fixture_test(descriptions_cannot_disturb_a_screen),
		fixture_test(names_become_file_names),
		fixture_test(without_its_folder_the_state_folder_serves),
		fixture_test(a_folder_that_is_open_to_all_without_the_sticky_bit_is_not_used),
		fixture_test(what_squats_on_the_name_is_refused),
		fixture_test(children_do_not_inherit_it),
		fixture_test(a_killed_holder_frees_it_at_once),
		fixture_test(locks_are_shared_among_users),
		fixture_test(of_fifty_starters_one_holds_it_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
