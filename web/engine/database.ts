const stores = ['records', 'keys', 'parts'] as const;

/** The stores of the one IndexedDB database: small records, CryptoKeys, and parts of files. */
export type StoreName = (typeof stores)[number];

/** Opens the database, making it if this browser profile is new. */
export function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 2);
    opening.onupgradeneeded = () => {
      const { objectStoreNames } = opening.result;
      const missing = stores.filter((store) => !objectStoreNames.contains(store));
      for (const store of missing) opening.result.createObjectStore(store);
    };
    opening.onsuccess = () => {
      resolve(opening.result);
    };
    opening.onerror = () => {
      reject(new Error('the browser refused to open its database', { cause: opening.error }));
    };
  });
}

/** Result of one read. */
export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(new Error('the browser could not read its database', { cause: request.error }));
    };
  });
}

/** A transaction that asks for the disk (`strict`), not only for the system's cache. */
export function writing(database: IDBDatabase, store: StoreName): IDBTransaction {
  return database.transaction(store, 'readwrite', { durability: 'strict' });
}

/** Resolves when all of the transaction is on disk; rejects when none of it is. */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    const fail = (): void => {
      reject(new Error('the browser could not keep a change', { cause: transaction.error }));
    };
    transaction.onabort = fail;
    transaction.onerror = fail;
  });
}
