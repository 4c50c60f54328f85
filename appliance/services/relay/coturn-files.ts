import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * coturn believes in a secret of its config file only while it can also look for more in
 * a database (its `get_auth_secrets`); these tables, as in its schema.sql, stay empty.
 */
const emptyTables = `
  CREATE TABLE turn_secret (realm, value);
  CREATE TABLE turnusers_lt (realm, name, hmackey);
  CREATE TABLE allowed_peer_ip (realm, ip_range);
  CREATE TABLE denied_peer_ip (realm, ip_range);
  CREATE TABLE turn_origin_to_realm (origin, realm);
  CREATE TABLE turn_realm_option (realm, opt, value);
`;

/** A directory for one run of coturn, closed to other users. */
export interface CoturnFiles {
  /** Path of the config file. */
  readonly settings: string;
  remove(): Promise<void>;
}

/** Writes what coturn reads; `settings` is told the path of the database. */
export async function writeCoturnFiles(
  settings: (database: string) => string,
): Promise<CoturnFiles> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-coturn-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const database = join(directory, 'database');
    const tables = new DatabaseSync(database);
    tables.exec(emptyTables);
    tables.close();
    const path = join(directory, 'turnserver.conf');
    await writeFile(path, settings(database), { mode: 0o600 });
    return { settings: path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
