/* What the parts of the command explain share. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/cli.h"

/* A word that is explained, and what is near it. */
struct explaining {
	struct cli *cli;
	const char *word;
	struct buffer out;
	struct strings_list known; /* for "did you mean" */
	bool flawed;               /* it is a document with mistakes, which were told */
};

/* Whether the word is this name, which is known from now on. */
bool explain_is(struct explaining *explaining, const char *name);
/* Sets what follows off from what stands before. */
void explain_gap(struct buffer *out);

/* The standard library: all of it in short ("std"); one of it whole; one step of one. */
void explain_library(struct explaining *explaining);
/* A library that is a file. */
void explain_document(struct explaining *explaining);
/* now, and the fields of run and error. */
void explain_names(struct explaining *explaining);
/* The classes of failure; and one of them. */
void explain_classes(struct explaining *explaining);
void explain_class(struct explaining *explaining);
/* The effects; and one of them. */
void explain_effects(struct explaining *explaining);
/* A word that is a value of keys. */
void explain_values(struct explaining *explaining);
/* Calls visit for each row of the format with the mapping in which it stands: of every table, every
 * verb, and the maps in them. */
typedef void explain_visit(struct explaining *explaining, const char *place,
			   const struct field *row);
void explain_rows(struct explaining *explaining, explain_visit *visit);
/* The reference of all functions; and one of them. */
void explain_functions(struct explaining *explaining);
void explain_function(struct explaining *explaining);

#endif
