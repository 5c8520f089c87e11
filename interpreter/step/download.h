/*
 * What the parts of the verb download share. download.c is its table and its way from one part to
 * the next, download_file.c the file that is there and the one that comes, download_signature.c who
 * signed it, download_check.c the rules across its fields.
 */
#ifndef STEP_DOWNLOAD_H
#define STEP_DOWNLOAD_H

#include "base/file.h"
#include "base/sha256.h"
#include "step/http.h"

struct download_signature {
	const char *file;
	struct text url;
	const char *minisign_key;
	const char *keyring;
	const char *fingerprint;
};

struct download_args {
	struct text url;
	const char *to;
	const char *sha256;
	struct download_signature signature;
	const char *version;
	bool downgrade;
	int64_t max_size;
	const char *mode;
	struct http_reach reach;
};

/* A file whose bytes are looked at: the one that is there, or the draft of the new one. */
struct specimen {
	int fd; /* -1: there is none */
	int64_t size;
	struct sha256 sha256;
	struct blake2b *blake2b; /* NULL: no signature is over it */
	char hex[SHA256_HEX];
	unsigned char digest[BLAKE2B_SIZE];
};

/* Why a file is refused. */
struct refusal {
	const char *message; /* NULL: it is not */
	const char *expected, *actual;
};

struct download {
	struct task *task;
	const struct download_args *args;
	const char *path; /* of the target */
	mode_t mode;

	const struct http_driver *http;
	struct http_call call;
	bool sending;
	void (*next)(struct download *download);

	const struct verify_driver *verify; /* NULL without minisign */
	struct minisign_key key;
	struct minisign minisign;
	struct text signature;   /* the signature file's bytes; borrowed from the arena */
	struct process *process; /* gpgv, while it runs */
	bool stopping;
	struct captured status;
	void (*judged)(struct download *download, const struct refusal *refusal);

	struct timer timer; /* for the next piece of the present file */
	char *piece;
	struct specimen present;
	struct specimen made;
	struct file_draft draft;
	int error; /* of writing the draft: an errno value */

	/* For the outputs. */
	bool changed;
	const char *signer;
};

/* ---- download.c: the ends ---- */

/* Each ends the attempt, and leaves nothing behind. */
void download_finish(struct download *download, const struct outcome *outcome,
		     struct value outputs);
void download_fail(struct download *download, const char *class, enum diag_code code,
		   const char *format, ...) __attribute__((format(printf, 4, 5)));
void download_fail_errno(struct download *download, int error, const char *doing, const char *path);
/* A request failed, or was answered with another status than 200. */
bool download_answered(struct download *download, const struct http_result *result);
/* Sends a GET; own: with the author's headers and credentials. */
void download_send(struct download *download, struct text url, bool own);

/* ---- download_file.c ---- */

/* Opens the file that is there, if one is. False after a failure: nothing can take its name. */
bool download_look(struct download *download);
/* Makes a digest of it, piece by piece, then goes on with next. */
void download_examine(struct download *download, void (*next)(struct download *download));
/* Begins the draft. */
bool download_draft(struct download *download);
bool specimen_begin(struct download *download, struct specimen *specimen, int fd);
bool specimen_add(struct download *download, struct specimen *specimen, struct text bytes);
bool specimen_end(struct download *download, struct specimen *specimen);
void specimen_close(struct specimen *specimen);

/* ---- download_signature.c ---- */

/* Gets the signature, where one is wanted, and reads it; then goes on with next. */
void download_load_signature(struct download *download, void (*next)(struct download *download));
/* Looks whether a specimen is what is wanted; then calls judged, or the step has failed. */
void download_judge(struct download *download, struct specimen *specimen,
		    void (*judged)(struct download *download, const struct refusal *refusal));

/* ---- download_check.c ---- */

bool download_check(const struct bound *bound, struct span span, struct diags *diags);
/* The same of what values have brought. False after a failure. */
bool download_check_values(struct download *download);

#endif
