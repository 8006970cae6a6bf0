/** Named bytes somewhere else. Each call may fail, and ends in bounded time. */
export interface ObjectStore {
  /** Undefined where there is none. */
  get(name: string): Promise<Buffer | undefined>;
  has(name: string): Promise<boolean>;
  /** All of it or nothing. */
  put(name: string, bytes: Uint8Array): Promise<void>;
}
