/** A copy of all data, as it was at one moment. */
export interface Backup {
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
  /** Lets the copy go. Never rejects. */
  close(): Promise<void>;
}
