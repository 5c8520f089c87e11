/*
 * Libraries read the environment behind our back: proxies, key logs, PG... variables, a home
 * folder with credentials. Around calls that do so the environment is hidden: it is empty but for
 * a HOME that does not exist.
 */
#ifndef IO_ENVIRONMENT_H
#define IO_ENVIRONMENT_H

/* Gives what environment_restore takes. */
char **environment_hide(void);
void environment_restore(char **environment);

#endif
