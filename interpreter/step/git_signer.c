/*
 * Whose signature a tag bears: ssh-keygen and gpgv say it, of keys that the step names. A signature
 * alone proves nothing, since anybody can make one; and so that it is this tag's, it counts only
 * when the tag gives itself the name under which it was found, and is of a commit.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "step/git.h"

#define KEYS_MAX (16 << 20) /* bytes of a file of keys */

/* ---- the keys ------------------------------------------------------------------------------ */

static bool key_file_read(struct task *task, const char *field, const char *path,
			  struct text *bytes)
{
	int error = file_read(AT_FDCWD, path, KEYS_MAX, task->arena, bytes);
	const struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = io_class_name(io_class_of_errno(error)),
		.code = RB0406,
		.message = arena_format(task->arena, "cannot read the keys of %s: %s", path,
					strerror(error)),
		.untouched = true,
		.field = field,
	};
	if (error)
		task_finish(task, &outcome, value_null());
	return !error;
}

bool git_keys_are_good(struct task *task, const struct git_args *args)
{
	struct text bytes;
	if (args->allowed_signers &&
	    !key_file_read(task, "allowed_signers", task_path(task, args->allowed_signers), &bytes))
		return false;
	if (!args->keyring)
		return true;
	const char *path = task_path(task, args->keyring);
	if (!key_file_read(task, "keyring", path, &bytes))
		return false;
	struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = "refused",
		.code = RB0406,
		.message = arena_format(task->arena, "%s is armored, which gpgv does not read",
					path),
		.untouched = true,
		.field = "keyring",
	};
	if (!text_starts(bytes, "-----BEGIN PGP"))
		return true;
	outcome_line_add(task, &outcome, "hint", "Make a keyring of it: gpg --dearmor %s",
			 args->keyring);
	task_finish(task, &outcome, value_null());
	return false;
}

/* ---- the verdict --------------------------------------------------------------------------- */

static void done(struct question_git *git, const char *signer)
{
	if (git->signature >= 0)
		close(git->signature);
	git->signature = -1;
	git->known.signer = signer;
	git_succeed(git);
}

/* That nobody has signed it is an answer; why stands in the step's output. */
static void nobody(struct question_git *git, const char *why)
{
	struct buffer line;
	buffer_init(&line, git->task->arena);
	buffer_puts(&line, "tag ");
	text_neutralise(&line, text_of(git->args->tag), false);
	buffer_printf(&line, ": no signer: %s\n", why);
	task_output(git->task, 2, buffer_text(&line));
	done(git, "");
}

/* ---- OpenPGP ------------------------------------------------------------------------------- */

static void on_gpgv_ended(struct question_git *git, const struct process_end *end)
{
	struct arena *arena = git->task->arena;
	const char *signer = "";
	const char *why = gpgv_refusal(buffer_text(&git->program.output.bytes), &signer, arena);
	if (!why && (git->program.output.over || !git_program_good(end)))
		why = arena_format(arena, "gpgv ended with %d", end->code);
	if (why)
		nobody(git, why);
	else
		done(git, signer);
}

static void ask_gpgv(struct question_git *git)
{
	struct task *task = git->task;
	const char *keyring = task_path(task, git->args->keyring);
	const char *words[] = { "gpgv", "--status-fd",       "1", "--keyring", keyring,
				"--",   git->signature_path, "-", NULL };
	const char **argv = arena_array(task->arena, const char *, 9);
	memcpy(argv, words, sizeof(words));
	git_program_run(git, argv, git->known.facts->tag.payload, "gpgv", on_gpgv_ended);
}

/* ---- OpenSSH ------------------------------------------------------------------------------- */

static void ask_about_principal(struct question_git *git);

