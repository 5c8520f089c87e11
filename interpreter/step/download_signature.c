/* Who signed a file: the signature, and what minisign's key or gpgv say of it. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "step/download.h"

#define SIGNATURE_MAX (64 << 10) /* bytes of a signature file */
#define LEGACY_MAX (64 << 20)    /* bytes of a file that is signed as a whole */
#define STATUS_MAX (64 << 10)    /* bytes that gpgv may tell */

/* ---- the signature ------------------------------------------------------------------------- */

static void read_signature(struct download *download)
{
	struct arena *arena = download->task->arena;
	const char *problem;
	if (!download->verify) {
		download->next(download);
		return;
	}
	minisign_read_key(text_of(download->args->signature.minisign_key), &download->key);
	problem = minisign_read(download->signature, &download->minisign);
	if (problem) {
		download_fail(download, "refused", RB0412, "this is no signature of minisign: %s",
			      problem);
		return;
	}
	if (memcmp(download->minisign.id, download->key.id, MINISIGN_ID) != 0) {
		download_fail(download, "refused", RB0412,
			      "it is signed by the key %s, not by the key %s",
			      minisign_id(download->minisign.id, arena),
			      minisign_id(download->key.id, arena));
		return;
	}
	download->next(download);
}

static void on_done(void *data, const struct http_result *result)
{
	struct download *download = data;
	if (!download_answered(download, result))
		return;
	download->signature = result->body;
	if (result->body_is_longer)
		download_fail(download, "resource", RB0412, "the signature is longer than %d bytes",
			      SIGNATURE_MAX);
	else
		read_signature(download);
}

/* Up to the path. */
static struct text origin_of(struct text url)
{
	size_t end = text_find(url, TEXT("://"), 0);
	end = end == SIZE_MAX ? 0 : end + 3;
	while (end < url.len && !memchr("/?#", url.ptr[end], 3))
		end++;
	return text_slice(url, 0, end);
}

void download_load_signature(struct download *download, void (*next)(struct download *download))
{
	const struct download_args *args = download->args;
	const struct download_signature *wanted = &args->signature;
	download->next = next;
	if (!wanted->minisign_key && !wanted->keyring) {
		next(download);
		return;
	}
	if (wanted->file) {
		const char *path = task_path(download->task, wanted->file);
		int error = file_read(AT_FDCWD, path, SIGNATURE_MAX, download->task->arena,
				      &download->signature);
		if (error)
			download_fail_errno(download, error, "read the signature", path);
		else
			read_signature(download);
		return;
	}
	download->call = (struct http_call){ .max_body = SIGNATURE_MAX, .done = on_done };
	download_send(download, wanted->url,
		      text_equal(origin_of(wanted->url), origin_of(args->url)));
}

/* ---- gpgv ---------------------------------------------------------------------------------- */

static void on_output(void *data, enum process_stream stream, struct text bytes)
{
	struct download *download = data;
	if (stream == PROCESS_STDOUT)
		captured_add(&download->status, bytes);
	else if (download->draft.fd >= 0) /* of the file that is there the answer is enough */
		task_output(download->task, 2, bytes);
}

static struct refusal gpgv_verdict(struct download *download, const struct process_end *end)
{
	const char *wanted = download->args->signature.fingerprint;
	struct arena *arena = download->task->arena;
	const char *why = gpgv_refusal(buffer_text(&download->status.bytes), &download->signer,
				       arena);
	if (!why && (download->status.over || end->signaled || end->code != 0))
		why = arena_format(arena, "gpgv ended with %d", end->code);
	if (!why && wanted && strcasecmp(wanted, download->signer) != 0)
		return (struct refusal){ "it is signed by another key", wanted, download->signer };
	return (struct refusal){ .message = why };
}

static void on_ended(void *data, const struct process_end *end)
{
	struct download *download = data;
	const struct outcome cancelled = { .status = OUTCOME_CANCELLED,
					   .class = "cancelled",
					   .untouched = true };
	struct refusal refusal;
	download->process = NULL;
	if (end->failure.class != IO_NONE) {
		download_fail(download, io_class_name(end->failure.class), RB0402, "%s",
			      end->failure.message);
		return;
	}
	if (end->stopped) {
		download_finish(download, &cancelled, value_null());
		return;
	}
	refusal = gpgv_verdict(download, end);
	download->judged(download, &refusal);
}

/* The file is named by our descriptor: what is checked is what was hashed, whatever happens to its
 * name. The status comes alone on its standard output, its words for people on the other. */
static void ask_gpgv(struct download *download, const struct specimen *specimen)
{
	static const struct process_calls calls = { NULL, on_output, on_ended };
	struct task *task = download->task;
	const char *keyring = task_path(task, download->args->signature.keyring);
	const char **argv = arena_array(task->arena, const char *, 9);
	const char *words[] = { "gpgv", "--status-fd", "1", "--keyring", keyring, "--", "-" };
	memcpy(argv, words, sizeof(words));
	argv[7] = arena_format(task->arena, "/proc/%d/fd/%d", (int)getpid(), specimen->fd);
	argv[8] = NULL;
	const struct process_args process = {
		.argv = argv,
		.env = task->env,
		.cwd = task->cwd,
		.input = download->signature,
		.calls = &calls,
		.data = download,
	};
	captured_init(&download->status, "status", STATUS_MAX, task->arena);
	download->process = process_start(task->services->loop, &process, task->arena);
}

/* ---- minisign ------------------------------------------------------------------------------ */

static const char *read_whole(struct download *download, const struct specimen *specimen,
			      struct text *whole)
{
	char *bytes;
	ssize_t count;
	if (specimen->size > LEGACY_MAX)
		return arena_format(download->task->arena,
				    "it is longer than %d MiB, and its signature is not over a "
				    "digest of it (minisign -H makes one)",
				    LEGACY_MAX >> 20);
	bytes = arena_alloc(download->task->arena, (size_t)specimen->size + 1);
	*whole = (struct text){ bytes, 0 };
	while (whole->len < (size_t)specimen->size) {
		count = pread(specimen->fd, bytes + whole->len, (size_t)specimen->size - whole->len,
			      (off_t)whole->len);
		if (count <= 0 && !(count < 0 && errno == EINTR))
			return "it could not be read again";
		whole->len += count > 0 ? (size_t)count : 0;
	}
	return NULL;
}

static const char *ask_minisign(struct download *download, const struct specimen *specimen)
{
	struct text message = { (const char *)specimen->digest, sizeof(specimen->digest) };
	const char *why = download->minisign.hashed ? NULL
						    : read_whole(download, specimen, &message);
	if (!why)
		why = minisign_refusal(download->verify, &download->minisign, &download->key,
				       message, download->task->arena);
	if (!why)
		download->signer = minisign_id(download->key.id, download->task->arena);
	return why;
}

/* ---- all of it ----------------------------------------------------------------------------- */

void download_judge(struct download *download, struct specimen *specimen,
		    void (*judged)(struct download *download, const struct refusal *refusal))
{
	const struct download_args *args = download->args;
	const struct refusal digest = { "the file has another digest", args->sha256,
					specimen->hex };
	download->judged = judged;
	if (args->sha256 && strcasecmp(args->sha256, specimen->hex) != 0)
		judged(download, &digest);
	else if (args->signature.keyring)
		ask_gpgv(download, specimen);
	else {
		const struct refusal signature = {
			.message = download->verify ? ask_minisign(download, specimen) : NULL
		};
		judged(download, &signature);
	}
}
