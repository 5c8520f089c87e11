/* The floor of `sql` steps: floor_postgres COUNT URI QUERY runs a query with one parameter, 1, 2,
 * and so on, over one connection. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <libpq-fe.h>

static bool run(PGconn *connection, const char *query, int number)
{
	char text[16];
	const char *parameter = text;
	PGresult *result;
	bool good;

	snprintf(text, sizeof(text), "%d", number);
	result = PQexecParams(connection, query, 1, NULL, &parameter, NULL, NULL, 0);
	good = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
	PQclear(result);
	return good;
}

int main(int argc, char **argv)
{
	PGconn *connection = argc == 4 ? PQconnectdb(argv[2]) : NULL;

	if (!connection || PQstatus(connection) != CONNECTION_OK)
		return 1;
	for (int i = 1, count = atoi(argv[1]); i <= count; i++)
		if (!run(connection, argv[3], i))
			return 1;
	PQfinish(connection);
	return 0;
}
