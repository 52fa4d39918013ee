/// The tables of a usage store, and the marks by which a file is known to be one.
enum StoreSchema {
    /// "UAst" as a 32-bit number: the application id in the header of the file.
    static let applicationID: Int64 = 0x5541_7374
    /// Raised when the tables change.
    static let version: Int64 = 2

    private static let tables = """
        CREATE TABLE records (
            key INTEGER PRIMARY KEY,
            identity TEXT NOT NULL,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            source TEXT NOT NULL,
            name TEXT NOT NULL,
            usage TEXT,
            members TEXT NOT NULL,
            body BLOB NOT NULL
        );
        CREATE INDEX records_by_usage ON records (usage) WHERE usage IS NOT NULL;
        CREATE TABLE set_aside (
            identity TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            source TEXT NOT NULL,
            bytes BLOB NOT NULL
        );
        CREATE TABLE incidents (
            incidentId TEXT PRIMARY KEY,
            state TEXT NOT NULL,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            severity TEXT NOT NULL,
            document TEXT NOT NULL,
            updatedAt INTEGER NOT NULL,
            version INTEGER NOT NULL
        );
        CREATE INDEX incidents_by_start ON incidents (start);
        CREATE TABLE totals (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO totals VALUES ('records', 0), ('incidentVersions', 0);
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """

    /// From the tables of version 1, whose incidents had no versions: each counts as the first of itself.
    private static let fromVersion1 = """
        ALTER TABLE incidents ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
        INSERT INTO totals VALUES ('incidentVersions', 0);
        PRAGMA user_version = 2;
        """

    /// Makes an empty file a store, brings one of an earlier version to this one and refuses every other file that is not one, unchanged.
    static func prepare(_ connection: Connection) throws {
        if try isEmpty(connection) {
            // Both have to stand before the first table; a write-ahead log lets others read while a run writes.
            try connection.execute("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL")
            try connection.transaction {
                // Another process may have been faster.
                if try isEmpty(connection) {
                    try connection.execute(tables)
                }
            }
        }
        guard try connection.integer("PRAGMA application_id") == applicationID else {
            throw StoreFailure.notAStore(path: connection.path, evidence: "an SQLite database of another program")
        }
        if try connection.integer("PRAGMA user_version") == 1 {
            try connection.transaction {
                // Another process may have been faster.
                if try connection.integer("PRAGMA user_version") == 1 { try connection.execute(fromVersion1) }
            }
        }
        let found = try connection.integer("PRAGMA user_version")
        guard found == version else {
            throw StoreFailure.newerSchema(path: connection.path, version: found)
        }
        // After kill -9 every committed batch is there. After a power cut the last batches may be missing, the file is whole,
        // and the next run adds them again.
        try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        // 32 MiB of pages; a checkpoint after about as much, so that a batch does not wait for the disk each time.
        // Debian's SQLite overwrites what is deleted with zeros, which slows every split of a page; records are no secrets here.
        try connection.execute(
            "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 2048; PRAGMA secure_delete = OFF"
        )
    }

    private static func isEmpty(_ connection: Connection) throws -> Bool {
        try connection.integer("SELECT count(*) FROM sqlite_schema") == 0
            && connection.integer("PRAGMA application_id") == 0
            && connection.integer("PRAGMA user_version") == 0
    }
}
