/* The floor of `sql` steps: floor_sqlite COUNT FILE QUERY runs a query with one parameter, 1, 2,
 * and so on, over one connection. */
#include <stdbool.h>
#include <stdlib.h>

#include <sqlite3.h>

static bool run(sqlite3 *database, const char *query, int number)
{
	sqlite3_stmt *statement;
	int row;

	if (sqlite3_prepare_v2(database, query, -1, &statement, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_int(statement, 1, number);
	row = sqlite3_step(statement);
	return row == SQLITE_ROW && sqlite3_column_text(statement, 0) &&
	       sqlite3_step(statement) == SQLITE_DONE && sqlite3_finalize(statement) == SQLITE_OK;
}

int main(int argc, char **argv)
{
	sqlite3 *database;

	if (argc != 4 || sqlite3_open(argv[2], &database) != SQLITE_OK)
		return 1;
	for (int i = 1, count = atoi(argv[1]); i <= count; i++)
		if (!run(database, argv[3], i))
			return 1;
	return sqlite3_close(database);
}