static void run_ssh_keygen(struct question_git *git, const char *what, const char *principal,
			   void (*ended)(struct question_git *git, const struct process_end *end))
{
	struct task *task = git->task;
	const char *keys = task_path(task, git->args->allowed_signers);
	const char *words[] = { "ssh-keygen",
				"-Y",
				what,
				"-f",
				keys,
				"-s",
				git->signature_path,
				principal ? "-n" : NULL,
				"git",
				"-I",
				principal,
				NULL };
	const char **argv = arena_array(task->arena, const char *, 12);
	memcpy(argv, words, sizeof(words));
	git_program_run(git, argv, principal ? git->known.facts->tag.payload : (struct text){ 0 },
			"ssh-keygen", ended);
}

static void on_verified(struct question_git *git, const struct process_end *end)
{
	static const char verdict[] = "Good \"git\" signature for ";
	struct text principal = git_line(&git->principals);
	if (git_program_good(end) && text_starts(buffer_text(&git->program.output.bytes), verdict))
		done(git, arena_text(git->task->arena, principal).ptr);
	else
		ask_about_principal(git);
}

/* A key may be allowed for several, of whom one suffices. "!bob" says who is not meant. */
static void ask_about_principal(struct question_git *git)
{
	struct text rest = git->principals;
	struct text principal = git_line(&rest);
	while (principal.len > 0 && principal.ptr[0] == '!') {
		git->principals = rest;
		principal = git_line(&rest);
	}
	if (principal.len == 0)
		nobody(git, "the signature is not one that allowed_signers allows");
	else
		run_ssh_keygen(git, "verify", arena_text(git->task->arena, principal).ptr,
			       on_verified);
}

static void on_principals(struct question_git *git, const struct process_end *end)
{
	if (!git_program_good(end) || git->program.output.over) {
		nobody(git, "its key is none that is valid in allowed_signers");
		return;
	}
	git->principals = arena_text(git->task->arena, buffer_text(&git->program.output.bytes));
	ask_about_principal(git);
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void close_signature(void *data)
{
	struct question_git *git = data;
	if (git->signature >= 0)
		close(git->signature);
}

/* Programs read the signature from our descriptor: it has no name that anybody else could use. */
static bool keep_signature(struct question_git *git)
{
	int error = 0;
	git->signature = memfd_create("signature", MFD_CLOEXEC);
	if (git->signature < 0)
		error = errno;
	else
		arena_defer(git->task->arena, close_signature, git);
	if (!error)
		error = file_write_all(git->signature, git->known.facts->tag.signature);
	git->signature_path = arena_format(git->task->arena, "/proc/%d/fd/%d", (int)getpid(),
					   git->signature);
	if (error)
		task_fail(git->task, "resource", RB0411, value_null(),
			  "cannot keep the signature of the tag: %s", strerror(error));
	return !error;
}

static const char *unsigned_why(const struct git_tag_facts *tag)
{
	if (!tag->exists)
		return "there is no such tag";
	if (!tag->annotated)
		return "it is a lightweight tag, which cannot be signed";
	if (!tag->is_signed)
		return "it is annotated and not signed, or signed under another name";
	if (!tag->commit[0])
		return "it is not of a commit";
	return tag->signature.len == 0 ? "it is too long" : NULL;
}

static void verify(struct question_git *git)
{
	switch (tag_signature_kind(git->known.facts->tag.signature)) {
	case TAG_SIGNED_OPENPGP:
		if (!git->args->keyring)
			nobody(git, "it has an OpenPGP signature, and no keyring is given");
		else if (keep_signature(git))
			ask_gpgv(git);
		return;
	case TAG_SIGNED_SSH:
		if (!git->args->allowed_signers)
			nobody(git, "it has an SSH signature, and no allowed_signers are given");
		else if (keep_signature(git))
			run_ssh_keygen(git, "find-principals", NULL, on_principals);
		return;
	case TAG_SIGNED_X509:
	case TAG_UNSIGNED:
		nobody(git, "it has an X.509 signature, which nobody checks here");
	}
}

void git_verify(struct question_git *git)
{
	bool keys = git->args->keyring || git->args->allowed_signers;
	const char *why;
	if (!keys || !git->args->tag || !task_asked(git->task, "tag", "signer")) {
		git_succeed(git);
		return;
	}
	why = unsigned_why(&git->known.facts->tag);
	if (why)
		nobody(git, why);
	else
		verify(git);
}
