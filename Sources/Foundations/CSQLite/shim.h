// SQLite's C interface, and one call whose last argument is a macro with a cast in it, which Swift cannot import.
#include <sqlite3.h>

// Binds a copy of a text of so many bytes.
static inline int sqliteBindText(sqlite3_stmt *statement, int place, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, place, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}
